/* The report of one run. */
'use strict';

const R = JSON.parse(document.getElementById('figures').textContent);
const seconds = (us) => us / 1e6;
const spanS = seconds(R.run.until_us - R.run.from_us);
const endS = seconds(R.run.until_us);
const byId = new Map(R.nodes.map((node) => [node.id, node]));
const named = (id) => byId.get(id)?.name || id || '–';
const palette = ['var(--c0)', 'var(--c1)', 'var(--c3)', 'var(--c4)', 'var(--c6)', 'var(--c7)', 'var(--c5)', 'var(--c2)'];
const kShown = 30; // nodes in one picture
const kHard = 16; // with two bars each

const kFates = [
  ['decoded', 'decoded', 'var(--good)'], ['duplicate', 'decoded again', 'var(--again)'],
  ['collided', 'collided', 'var(--bad)'], ['weak', 'too weak, or lost to noise', 'var(--faint)'],
  ['deaf', 'was sending itself', 'var(--pale)'], ['off', 'was off', 'var(--dark)'],
];

function heading() {
  const { scenario, seed, preset, outcome, reason, whole } = R.run;
  const bits = [preset, seed > 0 && `seed ${seed}`, `${R.nodes.length} node${R.nodes.length === 1 ? '' : 's'}`, span(spanS)].filter(Boolean).join(', ');
  document.querySelector('header').append(el('h1', {}, scenario || 'A run'), el('p', { class: 'quiet' }, bits),
    outcome ? el('p', {}, el('strong', {}, `Outcome: ${outcome}`), reason && reason !== outcome ? ` (${reason})` : '') : '');
  if (!whole) document.querySelector('header').append(el('p', { class: 'alert' }, 'The recording was cut off: this is what came before.'));
  const t = R.totals;
  const air = t.airtime_own_us + t.airtime_relayed_us + t.airtime_foreign_us;
  const busiest = [...R.nodes].sort((a, b) => (b.airtime_permille ?? 0) - (a.airtime_permille ?? 0))[0];
  const lives = R.nodes.filter((node) => node.full_battery_lasts_s !== null);
  const shortest = lives.sort((a, b) => a.full_battery_lasts_s - b.full_battery_lasts_s)[0];
  tiles([
    t.pairs > 0 && [percent(t.delivery_permille), 'of what was sent reached whom it was for'],
    t.reached > 0 && [milliseconds(t.delay_p50_ms), `until it got there at the median; 95 of 100 within ${milliseconds(t.delay_p95_ms)}`],
    spanS > 0 && [percent(Math.round((air / 1e3) / spanS)), 'of the time on the air, all transmissions added up'],
    [percent(t.busy_peak_permille), 'channel utilisation in the busiest minute of the busiest node'],
    busiest && [named(busiest.id), `sends most: ${percent(busiest.airtime_permille)} of the time`],
    shortest && [span(shortest.full_battery_lasts_s), `from a full battery at this draw (${named(shortest.id)}, the shortest)`],
  ]);
}

function delivery() {
  if (R.totals.pairs === 0) return;
  const grid = section('Does it get there?', 'A packet counts once for each node that had power when it was sent, or for its addressee alone. Packets for neighbours only (hop limit 0) are left out here.');
  const missed = R.totals.pairs - R.totals.reached;
  const rows = R.hops.map((hop) => ({
    label: hop.hop === 1 ? 'direct' : `after ${hop.hop - 1} relay${hop.hop > 2 ? 's' : ''}`,
    parts: [{ value: hop.reached_permille, color: 'var(--c0)', name: percent(hop.reached_permille) }],
    text: `${percent(hop.reached_permille)} · ${milliseconds(hop.delay_p50_ms)}`,
  }));
  const never = Math.round((missed * 1000) / R.totals.pairs);
  rows.push({ label: 'never', parts: [{ value: never, color: 'var(--bad)', name: percent(never) }], text: percent(never) });
  figure(grid, {
    title: 'Delivery by hop', text: `Share of pairs reached, and the median delay, by how many hops the first copy had come. ${percent(R.totals.delivery_permille)} were reached in all.`,
    picture: bars(rows, { most: 1000, ticksOf: [0, 250, 500, 750, 1000], tickText: percent, room: 130 }),
    head: ['hop', 'reached', 'share', 'up to here', 'delay p50', 'delay p95'],
    rows: R.hops.map((hop) => [hop.hop, count(hop.reached), percent(hop.reached_permille), percent(hop.up_to_here_permille), milliseconds(hop.delay_p50_ms), milliseconds(hop.delay_p95_ms)]),
  });
  byDistance(grid);
  delays(grid);
  byKind(grid);
  byNode(grid);
}

const metres = (m) => (m >= 1000 ? `${m / 1000}\u202fkm` : `${m}\u202fm`);

function byDistance(grid) {
  const rows = R.distances;
  const plot = frame({ xMost: rows.length, yMost: 1000, xTicks: [], yTicks: [0, 250, 500, 750, 1000], xText: String, yText: percent, xName: 'distance between the two, up to' });
  const step = (plot.right - plot.left) / rows.length;
  const every = Math.ceil(rows.length / 12);
  rows.forEach((row, index) => {
    const x = plot.left + index * step;
    const bar = (value, offset, color, name) => {
      if (value === null) return;
      plot.svg.append(shape('rect', { x: round(x + step * offset), y: plot.y(value), width: round(step * 0.36), height: round(plot.base - plot.y(value)), fill: color }, tip(`${name}: ${percent(value)}`)));
    };
    bar(row.heard_permille, 0.12, 'var(--c5)', 'by one transmission');
    bar(row.delivery_permille, 0.5, 'var(--c0)', 'in the end');
    if (index % every === 0) plot.svg.append(label(round(x + step / 2), plot.base + 17, row.to_m === null ? 'more' : metres(row.to_m), { 'text-anchor': 'middle' }));
  });
  figure(grid, {
    title: 'Delivery by distance', text: 'A single transmission heard by a node at that distance, against the packet reaching it in the end, relays included.',
    legend: [['one transmission', 'var(--c5)'], ['in the end', 'var(--c0)']], picture: plot.svg,
    head: ['from', 'to', 'transmissions × nodes', 'heard', 'share', 'pairs', 'reached', 'share'], texts: 2,
    rows: rows.map((row) => [metres(row.from_m), row.to_m === null ? 'more' : metres(row.to_m), count(row.tries), count(row.heard), percent(row.heard_permille), count(row.pairs), count(row.reached), percent(row.delivery_permille)]),
  });
}

function delays(grid) {
  if (R.delays.length === 0) return;
  const longest = Math.max(0.1, R.totals.delay_p95_ms / 1000) * 1.25;
  const points = R.delays.map((one) => [one.delay_ms / 1000, one.percent * 10]);
  const shown = points.filter(([x]) => x <= longest);
  const xTicks = ticks(longest, 6);
  const plot = frame({ xMost: Math.max(longest, xTicks[xTicks.length - 1]), yMost: 1000, xTicks, yTicks: [0, 250, 500, 750, 1000], xText: (x) => milliseconds(Math.round(x * 1000)), yText: percent, xName: 'after the first symbol' });
  plot.svg.append(path([[plot.x(0), plot.y(0)], ...shown.map(([x, y]) => [plot.x(x), plot.y(y)])], { stroke: 'var(--c0)' }));
  for (const [x, y] of shown) plot.svg.append(shape('circle', { cx: plot.x(x), cy: plot.y(y), r: 2.6, fill: 'var(--c0)' }, tip(`${y / 10} of 100 within ${milliseconds(Math.round(x * 1000))}`)));
  figure(grid, {
    title: 'How long it takes', text: `Of the pairs that were reached, how many had it by then; half by ${milliseconds(R.totals.delay_p50_ms)}, the last by ${milliseconds(R.delays[R.delays.length - 1].delay_ms)}.`,
    picture: plot.svg, head: ['of 100', 'within'], rows: R.delays.map((one) => [one.percent, milliseconds(one.delay_ms)]),
  });
}

function byKind(grid) {
  const rows = [...R.kinds].sort((a, b) => b.airtime_us - a.airtime_us);
  const most = Math.max(...rows.map((row) => row.airtime_us));
  figure(grid, {
    title: 'What it was', text: 'Time on the air by kind of packet, relays included; and how much of it arrived.',
    picture: bars(rows.slice(0, 14).map((row) => ({
      label: row.kind, parts: [{ value: row.airtime_us, color: 'var(--c0)', name: micro(row.airtime_us) }],
      text: `${micro(row.airtime_us)}${row.pairs > 0 ? `, ${percent(row.delivery_permille)} arrived` : ''}`,
    })), { most, room: 175, names: 120 }),
    head: ['kind', 'packets', 'transmissions', 'airtime', 'paid', 'hop limit', 'pairs', 'reached', 'share', 'delay p50', 'delay p95'],
    rows: rows.map((row) => [row.kind, count(row.packets), count(row.transmissions), micro(row.airtime_us), micro(row.price_us), row.hop_limit, count(row.pairs), count(row.reached), percent(row.delivery_permille), milliseconds(row.delay_p50_ms), milliseconds(row.delay_p95_ms)]),
  });
}

function byNode(grid) {
  const rows = [...R.nodes].sort((a, b) => (a.received_permille ?? 1001) - (b.received_permille ?? 1001));
  figure(grid, {
    title: 'Who is hard to reach', text: `Share of the packets for it that each node got, and of its own that others got${rows.length > kHard ? `; the worst ${kHard} of ${rows.length}` : ''}.`,
    legend: [['got what was for it', 'var(--c3)'], ['its own got through', 'var(--c0)']],
    picture: pairBars(rows.slice(0, kHard)),
    head: ['node', 'for it', 'got', 'share', 'its packets', 'pairs', 'reached', 'share'],
    rows: rows.map((node) => [named(node.id), count(node.wanted), count(node.received), percent(node.received_permille), count(node.packets), count(node.pairs), count(node.reached), percent(node.delivery_permille)]),
  });
}

function pairBars(nodes) {
  const lane = 30;
  const svg = shape('svg', { viewBox: `0 0 600 ${nodes.length * lane + 4}` });
  nodes.forEach((node, index) => {
    const y = index * lane;
    svg.append(label(102, y + 19, named(node.id), { 'text-anchor': 'end', class: 'strong' }));
    [[node.received_permille, 'var(--c3)', 0], [node.delivery_permille, 'var(--c0)', 11]].forEach(([value, color, offset]) => {
      if (value === null) return;
      svg.append(shape('rect', { x: 110, y: y + 4 + offset, width: Math.max(0.8, value * 0.41), height: 9, fill: color }),
        label(116 + value * 0.41, y + 12 + offset, percent(value), { style: 'font-size:10px' }));
    });
  });
  return svg;
}

function airtime() {
  const grid = section('How full is the channel?', 'Radios of Meshtastic hold back what is not urgent from 25\u202f% of measured utilisation and everything from 40\u202f%.');
  const rows = [...R.nodes].sort((a, b) => (b.airtime_own_us + b.airtime_relayed_us) - (a.airtime_own_us + a.airtime_relayed_us));
  const top = rows.slice(0, kShown);
  const most = Math.max(1, ...top.map((node) => node.airtime_own_us + node.airtime_relayed_us));
  figure(grid, {
    title: 'Airtime by node', text: `Its own packets and what it relayed for others; the share is of the whole run${rows.length > kShown ? `; the busiest ${kShown} of ${rows.length}` : ''}.`,
    legend: [['its own', 'var(--c0)'], ['relayed', 'var(--c1)']],
    picture: bars(top.map((node) => ({
      label: named(node.id),
      parts: [{ value: node.airtime_own_us, color: 'var(--c0)', name: `own ${micro(node.airtime_own_us)}` }, { value: node.airtime_relayed_us, color: 'var(--c1)', name: `relayed ${micro(node.airtime_relayed_us)}` }],
      text: `${micro(node.airtime_own_us + node.airtime_relayed_us)}, ${percent(node.airtime_permille)}`,
    })), { most, room: 125 }),
    head: ['node', 'frames', 'relayed', 'airtime', 'relayed', 'of the time', 'busiest channel'],
    rows: rows.map((node) => [named(node.id), count(node.frames_own), count(node.frames_relayed), micro(node.airtime_own_us), micro(node.airtime_relayed_us), percent(node.airtime_permille), percent(node.busy_peak_permille)]),
  });
  const steps = R.time.map((slot) => [seconds(slot.at_us), seconds(slot.at_us + slot.length_us),
    [slot.airtime_own_us, slot.airtime_relayed_us, slot.airtime_foreign_us].map((us) => (slot.length_us > 0 ? (us * 1000) / slot.length_us : 0))]);
  const busy = R.time.map((slot) => [seconds(slot.at_us + slot.length_us), slot.busy_most_permille]);
  const yMost = Math.max(20, ...steps.map(([, , values]) => values.reduce((a, b) => a + b, 0)), ...busy.map(([, y]) => y));
  figure(grid, {
    title: 'The air over time', text: `Share of each ${span(seconds(R.run.slot_us))} that transmissions took, added up over all places, and the utilisation that the busiest node measured.`,
    legend: [['originated', 'var(--c0)'], ['relayed', 'var(--c1)'], ['of others', 'var(--c2)'], ['measured, the most', 'var(--ink)', true]],
    picture: clockStack(steps, ['var(--c0)', 'var(--c1)', 'var(--c2)'], { xMost: endS, yMost, yText: percent, guides: [[250, '25 %'], [400, '40 %']], lines: [{ points: busy, color: 'var(--ink)' }] }),
    head: ['from', 'originated', 'relayed', 'of others', 'measured, mean', 'measured, most', 'collided', 'decoded'],
    rows: R.time.map((slot) => [span(seconds(slot.at_us)), micro(slot.airtime_own_us), micro(slot.airtime_relayed_us), micro(slot.airtime_foreign_us), percent(slot.busy_mean_permille), percent(slot.busy_most_permille), count(slot.collided), count(slot.decoded)]),
  });
  if (R.totals.pairs === 0 && R.kinds.length > 0) byKind(grid);
  busyLines(grid);
  losses(grid);
}

/** One line for each node out of the series, when there are not too many to tell apart. */
function nodeLines(name, scale) {
  return R.series.filter((one) => one[name]).slice(0, 12).map((one, index) => ({
    name: named(one.id), color: palette[index % palette.length], dash: index >= palette.length ? '5 3' : undefined,
    points: one[name].flatMap((value, slot) => (value === null ? [] : [[seconds(R.time[slot].at_us + R.time[slot].length_us), scale(value)]])),
  }));
}
const legendOf = (lines) => lines.map((line) => [line.name, line.color, true]);

function busyLines(grid) {
  const lines = nodeLines('busy_permille', (value) => value);
  if (lines.length === 0) return;
  figure(grid, {
    title: 'Utilisation by node', text: `What each radio measured of its channel${R.series.length > 12 ? '; the first 12 nodes' : ''}.`, legend: legendOf(lines),
    picture: clockLines(lines, { xMost: endS, yMost: Math.max(20, R.totals.busy_peak_permille), yText: percent, guides: [[250, '25 %'], [400, '40 %']] }),
    head: ['node', 'the most'], rows: R.nodes.map((node) => [named(node.id), percent(node.busy_peak_permille)]),
  });
}

function losses(grid) {
  const total = (node) => kFates.reduce((sum, [key]) => sum + node[key], 0);
  const rows = [...R.nodes].sort((a, b) => b.collided - a.collided);
  const top = rows.slice(0, kShown);
  const t = R.totals;
  figure(grid, {
    title: 'Losses by cause', text: `What became of ${count(total(t))} frames at antennas, by the node that should hear: ${count(t.collided)} collided, ${count(t.weak)} too weak or lost to noise, ${count(t.deaf)} while sending.`,
    legend: kFates.map(([, name, color]) => [name, color]),
    picture: bars(top.map((node) => ({
      label: named(node.id), parts: kFates.map(([key, name, color]) => ({ value: node[key], color, name: `${name} ${count(node[key])}` })),
      text: `${count(node.collided + node.weak + node.deaf + node.off)} of ${count(total(node))} lost`,
    })), { most: Math.max(1, ...top.map(total)), room: 130 }),
    head: ['node', ...kFates.map(([, name]) => name), 'refused as forged or stale'],
    rows: rows.map((node) => [named(node.id), ...kFates.map(([key]) => count(node[key])), count(node.frames_refused)]),
  });
}

function energy() {
  const known = R.nodes.filter((node) => node.energy_mj !== null);
  if (known.length === 0 && !R.nodes.some((node) => node.battery_permille !== node.battery_first_permille)) return;
  const grid = section('How long do batteries last?', 'Radio, computer and body together, at the average draw of this run.');
  if (known.length > 0) {
    const rows = [...known].sort((a, b) => (a.full_battery_lasts_s ?? Infinity) - (b.full_battery_lasts_s ?? Infinity));
    const most = Math.max(1, ...rows.map((node) => node.full_battery_lasts_s ?? 0));
    figure(grid, {
      title: 'A full battery lasts', text: rows.length > kShown ? `The shortest ${kShown} of ${rows.length}.` : 'From full to empty.',
      picture: bars(rows.slice(0, kShown).map((node) => ({
        label: named(node.id), parts: [{ value: node.full_battery_lasts_s ?? 0, color: 'var(--c3)', name: span(node.full_battery_lasts_s) }], text: span(node.full_battery_lasts_s),
      })), { most }),
      head: ['node', 'spent', 'draw', 'battery at first', 'at the end', 'a full one lasts'],
      rows: rows.map((node) => [named(node.id), `${(node.energy_mj / 1000).toFixed(1)} J`, spanS > 0 ? `${(node.energy_mj / spanS).toFixed(0)} mW` : '–', percent(node.battery_first_permille), percent(node.battery_permille), span(node.full_battery_lasts_s)]),
    });
  }
  const lines = nodeLines('battery_permille', (value) => value);
  const fell = R.nodes.some((node) => Math.abs(node.battery_first_permille - node.battery_permille) >= 20);
  if (lines.length === 0 || !fell) return;
  figure(grid, {
    title: 'Charge over time', text: 'Of each node\u2019s battery.', legend: legendOf(lines),
    picture: clockLines(lines, { xMost: endS, yMost: 1000, yText: percent }),
    head: ['node', 'at first', 'at the end'], rows: R.nodes.map((node) => [named(node.id), percent(node.battery_first_permille), percent(node.battery_permille)]),
  });
}

function purses() {
  const owners = R.nodes.filter((node) => node.purse_capacity_us !== null);
  if (owners.length === 0) return;
  const share = R.run.purse_share_permille;
  const grid = section('Is it polite?', 'Each node pays the whole price of what it sends, relays and acknowledgements by others included, out of a purse that fills by its share of the time. Without credit only an alert may pass.');
  const lines = nodeLines('purse_lowest_us', (us) => us / 1e6);
  const capacity = Math.max(...owners.map((node) => node.purse_capacity_us)) / 1e6;
  figure(grid, {
    title: 'Credit over time', text: `The lowest in each ${span(seconds(R.run.slot_us))}; a full purse has ${span(capacity)} of air.`, legend: legendOf(lines),
    picture: clockLines(lines, { xMost: endS, yMost: capacity, yText: span }),
    head: ['node', 'lowest', 'full'], rows: owners.map((node) => [named(node.id), micro(node.purse_lowest_us), micro(node.purse_capacity_us)]),
  });
  const earned = (node) => node.purse_capacity_us + (share * spanS * 1e6) / 1000;
  const rows = [...owners].sort((a, b) => b.price_us - a.price_us);
  const most = Math.max(...rows.map((node) => Math.max(node.price_us, share > 0 ? earned(node) : 0)));
  figure(grid, {
    title: 'Paid, against the share', text: share > 0 ? `Most that each may pay in ${span(spanS)}: a full purse and ${percent(share)} of the time.` : 'The share is not in this recording.',
    legend: [['paid', 'var(--c0)'], ...(share > 0 ? [['might still have been paid', 'var(--faint)']] : [])],
    picture: bars(rows.slice(0, kShown).map((node) => ({
      label: named(node.id),
      parts: [{ value: node.price_us, color: 'var(--c0)', name: `paid ${micro(node.price_us)}` }, ...(share > 0 ? [{ value: Math.max(0, earned(node) - node.price_us), color: 'var(--faint)', name: 'left' }] : [])],
      text: `${micro(node.price_us)}${share > 0 ? ` of ${micro(Math.round(earned(node)))}` : ''}`,
    })), { most, room: 150 }),
    head: ['node', 'paid', 'of the time'], rows: rows.map((node) => [named(node.id), micro(node.price_us), percent(spanS > 0 ? Math.round(node.price_us / 1e3 / spanS) : null)]),
  });
}

const kSteps = { asked: '--c1', offered: '--c4', taken: '--c4', 'en route': '--c5', photo: '--c6', classified: '--c6', delta: '--c0', applied: '--c0', resumed: '--c3', ended: '--dark' };

function jobs() {
  const list = R.jobs.filter((job) => job.nonce !== '00000000' || job.steps.length > 1);
  if (list.length === 0) return;
  const grid = section('How was help given?');
  const shown = list.slice(0, 20);
  const times = shown.flatMap((job) => job.steps.map((step) => seconds(step.at_us)));
  const first = Math.floor(Math.min(...times));
  const last = Math.max(first + 1, Math.ceil(Math.max(...times) + (Math.max(...times) - first) * 0.06));
  const lane = 54;
  const names = 110;
  const wide = 1240 - names - 20;
  const svg = shape('svg', { viewBox: `0 0 1240 ${shown.length * lane + 24}` });
  const x = (us) => round(names + ((seconds(us) - first) / (last - first)) * wide);
  const step = clockTicks(last - first)[1] ?? 1;
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) {
    svg.append(shape('line', { x1: x(at * 1e6), x2: x(at * 1e6), y1: 0, y2: shown.length * lane, class: 'axis' }),
      label(x(at * 1e6), shown.length * lane + 16, clockText(at), { 'text-anchor': 'middle' }));
  }
  shown.forEach((job, index) => {
    const y = index * lane + 30;
    svg.append(label(names - 10, y + 4, `${named(job.asker)} ${job.nonce.slice(0, 4)}`, { 'text-anchor': 'end', class: 'strong' }));
    job.steps.slice(0, -1).forEach((step, i) => {
      const color = `var(${kSteps[step.step] ?? '--c2'})`;
      svg.append(shape('rect', { x: x(step.at_us), y: y - 5, width: Math.max(1, x(job.steps[i + 1].at_us) - x(step.at_us)), height: 10, fill: color }, tip(`${step.step} at ${span(seconds(step.at_us))}`)));
    });
    let ends = [-1, -1];
    job.steps.forEach((step) => {
      const at = x(step.at_us);
      svg.append(shape('circle', { cx: at, cy: y, r: 5, fill: `var(${kSteps[step.step] ?? '--c2'})`, stroke: 'var(--surface)', 'stroke-width': 1.5 }, tip(`${step.step} ${step.text} at ${span(seconds(step.at_us))}`)));
      const row = ends.findIndex((end) => at > end);
      if (row < 0) return;
      svg.append(label(at - 4, row === 0 ? y - 11 : y + 19, step.step));
      ends[row] = at + step.step.length * 6.6 + 4;
    });
  });
  figure(grid, {
    title: 'Jobs from asking to the end', text: `${list.length} job${list.length > 1 ? 's' : ''}${list.length > 20 ? '; the first 20' : ''}. A bar's colour is the step that had been reached.`, picture: svg, wide: true,
    head: ['job', 'asked by', 'helper', 'step', 'at', ''], texts: 4,
    rows: list.flatMap((job) => job.steps.map((step) => [job.nonce, named(job.asker), named(job.helper), step.step, span(seconds(step.at_us)), step.text])),
  });
}

heading();
delivery();
spread();
airtime();
energy();
purses();
jobs();
openTablesInPrint();
