// Asks the newest version: a control for each input of the model. The page's server computes the answer; nothing is sent to the cluster.
import {digits, element, whole} from './text.js';

const PAUSE_MS = 250; // while somebody types

const answer = element('output', {class: 'answer'});
const form = element('form', {}, element('div', {class: 'fields'}), answer);
let model; // metadata of the Open Inference Protocol
let inputs = []; // {name, datatype, width, control}
let timer;
let asked = 0; // the last question: an answer that comes late is not shown

// by the address of the page without a password that somebody typed into it, with which fetch refuses to work
const address = name => new URL('v2/models/' + encodeURIComponent(name), location.href);

form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
});

/** Makes the controls anew: the inputs of a model change with its settings. */
export async function describe(place, name) {
  const response = await fetch(address(name));
  if (response.status === 404) { // the page of a process that only trains
    place.replaceChildren(element('p', {class: 'nothing'}, 'This process does not serve: ask one that does.'));
    return;
  }
  if (!response.ok) {
    throw new Error('no version answers yet');
  }
  model = await response.json();
  const before = new Map(inputs.map(input => [input.name, input.control.value]));
  inputs = model.inputs.map((input, i) => ({
    name: input.name,
    datatype: input.datatype,
    width: input.shape[1] ?? null, // null: one value; -1: any number of values
    required: input.parameters ? !input.parameters.optional : true,
    control: control(input, i, before.get(input.name) ?? ''),
    hint: input.parameters ? input.parameters.type + (input.parameters.optional ? ', may be missing' : '')
      : input.shape[1] > 0 ? `${input.shape[1]} numbers, separated by commas` : '',
  }));
  form.querySelector('.fields').replaceChildren(...inputs.map((input, i) =>
    element('div', {}, element('label', {for: 'input' + i}, input.name + ' ', element('span', {}, input.hint)), input.control)));
  if (!form.isConnected) {
    place.replaceChildren(form);
  }
  await ask();
}

/** A choice where the declaration has the values, else a line. */
function control(input, i, value) {
  const choice = /^oneof\(([^"]*)\)$/.exec(input.parameters?.type);
  if (choice) {
    const select = element('select', {id: 'input' + i}, ...['', ...choice[1].split('|')].map(each => element('option', {}, each)));
    select.value = value;
    return select;
  }
  return element('input', {id: 'input' + i, autocomplete: 'off', spellcheck: 'false', value,
    ...(input.datatype === 'BYTES' || input.shape.length > 1 ? {} : {inputmode: 'decimal'})});
}

/** The values of a control; null if it is empty: the field is missing. */
function values(input) {
  const text = input.control.value.trim();
  if (text === '') {
    return null;
  }
  const parts = input.width === null ? [text] : text.split(',').map(part => part.trim());
  return input.datatype === 'BYTES' ? parts : parts.map(part => (part === '' || isNaN(part) ? part : Number(part)));
}

/** Asks again, for instance because there is a newer version. */
export async function ask() {
  if (!model) {
    return;
  }
  const given = inputs.map(input => ({input, data: values(input)})).filter(each => each.data !== null);
  if (given.length === 0) {
    answer.replaceChildren(element('p', {class: 'nothing'}, 'Fill in a field: the newest version answers as you type.'));
    return;
  }
  const number = ++asked;
  const wrong = given.find(each => each.input.datatype !== 'BYTES' && each.data.some(value => typeof value === 'string'));
  if (wrong) {
    answer.replaceChildren(element('p', {}, `${wrong.input.name} is "${wrong.input.control.value}", no number.`));
    return;
  }
  const missing = inputs.filter(input => input.required && !given.some(each => each.input === input));
  if (missing.length > 0) {
    answer.replaceChildren(element('p', {class: 'nothing'}, 'Still missing: ' + missing.map(input => input.name).join(', ') + '.'));
    return;
  }
  const response = await fetch(address(model.name) + '/infer', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({inputs: given.map(({input, data}) => ({
      name: input.name,
      datatype: input.datatype,
      shape: input.width === null ? [1] : [1, data.length],
      data,
    }))}),
  }).catch(() => null);
  if (number !== asked) {
    return;
  }
  const said = await response?.json();
  if (!response?.ok) {
    answer.replaceChildren(element('p', {}, said ? said.error : 'No answer: the connection is lost.'));
    return;
  }
  show(said);
}

function show(said) {
  const scores = said.outputs.find(output => output.name === 'scores').data;
  const chosen = said.outputs.find(output => output.name === 'className')?.data[0];
  const {classes} = model.parameters;
  const rows = scores.map((score, i) => {
    const name = classes[scores.length === 1 && classes.length === 2 ? 1 : i] ?? (scores.length === 1 ? 'prediction' : 'target ' + (i + 1));
    const bar = element('span', {class: 'bar'});
    if (classes.length > 0) {
      bar.style.width = Math.max(0, Math.min(1, score)) * 100 + '%';
    }
    return element('div', {class: name === chosen ? 'chosen' : ''},
      element('span', {}, name), element('span', {class: 'track'}, bar), element('b', {}, digits(score)));
  });
  answer.replaceChildren(...rows,
    element('p', {class: 'nothing'}, `${classes.length > 0 ? 'scores' : 'in the unit of the target'}, version ${whole(Number(said.model_version))}`));
}
