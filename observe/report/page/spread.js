/* One packet on its way: who had it when, on a map and in a table. */
'use strict';

function placeOf(id, us) {
  const node = byId.get(id);
  let place = node?.path[0] ?? null;
  for (const stop of node?.path ?? []) if (stop[0] <= us) place = stop;
  return place;
}

/** Each node's first copy: from whom, when, on which hop. */
function arrivals(packet) {
  const first = new Map();
  for (const flight of [...packet.flights].sort((a, b) => a.at_us + a.air_us - b.at_us - b.air_us)) {
    for (const [id, fate, rssi, snr] of flight.heard) {
      if ((fate !== 'decoded' && fate !== 'duplicate') || id === packet.from || first.has(id)) continue;
      first.set(id, { id, by: flight.tx, at: flight.at_us + flight.air_us - packet.at_us, hop: flight.hop, rssi, snr });
    }
  }
  return first;
}

function spreadMap(packet, first, until) {
  const places = R.nodes.map((node) => [node, placeOf(node.id, packet.at_us)]).filter(([, place]) => place);
  const xs = places.map(([, place]) => place[1]);
  const ys = places.map(([, place]) => place[2]);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = Math.max(Math.max(...xs) - left, Math.max(...ys) - top, 1);
  const margin = 34;
  const scale = (600 - 2 * margin) / size;
  const high = (Math.max(...ys) - top) * scale + 2 * margin;
  const svg = shape('svg', { viewBox: `0 0 600 ${round(Math.max(high, 160))}`, role: 'img' });
  const at = (id) => { const place = placeOf(id, packet.at_us); return place ? [round(margin + (place[1] - left) * scale), round(margin + (place[2] - top) * scale)] : null; };
  const few = places.length <= 40;
  for (const one of first.values()) {
    if (one.at > until || !at(one.by)) continue;
    const [x1, y1] = at(one.by);
    const [x2, y2] = at(one.id);
    svg.append(shape('line', { x1, y1, x2, y2, stroke: palette[(one.hop - 1) % palette.length], 'stroke-width': few ? 2 : 1, 'stroke-dasharray': one.hop > 1 ? '7 4' : undefined },
      tip(`${named(one.by)} to ${named(one.id)}, hop ${one.hop}, ${milliseconds(Math.round(one.at / 1000))}`)));
  }
  for (const [node] of places) {
    const [x, y] = at(node.id);
    const got = first.get(node.id);
    const has = got && got.at <= until;
    const origin = node.id === packet.from;
    svg.append(shape('circle', { cx: x, cy: y, r: few ? 8 : 4, fill: origin ? 'var(--ink)' : has ? palette[(got.hop - 1) % palette.length] : 'var(--surface)', stroke: origin || has ? 'var(--surface)' : 'var(--ink2)', 'stroke-width': 1.5 },
      tip(origin ? `${named(node.id)} sent it` : has ? `${named(node.id)} after ${milliseconds(Math.round(got.at / 1000))}` : `${named(node.id)} does not have it`)));
    if (few) svg.append(label(x, y - 12, named(node.id), { 'text-anchor': 'middle', class: 'strong' }));
  }
  const lengths = [1, 2, 5].flatMap((one) => [1, 10, 100, 1000, 10000].map((power) => one * power)).sort((a, b) => a - b);
  const bar = lengths.filter((one) => one * scale <= 150).pop() ?? 1;
  const y = round(Math.max(high, 160)) - 6;
  svg.append(shape('path', { d: `M6 ${y - 5}V${y}H${round(6 + bar * scale)}V${y - 5}`, class: 'axis', style: 'stroke:var(--ink2)' }), label(12 + bar * scale, y, metres(bar)));
  return svg;
}

function spread() {
  const packets = R.packets.filter((packet) => packet.flights.length > 0 && packet.pairs > 0);
  if (packets.length === 0) return;
  const grid = section('How does a packet spread?');
  const every = R.run.packets_between_stories;
  const hops = ['direct', 'second hop', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];
  const deepest = Math.max(...packets.flatMap((packet) => [...arrivals(packet).values()].map((one) => one.hop)), 1);
  const pick = el('select', { 'aria-label': 'Packet' }, ...packets.map((packet, index) =>
    el('option', { value: index }, `${span(seconds(packet.at_us))}  ${packet.kind} from ${named(packet.from)}  (${packet.reached}/${packet.pairs})`)));
  const slider = el('input', { type: 'range', min: 0, max: 1000, value: 1000, 'aria-label': 'Time since it was sent' });
  const clock = el('output', {});
  const move = (step) => () => { pick.selectedIndex = Math.min(packets.length - 1, Math.max(0, pick.selectedIndex + step)); choose(); };
  const button = (text, name, step) => { const one = el('button', { type: 'button', 'aria-label': name }, text); one.addEventListener('click', move(step)); return one; };
  const map = el('div', {});
  const side = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Who had it when' });
  const text = el('p', {}, '');
  const draw = () => {
    const packet = packets[pick.selectedIndex];
    const first = arrivals(packet);
    const last = Math.max(1, ...[...first.values()].map((one) => one.at), ...packet.flights.map((flight) => flight.at_us + flight.air_us - packet.at_us));
    const until = (Number(slider.value) / 1000) * last;
    clock.textContent = milliseconds(Math.round(until / 1000));
    const svg = spreadMap(packet, first, until);
    const had = [...first.values()].filter((one) => one.at <= until).length;
    svg.setAttribute('aria-label', `${packet.kind} of ${named(packet.from)}: ${had} nodes have it after ${clock.textContent}`);
    map.replaceChildren(svg);
  };
  const choose = () => {
    const packet = packets[pick.selectedIndex];
    const first = [...arrivals(packet).values()];
    slider.value = 1000;
    const air = packet.flights.reduce((sum, flight) => sum + flight.air_us, 0);
    text.textContent = `${packet.kind}, packet ${packet.packet}, ${packet.to ? `for ${named(packet.to)}` : 'for everybody'}: ${packet.flights.length} transmission${packet.flights.length > 1 ? 's' : ''}, ${micro(air)} on the air, reached ${packet.reached} of ${packet.pairs}.`;
    side.replaceChildren(table(`From ${named(packet.from)} at ${span(seconds(packet.at_us))}`, ['node', 'first from', 'hop', 'after', 'RSSI', 'SNR'],
      first.map((one) => [named(one.id), named(one.by), one.hop, milliseconds(Math.round(one.at / 1000)), `${(one.rssi / 100).toFixed(1)} dBm`, `${(one.snr / 100).toFixed(1)} dB`]), 2));
    draw();
  };
  pick.addEventListener('change', choose);
  slider.addEventListener('input', draw);
  const box = figure(grid, {
    title: 'Who had it when', wide: true,
    text: `Lines show from whom each node first got it; colour is the hop, dashes are relays, hollow nodes do not have it.${every > 1 ? ` One packet in ${every} is kept.` : ''}`,
    legend: [['sent it', 'var(--ink)'], ...hops.slice(0, deepest).map((name, index) => [name, palette[index]])],
  });
  box.append(el('div', { class: 'tools' }, button('◀', 'Previous packet', -1), pick, button('▶', 'Next packet', 1), slider, clock), text, el('div', { class: 'two' }, map, side));
  // The one that spread farthest says most.
  pick.selectedIndex = packets.reduce((best, packet, index) => (packet.flights.length > packets[best].flights.length ? index : best), 0);
  choose();
}
