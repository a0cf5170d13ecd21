// What was true against what was predicted, in the newest report: a confusion matrix, counts for each label, or a scatter plot of targets.
import {digits, element, short, whole} from './text.js';

const MOST_SHADE = 45; // per cent: texts stay readable
const HEIGHT = 260;
const MARGIN = {left: 46, right: 10, top: 8, bottom: 38};
const SVG = 'http://www.w3.org/2000/svg';

const section = document.querySelector('#outcomes');
const choice = element('select', {'aria-label': 'Target'});
const heading = element('span', {}, 'True and predicted');
const body = element('div', {}, element('p', {class: 'nothing waiting'}, 'Connecting to millrace ...'));
section.replaceChildren(element('h2', {}, heading, choice), body);

let shown; // what was drawn last
let width = 0;
choice.hidden = true;
choice.addEventListener('change', () => plot(shown.details));
new ResizeObserver(() => {
  if (shown && body.clientWidth !== width && shown.details?.pairs.length > 0) {
    plot(shown.details);
  }
}).observe(body);

export const percent = share => (share == null || Number.isNaN(share) ? '–' : (100 * share).toFixed(1) + ' %');

/**
 * Shows the outcomes of a report.
 *
 * @param details of the newest report; null before the first
 * @param view the model; null before the first version
 */
export function show(details, view) {
  if (shown && shown.details === details && shown.view === view) {
    return;
  }
  shown = {details, view};
  choice.hidden = true;
  heading.textContent = 'True and predicted, newest report';
  section.className = details?.classes.length > 6 ? 'w12' : 'w4';
  if (details?.confusion.length > 0) {
    matrix(details);
  } else if (details?.labels.length > 0) {
    labels(details);
  } else if (details?.pairs.length > 0) {
    pairs(details);
  } else {
    body.replaceChildren(element('p', {class: 'nothing'}, nothing(details, view)));
  }
}

function nothing(details, view) {
  if (!details) {
    return 'No report yet.';
  }
  if (view?.classes.length > 32) {
    return `The model has ${whole(view.classes.length)} classes or labels. Reports count 32 classes or 64 labels at most.`;
  }
  return details.evaluated === 0 ? 'No example was evaluated.' : 'The report does not say it: an older Millrace wrote it.';
}

const head = title => element('th', {scope: 'col'}, title);

function region(name, table) {
  return element('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': name}, table);
}

function matrix({classes, confusion, evaluated}) {
  const rows = classes.map((name, i) => confusion.slice(i * classes.length, (i + 1) * classes.length));
  const sum = numbers => numbers.reduce((total, number) => total + number, 0);
  const columns = classes.map((name, j) => sum(rows.map(row => row[j])));
  const right = sum(rows.map((row, i) => row[i]));
  const table = element('table', {class: 'matrix'},
    element('caption', {}, `Rows are true classes, columns predicted ones. ${whole(right)} of ${whole(sum(confusion))} examples`
      + ' are on the diagonal, framed: predicted right. A cell is the darker, the larger its share of its row.'),
    element('thead', {}, element('tr', {}, head('true \\ predicted'), ...classes.map(head), head('recall'))),
    element('tbody', {},
      ...rows.map((row, i) => element('tr', {},
        element('th', {scope: 'row'}, classes[i]),
        ...row.map((count, j) => cell(count, sum(row), i === j)),
        element('td', {}, percent(sum(row) === 0 ? null : row[i] / sum(row))))),
      element('tr', {},
        element('th', {scope: 'row'}, 'precision'),
        ...columns.map((total, j) => element('td', {}, percent(total === 0 ? null : rows[j][j] / total))),
        element('td'))));
  body.replaceChildren(region('Confusion matrix', table),
    ...(sum(confusion) < evaluated ? [element('p', {class: 'note'}, `Counted since training was updated: the report has ${whole(evaluated)} examples.`)] : []));
}

function cell(count, ofRow, right) {
  const made = element('td', {class: right ? 'right' : 'wrong'}, whole(count));
  made.style.setProperty('--shade', (ofRow === 0 ? 0 : MOST_SHADE * count / ofRow).toFixed(0) + '%');
  return made;
}

function labels({classes, labels: counts}) {
  const table = element('table', {},
    element('caption', {}, 'Examples of the report, by label'),
    element('thead', {}, element('tr', {},
      ...['label', 'true and predicted', 'only predicted', 'only true', 'precision', 'recall'].map(head))),
    element('tbody', {}, ...counts.map((count, i) => element('tr', {},
      element('th', {scope: 'row'}, classes[i]),
      ...[count.hits, count.falseAlarms, count.misses].map(number => element('td', {}, whole(number))),
      ...[count.falseAlarms, count.misses].map(wrong =>
        element('td', {}, percent(count.hits + wrong === 0 ? null : count.hits / (count.hits + wrong))))))));
  body.replaceChildren(region('Labels', table));
}

function pairs(details) {
  const targets = details.pairs[0].truth.length;
  if (choice.options.length !== targets) {
    choice.replaceChildren(...details.pairs[0].truth.map((truth, k) => element('option', {value: k}, 'target ' + (k + 1))));
  }
  choice.hidden = targets < 2;
  plot(details);
}

/** Drawn for the width there is, so that texts keep their size. */
function plot(details) {
  const target = Number(choice.value) || 0;
  const points = details.pairs.map(pair => [pair.truth[target], pair.predicted[target]])
    .filter(pair => pair.every(number => number != null));
  const open = body.querySelector('details')?.open ?? false;
  const scroll = body.querySelector('.scroll')?.scrollTop ?? 0;
  const error = points.reduce((total, [truth, predicted]) => total + Math.abs(predicted - truth), 0) / points.length;
  const summary = `${whole(points.length)} of ${whole(details.evaluated)} examples, evenly spaced. On the line, prediction and truth are equal;`
    + ` the mean distance from it is ${digits(error)}.`;
  const drawing = svg('svg', {role: 'img', 'aria-label': 'Predicted against true targets. ' + summary, class: 'scatter'});
  const table = element('table', {},
    element('thead', {}, element('tr', {}, head('true'), head('predicted'))),
    element('tbody', {}, ...points.map(pair => element('tr', {}, ...pair.map(number => element('td', {}, digits(number)))))));
  const numbers = element('details', {}, element('summary', {}, 'Numbers of this chart as a table'),
    element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Numbers: predicted against true targets'}, table));
  numbers.open = open;
  body.replaceChildren(element('figure', {}, drawing, element('figcaption', {}, summary)), numbers);
  numbers.querySelector('.scroll').scrollTop = scroll;
  width = body.clientWidth;
  draw(drawing, points);
}

function svg(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.textContent = text ?? '';
  return made;
}

function draw(drawing, points) {
  const {left, right, top, bottom} = MARGIN;
  drawing.setAttribute('width', width);
  drawing.setAttribute('height', HEIGHT);
  const all = points.flat();
  let [low, high] = [Math.min(...all), Math.max(...all)];
  const space = (high - low || Math.abs(low) || 1) * 0.04;
  [low, high] = [low - space, high + space];
  const x = number => left + (number - low) / (high - low) * (width - left - right);
  const y = number => HEIGHT - bottom - (number - low) / (high - low) * (HEIGHT - top - bottom);
  for (const tick of ticks(low, high)) {
    drawing.append(
      svg('line', {x1: left, x2: width - right, y1: y(tick), y2: y(tick), class: 'grid'}),
      svg('text', {x: left - 6, y: y(tick) + 4, 'text-anchor': 'end'}, short(tick)),
      svg('text', {x: x(tick), y: HEIGHT - bottom + 16, 'text-anchor': 'middle'}, short(tick)));
  }
  drawing.append(
    svg('line', {x1: x(low), y1: y(low), x2: x(high), y2: y(high), class: 'equal'}),
    ...points.map(([truth, predicted]) => svg('circle', {cx: x(truth), cy: y(predicted), r: 3})),
    svg('text', {x: width - right, y: HEIGHT - 4, 'text-anchor': 'end'}, 'true'),
    svg('text', {x: left + 4, y: top + 10}, 'predicted'));
}

/** Some round numbers. */
function ticks(low, high) {
  const rough = (high - low) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * ([1, 2, 5].find(factor => factor * size >= rough) ?? 10);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    found.push(i * step + 0); // not -0
  }
  return found;
}
