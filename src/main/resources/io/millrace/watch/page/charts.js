// A chart: canvas for eyes; a name, a summary and a table of its numbers for everybody.
/* global uPlot */
import {digits, element, short, whole} from './text.js';

const MOST_ROWS = 40;
const MOST_MARKS = 15; // more would hide the curve
const FONT = '12px ui-sans-serif, system-ui, sans-serif';
const DARK = matchMedia('(prefers-color-scheme: dark)');
const charts = [];

const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

// a canvas knows no style sheet
DARK.addEventListener('change', () => charts.forEach(chart => chart.rebuild()));

export class Chart {
  /**
   * @param section where it goes
   * @param heading a text, or elements
   * @param name for those who do not see it
   * @param height px, where there is room
   */
  constructor(section, heading, name, height) {
    this.name = name;
    this.height = height;
    this.legend = element('ul', {class: 'legend'});
    this.plot = element('div', {class: 'plot', role: 'img'});
    this.caption = element('figcaption', {class: 'waiting'}, 'Connecting to millrace ...');
    this.scroll = element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Numbers: ' + name});
    this.details = element('details', {}, element('summary', {}, 'Numbers of this chart as a table'), this.scroll);
    section.replaceChildren(
      element('h2', {}, ...[heading].flat()),
      element('figure', {}, this.legend, this.plot, this.caption),
      this.details);
    this.details.addEventListener('toggle', () => this.fillTable());
    new ResizeObserver(() => this.resize()).observe(this.plot);
    charts.push(this);
  }

  /**
   * @param data x and the numbers of each series, null where there is none
   * @param series {label, colour (a name in watch.css), width, dashed}
   * @param marks {examples, text}
   * @param summary a sentence
   */
  draw(data, series, marks, summary) {
    const same = this.series && JSON.stringify(series) === JSON.stringify(this.series);
    Object.assign(this, {data, series, marks, summary});
    this.plot.setAttribute('aria-label', this.name + '. ' + summary);
    this.caption.textContent = summary;
    if (!same || !this.chart) {
      this.rebuild();
    } else {
      this.chart.setData(data);
    }
    this.fillLegend(null);
    if (this.details.open) {
      this.fillTable();
    }
  }

  rebuild() {
    this.chart?.destroy();
    this.chart = null;
    const width = this.plot.clientWidth;
    if (!this.data || width === 0) {
      return;
    }
    const soft = colour('soft');
    const axis = {stroke: soft, font: FONT, grid: {stroke: colour('line'), width: 1}, ticks: {show: false}};
    this.chart = new uPlot({
      width,
      height: this.heightAt(width),
      legend: {show: false},
      cursor: {drag: {x: false, y: false}, points: {size: 6}},
      scales: {x: {time: false}},
      axes: [
        {...axis, space: 80, size: 28, values: (chart, ticks) => ticks.map(short), grid: {show: false}},
        {...axis, size: 52, values: (chart, ticks) => ticks.map(tick => String(+tick.toPrecision(6)))},
      ],
      series: [{}, ...this.series.map(each => ({
        label: each.label,
        stroke: colour(each.colour),
        width: each.width ?? 1.6,
        alpha: each.alpha ?? 1,
        dash: each.dashed ? [5, 4] : undefined,
        spanGaps: true,
        points: {show: false},
      }))],
      hooks: {
        draw: [chart => this.drawMarks(chart)],
        setCursor: [chart => this.fillLegend(chart.cursor.idx)],
      },
    }, this.data, this.plot);
    this.fillLegend(null);
  }

  /** On a phone a chart is not higher than wide. */
  heightAt(width) {
    return Math.min(this.height, Math.max(180, 0.7 * width));
  }

  resize() {
    if (!this.chart) {
      this.rebuild();
    } else if (this.plot.clientWidth > 0 && this.plot.clientWidth !== this.chart.width) {
      const width = this.plot.clientWidth;
      this.chart.setSize({width, height: this.heightAt(width)});
    }
  }

  /** A dashed line for each mark, and its text where there is room. */
  drawMarks(chart) {
    const {ctx, bbox} = chart;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = colour('b');
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.font = FONT.replace('12px', 11 * ratio + 'px');
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    const seen = this.marks.map(mark => ({text: mark.text, x: Math.round(chart.valToPos(mark.examples, 'x', true))}))
      .filter(({x}) => x >= bbox.left && x <= bbox.left + bbox.width);
    ctx.globalAlpha = seen.length > MOST_MARKS ? 0.35 : 1;
    for (const {x} of seen) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    let free = bbox.left;
    for (const {text, x} of seen) {
      const size = ctx.measureText(text).width;
      const right = x + 4 * ratio;
      const left = right + size <= bbox.left + bbox.width ? right : x - 4 * ratio - size;
      if (left >= free) {
        ctx.fillStyle = colour('card'); // or lines would cross the text
        ctx.fillRect(left - 2 * ratio, bbox.top, size + 4 * ratio, 15 * ratio);
        ctx.fillStyle = colour('b');
        ctx.fillText(text, left, bbox.top + 2 * ratio);
        free = Math.max(x, left + size) + 8 * ratio;
      }
    }
    ctx.restore();
  }

  /** The numbers under the pointer, or the newest ones. */
  fillLegend(index) {
    const items = this.series.map((each, i) => {
      const numbers = this.data[i + 1];
      const at = index ?? numbers.findLastIndex(number => number != null);
      const swatch = element('i', {class: each.dashed ? 'dashed' : ''});
      swatch.style.color = `var(--${each.colour})`;
      return element('li', {}, swatch, each.label, element('b', {}, digits(numbers[at])));
    });
    if (index != null) {
      items.unshift(element('li', {}, 'at', element('b', {}, whole(this.data[0][index])), ' examples'));
    }
    this.legend.replaceChildren(...items);
  }

  fillTable() {
    if (!this.details.open || !this.data) {
      return;
    }
    const count = this.data[0].length;
    const rows = [];
    for (let i = Math.min(count, MOST_ROWS); i > 0; i--) {
      const at = Math.ceil(i * count / Math.min(count, MOST_ROWS)) - 1;
      rows.push(element('tr', {}, ...this.data.map((column, c) =>
        element('td', {}, c === 0 ? whole(column[at]) : digits(column[at])))));
    }
    const table = element('table', {},
      element('caption', {}, `${rows.length} of ${whole(count)} points, the newest first`),
      element('thead', {}, element('tr', {}, ...['examples learned', ...this.series.map(each => each.label)].map(
        title => element('th', {scope: 'col'}, title)))),
      element('tbody', {}, ...rows));
    const marks = element('ul', {}, ...this.marks.map(
      mark => element('li', {}, `at ${whole(mark.examples)} examples: ${mark.text}`)));
    this.scroll.replaceChildren(table, marks);
  }
}

/** Lines over the examples learned, on one axis: each is [x, y]. */
export const joined = lines => uPlot.join(lines);
