/** Every transmission, newest first; one at a time can be opened to see who got it. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { clockText, db, dbm, durationText } from '../app/text';
import type { World } from '../feed/reduce';
import { kFates, type Packet, type Reception } from '../feed/types';
import { called, nameOf, nodesInOrder, senderOf } from '../nodes/words';
import { isRelay, kFateMarks, kFateWords } from './fates';
import { glyph } from './glyph';
import { family } from './kinds';

export interface Filter {
  readonly kind: string;
  readonly node: string;
  readonly fate: string;
}

export const kNoFilter: Filter = { kind: '', node: '', fate: '' };

/** Newest first. A node matches as sender, as author and as one that decoded it. */
export function filtered(packets: readonly Packet[], filter: Filter): Packet[] {
  const touches = (packet: Packet) =>
    packet.tx === filter.node || packet.from === filter.node ||
    (packet.fates ?? []).some((rx) => rx.id === filter.node && rx.fate === 'decoded');
  return packets
    .filter((packet) => (filter.kind === '' || packet.kind === filter.kind) && (filter.node === '' || touches(packet)) &&
      (filter.fate === '' || (packet.fates ?? []).some((rx) => rx.fate === filter.fate)))
    .reverse();
}

const fateMark = (rx: Reception, world: World): HTMLElement =>
  h('span', { class: 'fate', attrs: { 'data-fate': rx.fate, title: `${nameOf(world, rx.id)}: ${kFateWords[rx.fate]}` } }, kFateMarks[rx.fate]);

function detail(packet: Packet, world: World): HTMLElement {
  const rows: [string, string][] = [
    ['Author', nameOf(world, packet.from)], ['Sent by', senderOf(world, packet.tx) + (isRelay(packet) ? ', relaying' : '')],
    ['Packet', packet.packet], ['Length', `${packet.bytes} bytes`], ['On the air', durationText(packet.air_us)],
    ['Paid from the purse', packet.price_us > 0 ? durationText(packet.price_us) : 'nothing'], ['Hops left', String(packet.hops)],
  ];
  const receivers = (packet.fates ?? []).map((rx) =>
    h('li', {}, fateMark(rx, world), h('strong', {}, nameOf(world, rx.id)), h('span', {}, kFateWords[rx.fate]),
      h('span', { class: 'quiet' }, `${dbm(rx.rssi_cdbm)}, ${db(rx.snr_cdb)}`)));
  return h('div', { class: 'detail' },
    h('dl', { class: 'facts' }, ...rows.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)])),
    packet.fates ? h('ul', { class: 'rx', attrs: { 'aria-label': 'Receivers' } }, ...receivers) : h('p', { class: 'quiet small' }, 'Still on the air.'));
}

function makeLine(store: Store, packet: Packet): HTMLLIElement {
  const { flight } = packet;
  const toggle = () => store.look({ opened: store.state.view.opened === flight ? null : flight });
  const enter = () => store.look({ hovered: flight });
  const leave = () => {
    if (store.state.view.hovered === flight) store.look({ hovered: null });
  };
  const button = h('button', {
    class: 'line', attrs: { type: 'button', 'data-family': family(packet.kind), 'aria-expanded': 'false' },
    on: { click: toggle, mouseenter: enter, mouseleave: leave, focus: enter, blur: leave },
  }, h('span'), h('span', { class: 'mono quiet' }, clockText(packet.t, 2)), h('span'), h('span', { class: 'marks' }));
  button.firstElementChild?.append(glyph(family(packet.kind)));
  button.children[2]?.append(h('span', { class: 'kind' }, packet.kind), ' ', h('span', { class: 'who' }));
  return h('li', {}, button);
}

function updateLine(item: HTMLElement, packet: Packet, { world, view }: State): void {
  const button = item.firstElementChild as HTMLElement;
  const open = view.opened === packet.flight;
  const from = nameOf(world, packet.from);
  const who = button.querySelector('.who');
  if (who) setText(who, isRelay(packet) ? `${from} via ${senderOf(world, packet.tx)}` : from);
  const marks = button.lastElementChild as HTMLElement;
  const told = packet.fates ? 'told' : 'flying';
  if (marks.dataset['told'] !== told) {
    marks.dataset['told'] = told;
    marks.replaceChildren(...(packet.fates ? packet.fates.map((rx) => fateMark(rx, world)) : [h('span', { class: 'quiet' }, 'on air')]));
  }
  setAttr(button, 'aria-expanded', open ? 'true' : 'false');
  setAttr(button, 'data-lit', view.hovered === packet.flight ? 'true' : 'false');
  const shown = item.children[1] as HTMLElement | undefined;
  if (!open) shown?.remove();
  else if (shown?.dataset['told'] !== told) {
    shown?.remove();
    const box = detail(packet, world);
    box.dataset['told'] = told;
    item.append(box);
  }
}

function options(select: HTMLSelectElement, all: string, pairs: readonly (readonly [string, string])[]): void {
  keyed(select, [['', all] as const, ...pairs], ([value]) => `v${value}`, ([value]) => h('option', { attrs: { value } }),
    (option, [, text]) => setText(option, text));
}

export function packetLog(parent: HTMLElement, store: Store): (state: State) => void {
  let filter = kNoFilter;
  const kinds = h('select', { attrs: { 'aria-label': 'Kind' } });
  const nodes = h('select', { attrs: { 'aria-label': 'Node' } });
  const fates = h('select', { attrs: { 'aria-label': 'Fate at a receiver' } });
  const list = h('ul', { class: 'packets', attrs: { 'aria-label': 'Packets, newest first' } });
  const empty = h('p', { class: 'empty' });
  const spared = h('p', { class: 'quiet small' });
  parent.append(h('div', { class: 'filters' }, kinds, nodes, fates), spared, list, empty);
  const draw = (state: State) => {
    const { world } = state;
    options(kinds, 'All kinds', [...new Set(world.packets.map((packet) => packet.kind))].sort().map((kind) => [kind, kind]));
    options(nodes, 'All nodes', nodesInOrder(world).map((card) => [card.id, called(card)]));
    options(fates, 'Any fate', kFates.map((fate) => [fate, `${kFateMarks[fate]} ${kFateWords[fate]}`]));
    const lines = filtered(world.packets, filter);
    setText(empty, world.packets.length === 0 ? 'Nothing has been sent yet.' : 'No packet fits this filter.');
    empty.hidden = lines.length > 0;
    spared.hidden = world.skipped === 0;
    setText(spared, `${world.skipped} transmissions were left out: this connection is slower than the swarm.`);
    keyed(list, lines, (packet) => packet.flight, (packet) => makeLine(store, packet), (item, packet) => updateLine(item, packet, state));
  };
  const refilter = () => {
    filter = { kind: kinds.value, node: nodes.value, fate: fates.value };
    draw(store.state);
  };
  kinds.addEventListener('change', refilter);
  nodes.addEventListener('change', refilter);
  fates.addEventListener('change', refilter);
  return draw;
}
