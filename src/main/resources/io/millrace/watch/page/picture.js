// What the page shows: the whole picture once, then what each record of the topics adds to it.

const MOST_POINTS = 4000; // then the whole picture is asked for again, which the server has thinned
const MOST_ROWS = 50;

export class Picture {
  constructor() {
    this.whole = null;
    this.status = null;
  }

  set(whole) {
    this.whole = whole;
    this.replicas = new Map(whole.replicas.map(replica => [replica.partition, replica]));
  }

  /** Whether there are more points than anybody can see. */
  get full() {
    return [...this.replicas.values()].some(replica => replica.points.length > MOST_POINTS);
  }

  apply(changes) {
    for (const change of changes) {
      this[change.kind](change);
    }
  }

  static emptyReplica() {
    return {members: [], points: [], heldOut: [], marks: [], refused: 0, details: null};
  }

  replica(partition) {
    if (!this.replicas.has(partition)) {
      this.replicas.set(partition, Picture.emptyReplica());
    }
    return this.replicas.get(partition);
  }

  reported(change) {
    if (change.anew) {
      this.replicas.delete(change.partition);
    }
    const replica = this.replica(change.partition);
    replica.members = change.members;
    replica.points.push(change.point);
    if (change.heldOut) {
      replica.heldOut.push(change.heldOut);
    }
    replica.marks.push(...change.marks);
    replica.refused += change.refused;
  }

  detailed({partition, details}) {
    this.replica(partition).details = details;
  }

  published(change) {
    this.deleted(change.version);
    this.whole.versions.unshift(change.version);
    this.whole.versions.splice(MOST_ROWS);
    this.replica(change.version.partition).marks.push(...change.marks);
    this.whole.view = change.model ?? this.whole.view;
  }

  deleted({partition, version}) {
    this.whole.versions = this.whole.versions.filter(each => each.partition !== partition || each.version !== version);
  }

  marked({partition, mark}) {
    this.replica(partition).marks.push(mark);
  }

  refused(change) {
    this.whole.letters.unshift(change.letter);
    this.whole.letters.splice(MOST_ROWS);
  }
}
