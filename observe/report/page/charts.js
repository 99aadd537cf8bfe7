/* Charts as SVG, each with its figures as a table. Knows nothing of what is drawn. */
'use strict';

const kInk = 'var(--ink2)';

function el(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function shape(tag, attrs = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const label = (x, y, text, attrs = {}) => shape('text', { x, y, ...attrs }, text);
const tip = (text) => shape('title', {}, text);
const round = (value) => Math.round(value * 100) / 100;

/* Numbers for people. */
const count = (value) => value.toLocaleString('en').replaceAll(',', '\u202f');
const percent = (permille) => (permille === null ? '–' : `${permille % 10 === 0 ? permille / 10 : (permille / 10).toFixed(1)}\u202f%`);
function milliseconds(ms) {
  if (ms === null) return '–';
  if (ms < 1000) return `${ms}\u202fms`;
  if (ms < 100000) return `${(ms / 1000).toFixed(1)}\u202fs`;
  return span(ms / 1000);
}
function span(seconds) {
  if (seconds === null) return '–';
  if (seconds < 100) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))}\u202fs`;
  if (seconds < 6000) return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}\u202fmin`;
  if (seconds < 172800) return `${(seconds / 3600).toFixed(1)}\u202fh`;
  return `${(seconds / 86400).toFixed(1)}\u202fdays`;
}
const micro = (us) => (us === null ? '–' : milliseconds(Math.round(us / 1000)));

/** Round steps from 0 that reach `most`. */
function ticks(most, wanted = 5) {
  if (!(most > 0)) return [0, 1];
  const raw = most / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.999);
  const list = [];
  for (let i = 0; i * step < most + step * 0.999; i += 1) list.push(round(i * step * 1e6) / 1e6);
  return list;
}

/** Steps of a clock that reach `most` seconds. */
function clockTicks(most) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
  const step = steps.find((one) => most / one <= 8) ?? 86400 * Math.ceil(most / 86400 / 8);
  const list = [];
  for (let at = 0; at <= most; at += step) list.push(at);
  return list;
}
function clockText(seconds) {
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}\u202fh`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${seconds}\u202fs`;
}

function table(caption, head, rows, texts = 1) {
  const cell = (tag, value, index) => el(tag, { class: index < texts ? 'text' : undefined, scope: tag === 'th' ? 'col' : undefined }, String(value));
  return el('table', {}, el('caption', {}, caption),
    el('thead', {}, el('tr', {}, ...head.map((value, index) => cell('th', value, index)))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((value, index) => cell('td', value, index))))));
}

/** A picture, what it says in a sentence, and the same as a table. */
function figure(parent, { title, text, picture, legend = [], caption, head, rows, texts, wide = false, open = false }) {
  const box = el('figure', { class: wide ? 'wide' : undefined },
    el('figcaption', {}, el('h3', {}, title), el('p', {}, text)));
  if (legend.length > 0) {
    box.append(el('ul', { class: 'legend' }, ...legend.map(([name, color, line]) =>
      el('li', {}, el('i', { style: `background:${color}`, class: line ? 'stroke' : undefined }), name))));
  }
  if (picture) {
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', `${title}: ${text}`);
    box.append(picture);
  }
  if (rows) {
    const details = el('details', {}, el('summary', {}, 'The figures as a table'),
      el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}, table` }, table(caption ?? title, head, rows, texts)));
    details.open = open;
    box.append(details);
  }
  parent.append(box);
  return box;
}

/** rows: [{label, parts: [{value, color, name}], text}]; lengths as shares of `most`. */
function bars(rows, { most, ticksOf = null, tickText = String, names = 110, room = 120 }) {
  const width = 600;
  const lane = 24;
  const left = names;
  const wide = width - left - room;
  const height = rows.length * lane + (ticksOf ? 22 : 4);
  const svg = shape('svg', { viewBox: `0 0 ${width} ${height}` });
  for (const at of ticksOf ?? []) {
    const x = left + (at / most) * wide;
    svg.append(shape('line', { x1: x, x2: x, y1: 0, y2: rows.length * lane, class: 'axis' }),
      label(x, rows.length * lane + 15, tickText(at), { 'text-anchor': 'middle' }));
  }
  rows.forEach((row, index) => {
    const y = index * lane;
    svg.append(label(left - 8, y + 16, row.label, { 'text-anchor': 'end', class: 'strong' }));
    let x = left;
    for (const part of row.parts) {
      const length = most > 0 ? (part.value / most) * wide : 0;
      if (length <= 0) continue;
      svg.append(shape('rect', { x: round(x), y: y + 4, width: round(Math.max(length, 0.8)), height: lane - 8, fill: part.color },
        tip(`${row.label}, ${part.name}`)));
      x += length;
    }
    svg.append(label(x + 6, y + 16, row.text));
  });
  return svg;
}

/** A plot's frame: axes, ticks, and where a value lies. */
function frame({ xMost, yMost, xTicks, yTicks, xText, yText, height = 230, xName = '', left = 52 }) {
  const width = 600;
  const top = 10;
  const bottom = xName ? 40 : 24;
  const right = 14;
  const x = (value) => round(left + (value / xMost) * (width - left - right));
  const y = (value) => round(top + (1 - value / yMost) * (height - top - bottom));
  const svg = shape('svg', { viewBox: `0 0 ${width} ${height}` });
  for (const at of yTicks) {
    svg.append(shape('line', { x1: left, x2: width - right, y1: y(at), y2: y(at), class: 'axis' }),
      label(left - 6, y(at) + 4, yText(at), { 'text-anchor': 'end' }));
  }
  for (const at of xTicks) svg.append(label(x(at), height - bottom + 17, xText(at), { 'text-anchor': 'middle' }));
  if (xName) svg.append(label((left + width - right) / 2, height - 4, xName, { 'text-anchor': 'middle' }));
  return { svg, x, y, base: y(0), left, right: width - right };
}

const path = (points, attrs) => shape('path', { d: points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join(''), fill: 'none', 'stroke-width': 2, 'stroke-linejoin': 'round', ...attrs });

/** series: [{name, color, points: [[x, y]], dash}] over a clock in seconds. */
function clockLines(series, { xMost, yMost, yText, guides = [] }) {
  const yTicks = ticks(yMost, 4);
  const most = yTicks[yTicks.length - 1];
  const plot = frame({ xMost, yMost: most, xTicks: clockTicks(xMost), yTicks, xText: clockText, yText });
  for (const [at, text] of guides) {
    if (at > most) continue;
    plot.svg.append(shape('line', { x1: plot.left, x2: plot.right, y1: plot.y(at), y2: plot.y(at), class: 'guide' }),
      label(plot.right, plot.y(at) - 4, text, { 'text-anchor': 'end' }));
  }
  for (const one of series) {
    const points = one.points.map(([x, y]) => [plot.x(x), plot.y(y)]);
    plot.svg.append(shape('g', {}, tip(one.name), path(points, { stroke: one.color, 'stroke-dasharray': one.dash })));
  }
  return plot.svg;
}

/** Layers on top of each other over a clock; steps = [[from, to, [values]]]. */
function clockStack(steps, colors, { xMost, yMost, yText, guides = [], lines = [] }) {
  const yTicks = ticks(yMost, 4);
  const most = yTicks[yTicks.length - 1];
  const plot = frame({ xMost, yMost: most, xTicks: clockTicks(xMost), yTicks, xText: clockText, yText });
  const below = steps.map(() => 0);
  colors.forEach((color, layer) => {
    const lower = [];
    const upper = [];
    steps.forEach(([from, to, values], index) => {
      const base = below[index];
      below[index] += values[layer];
      upper.push([plot.x(from), plot.y(below[index])], [plot.x(to), plot.y(below[index])]);
      lower.unshift([plot.x(to), plot.y(base)], [plot.x(from), plot.y(base)]);
    });
    plot.svg.append(path([...upper, ...lower], { fill: color, stroke: 'none' }));
  });
  for (const [at, text] of guides) {
    if (at > most) continue;
    plot.svg.append(shape('line', { x1: plot.left, x2: plot.right, y1: plot.y(at), y2: plot.y(at), class: 'guide' }),
      label(plot.right, plot.y(at) - 4, text, { 'text-anchor': 'end' }));
  }
  for (const one of lines) plot.svg.append(path(one.points.map(([x, y]) => [plot.x(x), plot.y(y)]), { stroke: one.color, 'stroke-width': 1.5 }));
  return plot.svg;
}

/** Before it is printed every table shows; afterwards what was closed is closed again. */
function openTablesInPrint() {
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')];
    for (const one of closed) one.open = one.querySelectorAll('tr').length <= 40;
  });
  addEventListener('afterprint', () => closed.forEach((one) => { one.open = false; }));
}

function section(title, text) {
  const grid = el('div', { class: 'grid' });
  document.querySelector('main').append(el('section', {}, el('h2', {}, title), text ? el('p', { class: 'quiet' }, text) : null, grid));
  return grid;
}

function tiles(list) {
  document.querySelector('header').append(el('ul', { class: 'tiles' }, ...list.filter(Boolean).map(([value, text]) =>
    el('li', {}, el('b', {}, value), el('span', {}, text)))));
}
