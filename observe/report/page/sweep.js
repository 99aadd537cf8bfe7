/* The report of a sweep: each figure against what was varied, with how sure it is. */
'use strict';

const S = JSON.parse(document.getElementById('figures').textContent);
const palette = ['var(--c0)', 'var(--c1)', 'var(--c3)', 'var(--c4)', 'var(--c6)', 'var(--c7)', 'var(--c5)', 'var(--c2)'];
const plain = (value) => value.replace(/^"(.*)"$/, '$1');

function short(value) {
  if (value === null || value === undefined) return '–';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return count(value);
  return Math.abs(value) >= 1000 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** A figure of a row as a point: where it is and where it surely lies; null when there is none. */
function point(row, name) {
  const found = row[name];
  if (!found) return null;
  if ('hits' in found) return { share: true, y: found.hits / found.runs, low: found.low, high: found.high, runs: found.runs, hits: found.hits };
  return { share: false, y: found.mean, low: found.low, high: found.high, runs: found.runs, median: found.median, p95: found.p95 };
}
const say = (one, value) => (value === null ? '–' : one.share ? `${(value * 100).toFixed(1)}\u202f%` : short(value));

/** The axis along which charts run: that with the most values. */
const along = [...S.axes].sort((a, b) => b.values.length - a.values.length)[0] ?? { key: '', values: ['all runs'] };
const others = S.axes.filter((axis) => axis !== along);

/** Rows that differ only along the chosen axis. */
function groups() {
  const found = new Map();
  for (const row of S.rows) {
    const name = others.map((axis) => `${axis.key} = ${plain(row.at[axis.key])}`).join(', ');
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(row);
  }
  return [...found];
}

/** Where each value stands on the x axis: as a number where all are, else side by side. */
function places(plot) {
  const numbers = along.values.map((value) => Number(plain(value)));
  const steps = along.values.map((_, index) => plot.left + ((index + 0.5) / along.values.length) * (plot.right - plot.left));
  if (numbers.length < 2 || numbers.some(Number.isNaN)) return steps;
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const margin = 26;
  const spread = numbers.map((value) => plot.left + margin + ((value - low) / (high - low)) * (plot.right - plot.left - 2 * margin));
  const near = [...spread].sort((a, b) => a - b).some((x, index, all) => index > 0 && x - all[index - 1] < 34);
  return near ? steps : spread;
}

function chart(name) {
  const series = groups().slice(0, palette.length).map(([label, rows]) => ({ label, points: rows.map((row) => point(row, name)) }));
  const points = series.flatMap((one) => one.points).filter(Boolean);
  const share = points.every((one) => one.share);
  const most = share ? 1 : Math.max(1e-9, ...points.map((one) => one.high ?? one.y));
  const least = share ? 0 : Math.min(0, ...points.map((one) => one.low ?? one.y));
  const yTicks = share ? [0, 0.25, 0.5, 0.75, 1] : ticks(most, 5);
  if (least < 0 && !share) yTicks.unshift(...ticks(-least, 2).slice(1).map((value) => -value).reverse());
  const bottom = yTicks[0];
  const top = yTicks[yTicks.length - 1];
  const plot = frame({ xMost: 1, yMost: 1, xTicks: [], yTicks: [], xText: String, yText: String, height: 260, xName: along.key, left: 60 });
  const y = (value) => plot.y((value - bottom) / (top - bottom));
  for (const at of yTicks) {
    plot.svg.append(shape('line', { x1: plot.left, x2: plot.right, y1: y(at), y2: y(at), class: 'axis' }),
      label(plot.left - 6, y(at) + 4, share ? `${at * 100}\u202f%` : short(at), { 'text-anchor': 'end' }));
  }
  const xs = places(plot);
  along.values.forEach((value, index) => plot.svg.append(label(xs[index], plot.base + 17, plain(value), { 'text-anchor': 'middle' })));
  series.forEach((one, number) => {
    const shift = (number - (series.length - 1) / 2) * 9;
    const color = palette[number];
    const seen = one.points.map((at, index) => at && [xs[index] + shift, y(at.y), at, index]).filter(Boolean);
    plot.svg.append(path(seen.map(([x, py]) => [round(x), py]), { stroke: color, 'stroke-width': 1.5, opacity: 0.6 }));
    for (const [x, py, at, index] of seen) {
      const group = shape('g', {}, tip(`${one.label ? `${one.label}, ` : ''}${along.key} = ${plain(along.values[index])}: ${say(at, at.y)}, 95 % sure ${say(at, at.low)} to ${say(at, at.high)}, ${at.runs} runs`));
      if (at.low !== null) {
        group.append(shape('path', { d: `M${round(x)} ${y(at.low)}V${y(at.high)}M${round(x - 5)} ${y(at.low)}h10M${round(x - 5)} ${y(at.high)}h10`, stroke: color, 'stroke-width': 2, fill: 'none' }));
      }
      group.append(shape('circle', { cx: round(x), cy: py, r: 4.5, fill: color }));
      plot.svg.append(group);
    }
  });
  return { svg: plot.svg, legend: series.length > 1 ? series.map((one, index) => [one.label, palette[index]]) : [], share, cut: groups().length > palette.length };
}

function charts() {
  const grid = section('What came out', `Dots are means or shares over ${S.seeds} seeds; bars are where they lie with 95 % confidence (Student for means, Wilson for shares). What was the same in every run is not shown.`);
  for (const name of S.figures) {
    const drawn = chart(name);
    const share = drawn.share;
    figure(grid, {
      title: name, text: share ? 'Share of runs.' : 'Mean of the runs that have it.', picture: drawn.svg, legend: drawn.legend,
      head: [...S.axes.map((axis) => axis.key), 'runs', share ? 'share' : 'mean', 'from', 'to', ...(share ? [] : ['median', '95 of 100 within'])], texts: S.axes.length,
      rows: S.rows.map((row) => {
        const at = point(row, name);
        const start = S.axes.map((axis) => plain(row.at[axis.key]));
        if (!at) return [...start, 0, '–', '–', '–', ...(share ? [] : ['–', '–'])];
        return [...start, at.runs, say(at, at.y), say(at, at.low), say(at, at.high), ...(share ? [] : [short(at.median), short(at.p95)])];
      }),
    });
  }
}

function differences() {
  if (S.differences.length === 0) return;
  const grid = section('What a change does', 'The same seeds with one value put for the first of its key, seed by seed. Both runs begin in the same world, so this sees smaller effects than two averages do. Bold, and first: surely more or less than nothing.');
  const shares = new Set(S.figures.filter((name) => S.rows.some((row) => row[name] && 'hits' in row[name])));
  const text = (one, value) => (value === null ? '–' : shares.has(one.figure) ? `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)} points` : `${value > 0 ? '+' : ''}${short(value)}`);
  const sure = (one) => one.low !== null && (one.low > 0 || one.high < 0);
  const list = [...S.differences.filter(sure), ...S.differences.filter((one) => !sure(one))];
  const box = figure(grid, {
    title: 'Paired differences', wide: true, text: `${S.differences.filter(sure).length} of ${S.differences.length} are sure.`, open: true, texts: 3,
    head: ['what', 'with', 'figure', 'change', 'from', 'to', 'seeds'],
    rows: list.map((one) => [`${one.key}: ${plain(one.to)} instead of ${plain(one.from)}`, Object.entries(one.at).map(([key, value]) => `${key} = ${plain(value)}`).join(', '), one.figure, text(one, one.mean), text(one, one.low), text(one, one.high), one.runs]),
  });
  box.querySelectorAll('tbody tr').forEach((row, index) => { if (sure(list[index])) row.style.fontWeight = '600'; });
}

function heading() {
  const settings = Object.entries(S.settings).map(([key, value]) => `${key} = ${plain(value)}`);
  if (S.without.length > 0) settings.push(`without ${S.without.join(', ')}`);
  const failed = S.rows.reduce((sum, row) => sum + row.failed, 0);
  document.querySelector('header').append(el('h1', {}, `A sweep of ${S.scenario}`),
    el('p', { class: 'quiet' }, `${S.rows.length} combinations × ${S.seeds} seeds = ${S.rows.length * S.seeds} runs${settings.length > 0 ? `; in all of them ${settings.join(', ')}` : ''}.`));
  for (const axis of S.axes) document.querySelector('header').append(el('p', { class: 'quiet' }, `${axis.key}: ${axis.values.map(plain).join(', ')}`));
  if (failed > 0) document.querySelector('header').append(el('p', { class: 'alert' }, `${failed} runs were not possible and count nowhere.`));
}

heading();
charts();
differences();
openTablesInPrint();
