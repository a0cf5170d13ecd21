// Numbers, times and elements. Always in English, like the page.

const WHOLE = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const SHORT = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 2});
const TIME = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const DAY = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short'});

export const whole = number => (number == null ? 'not known' : WHOLE.format(number));

export const short = number => SHORT.format(number);

/** Four digits or so, whatever the size. */
export function digits(number) {
  if (number == null) {
    return '–';
  }
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
    return number.toExponential(2);
  }
  return size >= 1000 ? WHOLE.format(number) : number.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 4);
}

/** Names with their numbers, the lowest number first; names without one are left out. */
export const ranked = (names, numbers) => names.map((name, i) => ({name, number: numbers[i]})).filter(each => each.number != null)
  .sort((one, other) => one.number - other.number);

export function seconds(age) {
  return age == null ? 'not yet' : age < 10 ? age.toFixed(1) + ' s' : age < 120 ? Math.round(age) + ' s'
    : age < 7200 ? Math.round(age / 60) + ' min' : age < 172800 ? Math.round(age / 3600) + ' h' : Math.round(age / 86400) + ' days';
}

export function time(ms) {
  const day = DAY.format(ms);
  return day === DAY.format(Date.now()) ? TIME.format(ms) : day + ', ' + TIME.format(ms);
}

export function bytes(size) {
  return size < 1000 ? size + ' B' : size < 1e6 ? (size / 1e3).toFixed(1) + ' kB' : (size / 1e6).toFixed(1) + ' MB';
}

/** An element with attributes and children; texts are texts, whatever they contain. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child != null));
  return made;
}
