/** Everything the feed says about one node, and the one thing that can be done to it. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { clockText, db, durationText, percent, shortDigest, tileText } from '../app/text';
import type { World } from '../feed/reduce';
import type { Card, Control, Neighbour } from '../feed/types';
import { PursePlot } from './purse_plot';
import { called, moodWord, nameOf, pursePermille } from './words';

type Do = (control: Control) => Promise<boolean>;

interface Gauge {
  readonly element: HTMLElement;
  set(permille: number, text: string): void;
}

function gauge(label: string): Gauge {
  const value = h('span');
  const fill = h('i');
  const meter = h('span', { class: 'meter', attrs: { role: 'meter', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100 } }, fill);
  const element = h('div', { class: 'gauge' }, h('div', { class: 'row apart' }, h('span', { class: 'quiet' }, label), value), meter);
  return {
    element,
    set(permille, text) {
      const share = Math.max(0, Math.min(1000, permille)) / 10;
      fill.style.width = `${share}%`;
      setAttr(meter, 'aria-valuenow', Math.round(share));
      setAttr(meter, 'aria-valuetext', text);
      setAttr(meter, 'data-low', share < 15 ? 'true' : 'false');
      setText(value, text);
    },
  };
}

function rows(card: Card, world: World): (readonly [string, string])[] {
  const seen = Object.values(world.nodes).filter((other) => other.digests.ledger === card.digests.ledger).length;
  return [
    ['Role', card.role === 'cat' ? 'Cat' : card.role === 'compot' ? 'Compot' : card.role],
    ['Address', card.id],
    ['Tile', tileText(card.at)],
    ['Sites left', String(card.sites_left)],
    ['Frames queued in its radio', String(card.queue)],
    ['Channel busy', percent(card.busy_permille)],
    ['Airtime used', durationText(card.airtime_us)],
    ['Frames dropped', `${card.dropped} forged, stale or malformed`],
    ['Policy digest', shortDigest(card.digests.policy)],
    ['Facts digest', shortDigest(card.digests.facts)],
    ['Registry digest', shortDigest(card.digests.registry)],
    ['Ledger digest', `${shortDigest(card.digests.ledger)} · same as ${seen} of ${Object.keys(world.nodes).length}`],
  ];
}

/** −20 dB is where ShortFast ends and +10 dB is strong: the bar's ends. */
const snrShare = (snr_cdb: number): number => Math.max(4, Math.min(100, ((snr_cdb + 2000) / 3000) * 100));

function makeNeighbour(): HTMLLIElement {
  return h('li', {}, h('strong'), h('span', { class: 'meter', attrs: { 'aria-hidden': 'true' } }, h('i')), h('span'), h('span', { class: 'quiet' }));
}

function updateNeighbour(item: HTMLElement, one: Neighbour, world: World): void {
  const [name, meter, snr, heard] = Array.from(item.children) as HTMLElement[];
  if (name) setText(name, nameOf(world, one.id));
  (meter?.firstElementChild as HTMLElement).style.width = `${snrShare(one.snr_cdb)}%`;
  if (snr) setText(snr, db(one.snr_cdb));
  if (heard) setText(heard, `at ${clockText(one.heard_us, 0)}`);
}

export function inspector(parent: HTMLElement, store: Store, act: Do): (state: State) => void {
  const title = h('h2', { attrs: { tabindex: -1 } });
  const chip = h('span', { class: 'chip' });
  const power = h('button', { attrs: { type: 'button' } });
  const battery = gauge('Battery');
  const purse = gauge('Airtime purse');
  const plotAt = h('div', { class: 'plot', attrs: { role: 'img', 'aria-label': 'Purse balance over time; the figure is above' } });
  const facts = h('dl', { class: 'facts' });
  const neighbours = h('ul', { class: 'neighbours' });
  const alone = h('p', { class: 'quiet small' }, 'It has heard nobody yet.');
  const box = h('section', { class: 'inspector', id: 'inspector', attrs: { 'aria-label': 'Inspector' } },
    h('div', { class: 'title' }, h('div', { class: 'row' }, title, chip), power),
    battery.element, purse.element, plotAt,
    h('h2', { class: 'head' }, 'Neighbours, as it hears them'), neighbours, alone,
    h('h2', { class: 'head' }, 'State'), facts);
  const invite = h('p', { class: 'empty' }, 'Choose a node here or on the field to look inside.');
  parent.append(box, invite);
  const plot = new PursePlot(plotAt);
  let shown = '';
  power.addEventListener('click', () => {
    const card = store.state.world.nodes[shown];
    if (card) void act({ do: card.alive ? 'drop' : 'revive', node: card.id });
  });

  return ({ world, view }) => {
    const card = view.selected === null ? undefined : world.nodes[view.selected];
    box.hidden = !card;
    invite.hidden = Boolean(card) || Object.keys(world.nodes).length === 0;
    if (!card) return;
    if (shown !== card.id) plot.clear();
    shown = card.id;
    setText(title, called(card));
    setText(chip, moodWord(card));
    setAttr(chip, 'data-mood', card.mood);
    setText(power, card.alive ? `Drop ${called(card)}` : `Revive ${called(card)}`);
    power.disabled = world.source === 'recording';
    battery.set(card.battery_permille, percent(card.battery_permille));
    const { balance_us, capacity_us } = card.purse;
    purse.set(pursePermille(card), `${durationText(balance_us)} left of ${durationText(capacity_us)}`);
    plot.show(world.purses[card.id] ?? [], capacity_us);
    keyed(facts, rows(card, world).flatMap(([term, value]) => [['dt', term, term] as const, ['dd', term, value] as const]),
      ([tag, term]) => tag + term, ([tag]) => h(tag), (element, [, , text]) => setText(element, text));
    alone.hidden = card.neighbours.length > 0;
    keyed(neighbours, card.neighbours, (one) => one.id, makeNeighbour, (item, one) => updateNeighbour(item, one, world));
  };
}
