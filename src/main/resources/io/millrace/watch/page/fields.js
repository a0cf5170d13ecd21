// The fields that enter the model: how many examples lack them, whether they have moved, and how much each matters.
import {percent} from './outcomes.js';
import {digits, element, whole} from './text.js';

const LEAST_DRIFT = 0.25; // deviations
const MOST_FIELDS = 64; // of a report

const place = element('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Fields'},
  element('p', {class: 'nothing waiting'}, 'Connecting to millrace ...'));
document.querySelector('#fields').replaceChildren(element('h2', {}, 'Fields, newest report: those that matter most first'), place);

let shown;

/** @param details of the newest report; null before the first */
export function show(details) {
  if (shown !== undefined && shown === details) {
    return;
  }
  shown = details;
  document.querySelector('#fields').className = details?.classes.length > 6 ? 'w12' : 'w8'; // beside the outcomes
  if (!details || details.fields.length === 0) {
    place.replaceChildren(element('p', {class: 'nothing'},
      details ? 'The report does not say it: an older Millrace wrote it.' : 'No report yet.'));
    return;
  }
  const {fields, evaluated} = details;
  const most = Math.max(...fields.map(field => field.importance ?? 0));
  const limit = Math.max(LEAST_DRIFT, 3 / Math.sqrt(Math.max(1, evaluated)));
  place.replaceChildren(
    element('table', {class: 'fieldlist'},
      element('thead', {}, element('tr', {}, ...['field', 'matters', 'missing', 'mean now', 'mean learned', 'moved'].map(
        title => element('th', {scope: 'col'}, title)))),
      element('tbody', {}, ...fields.map(field => row(field, most, limit)))),
    element('p', {class: 'note'}, 'matters: mean |gradient × input| over recent examples. missing, mean now: of the'
      + ` ${whole(evaluated)} examples of the report. moved: from the learned mean, in learned deviations; drift from ${limit.toFixed(2)} on.`
      + (fields.length === MOST_FIELDS ? ` At most ${MOST_FIELDS} fields are listed.` : '')));
}

function row(field, most, limit) {
  const bar = element('span', {class: 'bar'});
  bar.style.width = (most > 0 ? 100 * (field.importance ?? 0) / most : 0) + '%';
  const known = field.mean !== null && field.learnedDeviation > 0;
  const moved = known ? (field.mean - field.learnedMean) / field.learnedDeviation : 0;
  const drifts = Math.abs(moved) > limit;
  return element('tr', {},
    element('th', {scope: 'row'}, field.name),
    element('td', {class: 'importance'}, element('span', {class: 'track'}, bar), digits(field.importance)),
    element('td', {}, percent(field.missing)),
    element('td', {}, digits(field.mean),
      field.number && field.number !== field.name ? element('small', {}, field.number) : null),
    element('td', {}, digits(field.learnedMean)),
    element('td', drifts ? {class: 'drift'} : {}, known ? (moved > 0 ? '+' : '') + moved.toFixed(2) : '–',
      drifts ? element('small', {}, 'drift') : null));
}
