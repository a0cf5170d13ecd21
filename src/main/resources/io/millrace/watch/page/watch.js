// Wires the page: one stream of events in, sections and charts out.
import * as question from './ask.js';
import {Chart, joined} from './charts.js';
import * as fields from './fields.js';
import * as outcomes from './outcomes.js';
import {Picture} from './picture.js';
import * as sections from './sections.js';
import {digits, element, ranked, time, whole} from './text.js';

const SILENCE_MS = 10_000; // the server speaks each second
const RETRY_MS = 3000;
const REDRAW_MS = 300;
const AVERAGE = /-average$/;

const at = id => document.querySelector('#' + id);
const picture = new Picture();
let stream;
let heard = Date.now();
let position = ''; // of the last event
let lostSince = null;
let refusal = null; // why the server ended the stream
let due = false;
let described = null; // the declaration that the form was made for
let answered = null; // the version that answered last

const metricSelect = element('select', {'aria-label': 'Metric'});
const metricName = element('span');
const charts = {
  loss: new Chart(at('loss'), 'Loss: each example is predicted before it is learned', 'Loss over the stream', 320),
  metric: new Chart(at('metric'), ['Metric: ', metricName, metricSelect], 'Metric over the stream', 270),
  weights: new Chart(at('weights'), 'Weight of each member in the answer', 'Weights of the ensemble\'s members', 240),
  losses: new Chart(at('losses'), 'Loss of each member alone, mean of each report', 'Losses of the ensemble\'s members', 240),
  gradient: new Chart(at('gradient'), 'Gradient norm, L2, last step of each report', 'Gradient norm', 180),
  rate: new Chart(at('rate'), 'Learning rate, last step of each report', 'Learning rate', 180),
};

function connect() {
  stream?.close();
  heard = Date.now();
  stream = new EventSource('api/events' + (position ? '?after=' + encodeURIComponent(position) : ''));
  listen('status', status => picture.status = status);
  listen('whole', whole => picture.set(whole));
  listen('changes', changes => {
    picture.apply(changes);
    if (picture.full) {
      position = '';
      connect();
    }
  });
  listen('full', most => {
    refusal = `millrace shows ${most} pages at a time, and as many are open: close one of them.`;
  });
  stream.onerror = () => {
    lost();
    if (stream.readyState === EventSource.CLOSED) { // else the browser tries again by itself
      setTimeout(connect, RETRY_MS);
    }
  };
}

function listen(name, take) {
  stream.addEventListener(name, event => {
    heard = Date.now();
    lostSince = null;
    refusal = null;
    at('lost').hidden = true;
    position = event.lastEventId || position;
    take(JSON.parse(event.data));
    redraw();
  });
}

function lost() {
  lostSince ??= Date.now();
  at('lost').textContent = refusal
    ?? `No connection to millrace since ${time(lostSince)}: what you see is from then. Trying again; is it still running?`;
  at('lost').hidden = false;
  at('state').textContent = 'connection lost';
  at('state').dataset.code = 'lost';
}

/** A laptop that slept, or a server that hangs, closes no connection. */
setInterval(() => {
  if (Date.now() - heard > SILENCE_MS) {
    lost();
    connect();
  }
}, 2000);

function redraw() {
  if (!due) {
    due = true;
    setTimeout(() => requestAnimationFrame(() => {
      due = false;
      draw();
    }), REDRAW_MS);
  }
}

function draw() {
  if (picture.status && lostSince === null) {
    sections.header(picture.status);
    sections.partitions(picture.status);
  }
  if (!picture.whole) {
    document.querySelectorAll('.waiting').forEach(each => each.textContent = 'Reading the topics ...');
    return;
  }
  at('model').textContent = picture.whole.model;
  const replica = chosenReplica();
  const metric = chooseMetric(replica);
  if (picture.status) {
    sections.tiles(picture.status, replica, metric);
  }
  sections.letters(picture.whole.letters);
  sections.versions(picture.whole.versions, picture.replicas.size > 1);
  sections.settings(picture.whole.view);
  drawCurves(replica, metric);
  outcomes.show(replica.details, picture.whole.view);
  fields.show(replica.details);
  updateQuestion();
}

function updateQuestion() {
  const {view, model, versions} = picture.whole;
  const newest = versions[0]?.version;
  const place = document.querySelector('#ask div');
  if (place.querySelector('.waiting')) {
    place.replaceChildren(element('p', {class: 'nothing'}, 'No model yet: it answers from its first version on.'));
  }
  const declared = view && JSON.stringify([view.task, view.classes, view.settings]);
  if (view && declared !== described) {
    described = declared;
    question.describe(place, model).catch(() => described = null);
  } else if (view && newest !== answered) {
    question.ask();
  }
  answered = newest;
}

function chosenReplica() {
  const partitions = [...picture.replicas.keys()].sort((a, b) => a - b);
  const select = at('replica');
  at('which').hidden = partitions.length < 2;
  options(select, partitions.map(String));
  return partitions.length === 0 ? Picture.emptyReplica() : picture.replica(Number(select.value));
}

function chooseMetric(replica) {
  const names = Object.keys(replica.points.at(-1)?.fadedMetrics ?? {}).filter(name => name !== 'logLoss').sort();
  options(metricSelect, names);
  metricSelect.hidden = names.length < 2;
  metricName.textContent = names.length === 1 ? names[0] : '';
  return metricSelect.value || null;
}

function options(select, values) {
  if ([...select.options].map(option => option.value).join() !== values.join()) {
    const before = select.value;
    select.replaceChildren(...values.map(value => element('option', {}, value)));
    select.value = values.includes(before) ? before : values[0];
  }
}

function drawCurves(replica, metric) {
  const {points, heldOut, marks, members} = replica;
  const x = points.map(point => point.examples);
  const held = heldOut.map(point => point.examples);
  const curves = [
    {label: 'prequential, faded', colour: 'a', width: 2},
    {label: 'mean of each report', colour: 'c', width: 1, alpha: 0.55},
    ...(held.length === 0 ? [] : [{label: 'held out', colour: 'm4', width: 1.2}]),
  ];
  const lines = (faded, mean, out) => joined([[x, points.map(faded), points.map(mean)],
    ...(held.length === 0 ? [] : [[held, heldOut.map(out)]])]);
  show('loss', lines(point => point.fadedLoss, point => point.loss, point => point.loss), curves, marks);
  if (metric) {
    show('metric', lines(point => point.fadedMetrics[metric], point => point.metrics[metric], point => point.metrics[metric]),
      curves, marks);
  } else {
    show('metric', [[], []], curves.slice(0, 1), []);
  }
  at('metric').hidden = points.length > 0 && !metric;
  const ensemble = members.length > 0;
  for (const id of ['weights', 'losses']) {
    at(id).hidden = !ensemble;
  }
  for (const id of ['gradient', 'rate']) {
    at(id).hidden = ensemble || points.length === 0;
  }
  if (ensemble) {
    drawMembers('weights', x, members, points.map(point => point.memberWeights), marks, 'largest', -1);
    drawMembers('losses', x, members, points.map(point => point.memberLosses), marks, 'lowest', 0);
  } else if (points.length > 0) {
    show('gradient', [x, points.map(point => point.gradientNorm)], [{label: 'gradient norm', colour: 'a'}], marks);
    show('rate', [x, points.map(point => point.learningRate)], [{label: 'learning rate', colour: 'a'}], []);
  }
}

/** @param best which of the members, sorted by their newest numbers, the summary names */
function drawMembers(id, x, members, numbers, marks, word, best) {
  const bases = [...new Set(members.map(name => name.replace(AVERAGE, '')))];
  const series = members.map(label => ({ // what averages another one has its colour
    label, colour: 'm' + bases.indexOf(label.replace(AVERAGE, '')) % 7, width: 1.4, dashed: AVERAGE.test(label),
  }));
  const newest = ranked(members, numbers.at(-1));
  charts[id].draw([x, ...members.map((name, i) => numbers.map(each => each[i]))], series, marks,
    newest.length === 0 ? 'No number yet.'
      : `Now the ${word}: ${newest.at(best).name} with ${digits(newest.at(best).number)}, of ${members.length} experts.`);
}

function show(id, data, series, marks) {
  charts[id].draw(data, series, marks, summary(data, series, marks));
}

/** In a sentence what the first line of a chart shows. */
function summary([x, ...columns], series, marks) {
  const numbers = (columns[0] ?? []).filter(number => number != null);
  if (numbers.length === 0) {
    return 'No report yet: the first one comes when training has learned a mini-batch.';
  }
  const extremes = numbers.reduce(([low, high], number) => [Math.min(low, number), Math.max(high, number)], [Infinity, -Infinity]);
  return `${series[0].label}: now ${digits(numbers.at(-1))}, lowest ${digits(extremes[0])}, highest ${digits(extremes[1])},`
    + ` over ${whole(x.at(-1))} examples learned` + (marks.length === 0 ? '.' : `; ${marks.length} mark${marks.length === 1 ? '' : 's'}.`);
}

at('replica').addEventListener('change', redraw);
metricSelect.addEventListener('change', redraw);
connect();
