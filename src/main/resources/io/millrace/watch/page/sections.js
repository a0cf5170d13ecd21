// The parts of the page that are texts: each function fills one of them.
import {bytes, digits, element, ranked, seconds, short, time, whole} from './text.js';

const part = (id, ...children) => document.querySelector(`#${id}`).replaceChildren(...children.filter(Boolean));

export function header(status) {
  const state = document.querySelector('#state');
  if (state.textContent !== status.sentence) { // or a screen reader would say it each second
    state.textContent = status.sentence;
  }
  state.dataset.code = status.code;
  const now = [
    ['version', status.versionAge == null ? 'none' : whole(status.version)],
    ['examples/s', status.examplesPerSecond == null ? 'not known' : whole(status.examplesPerSecond)],
    ['newest version', status.versionAge == null ? 'not yet' : seconds(status.versionAge) + ' old'],
    ['lag', status.lag == null ? 'not known' : whole(status.lag) + ' records'],
    ['answers/s', status.answersPerSecond == null ? 'not known' : whole(status.answersPerSecond)],
  ];
  part('now', ...now.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
  const problem = document.querySelector('#problem');
  problem.hidden = !status.problem;
  problem.textContent = status.problem ?? '';
}

export function tiles(status, replica, metric) {
  const point = replica.points.at(-1);
  const held = replica.heldOut.at(-1);
  const list = [];
  const tile = (name, value, unit, bad) => list.push(element('div', {},
    element('dt', {}, name),
    element('dd', {class: bad ? 'value bad' : 'value'}, value),
    element('dd', {class: 'unit'}, unit)));
  if (point) {
    tile(metric ?? 'loss', digits(metric ? point.fadedMetrics[metric] : point.fadedLoss), 'prequential, faded');
    tile('loss', digits(point.loss), `mean of ${whole(point.evaluated)} examples`);
    if (held) {
      tile('held-out loss', digits(held.loss), `mean of ${whole(held.evaluated)} examples`);
    }
    if (replica.members.length > 0) {
      const heaviest = ranked(replica.members, point.memberWeights).at(-1);
      const best = ranked(replica.members, point.memberLosses)[0];
      if (heaviest && best) {
        tile('largest weight', digits(heaviest.number), heaviest.name);
        tile('lowest loss alone', digits(best.number), best.name);
      }
    }
    if (point.gradientNorm != null) {
      tile('gradient norm', digits(point.gradientNorm), 'L2, last step');
      tile('learning rate', digits(point.learningRate), 'last step');
    }
  }
  tile('learned in all', short(status.learned), 'examples, each once');
  tile('last report', seconds(status.reportAge), status.reportAge == null ? 'no report' : 'ago');
  tile('refused by the guard', whole(replica.refused),
    `${replica.members.length > 0 ? 'steps of members' : 'examples'} since the topic begins`, replica.refused > 0);
  tile('dead letters', whole(status.deadLetters), `in the topic, ${whole(status.deadLettersLastHour)} in the last hour`,
    status.deadLettersLastHour > 0);
  document.querySelector('#tiles .waiting')?.remove();
  document.querySelector('#tiles dl').replaceChildren(...list);
}

export function partitions({partitions: list, partitionCount: count, problem}) {
  const several = new Set(list.map(each => each.group)).size > 1;
  document.querySelector('#partitions div').replaceChildren(list.length === 0
    ? element('p', {class: 'nothing'}, `Not known. ${problem ?? 'The brokers have not answered yet.'}`)
    : element('ol', {class: 'rows'}, ...list.map(each => element('li', {},
      element('b', {}, `${each.topic}, ${each.partition}`),
      several ? element('span', {}, `for ${each.group}`) : null,
      element('span', {}, each.committed == null ? `nothing committed of ${whole(each.end)}`
        : `committed ${whole(each.committed)} of ${whole(each.end)}`),
      element('span', {}, `lag ${whole(each.lag)}`),
      element('span', {}, each.perSecond == null ? 'rate not known yet' : `${whole(each.perSecond)} records/s`),
      element('span', {}, each.holder ? 'read by ' : 'no member reads it',
        each.holder ? element('code', {}, each.holder) : null)))),
  count > list.length ? element('p', {class: 'nothing'}, `The ${list.length} of ${whole(count)} with the largest lag.`) : '');
}

export function letters(list) {
  document.querySelector('#letters div').replaceChildren(list.length === 0
    ? element('p', {class: 'nothing'}, 'No dead letters: every record could be used.')
    : element('ol', {class: 'rows'}, ...list.map(letter => element('li', {},
      element('p', {}, letter.cause || 'No cause: Millrace did not write this record.'),
      element('span', {}, time(letter.time)),
      element('span', {}, letter.topic ? `${letter.topic}, partition ${letter.partition}, offset ${letter.offset}` : 'unknown record'),
      element('span', {}, `${bytes(letter.bytes)}: `, element('code', {}, letter.value || 'empty'))))));
}

/** Whether a version follows another one without a gap is a question of hashes, not of numbers. */
function lineage(version, older) {
  if (!version.lineage) {
    return 'no lineage: an older Millrace wrote it';
  }
  if (version.predecessor == null) {
    return 'the first of its lineage';
  }
  return older && older.lineage === version.predecessor
    ? `follows ${whole(older.version)}`
    : ['follows ', element('code', {class: 'short', title: version.predecessor}, version.predecessor), ' (no longer in the topic)'];
}

export function versions(list, several) {
  document.querySelector('#versions div').replaceChildren(list.length === 0
    ? element('p', {class: 'nothing'}, 'No model yet: the first version appears when training has learned a mini-batch and committed it.')
    : element('ol', {class: 'rows'}, ...list.map((version, i) => element('li', {},
      element('b', {}, whole(version.version)),
      element('a', {href: `api/versions/${version.partition}/${version.version}`, download: '',
        'aria-label': `Download version ${whole(version.version)}`}, 'download'),
      several ? element('span', {}, `partition ${version.partition}`) : null,
      element('span', {}, time(version.time)),
      element('span', {}, version.loss == null ? 'not evaluated yet'
        : `loss ${digits(version.loss)} over ${short(version.evaluated)} examples`),
      element('span', {}, `${whole(version.parameters)} weights, ${bytes(4 * version.parameters)}`),
      element('span', {}, 'SHA-256 ', element('code', {class: 'short', title: version.sha256}, version.sha256)),
      element('span', {}, ...[lineage(version, list.slice(i + 1).find(each => each.partition === version.partition))].flat())))));
}

export function settings(view) {
  const place = document.querySelector('#settings div');
  if (!view) {
    place.replaceChildren(element('p', {class: 'nothing'}, 'Not known before the first version.'));
    return;
  }
  const keys = Object.keys(view.settings).sort();
  const open = place.querySelector('details')?.open ?? false;
  const all = element('details', {}, element('summary', {}, `All ${keys.length} settings of learning`),
    element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Settings of learning'},
      element('dl', {}, ...keys.flatMap(key => [element('dt', {}, key), element('dd', {}, view.settings[key])]))));
  all.open = open;
  place.replaceChildren(
    element('p', {}, element('b', {}, view.task), view.classes.length === 0 ? '' : ': ' + view.classes.join(', ')),
    element('p', {}, `${view.kind}: ${view.summary}`),
    view.topic ? element('p', {}, 'learns from ', element('code', {}, view.topic)) : '',
    keys.length === 0 ? '' : all);
}
