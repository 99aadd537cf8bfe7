/** Everything the feed says about one node, and the one thing that can be done to it. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { agoText, clockText, db, dbm, durationText, percent, shortDigest, tileText } from '../app/text';
import { can, type World } from '../feed/reduce';
import type { Card, Control, Digests, Neighbour } from '../feed/types';
import { placeWords } from '../map/radio_words';
import { abilities } from './abilities';
import { PursePlot } from './purse_plot';
import { called, heardWords, moodOf, moodWord, nameOf, pursePermille } from './words';

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

type Row = readonly [term: string, text: string];

function digestRows(digests: Digests, world: World): Row[] {
  const known = Object.values(world.nodes).filter((other) => other.digests);
  const same = known.filter((other) => other.digests?.ledger === digests.ledger).length;
  return [
    ['Policy digest', shortDigest(digests.policy)],
    ['Facts digest', shortDigest(digests.facts)],
    ['Registry digest', shortDigest(digests.registry)],
    ['Ledger digest', `${shortDigest(digests.ledger)} · same as ${same} of ${known.length}`],
  ];
}

function hearingRows(card: Card, t: number): Row[] {
  const { heard } = card;
  if (heard === undefined) return [];
  if (heard === null) return [['Heard', 'not yet; all else comes from its enrolment']];
  const rows: Row[] = [['Last frame', heardWords(card, t).replace(/^heard /, '')]];
  if (heard.rssi_cdbm !== undefined) rows.push(['At a level of', dbm(heard.rssi_cdbm)]);
  if (!heard.live) rows.push(['Live', 'not proved yet: what it says does not count']);
  return rows;
}

/** Compotastic's roles by their names, a plain radio's as Meshtastic calls it. */
function roleText(role: string): string {
  return role === 'cat' ? 'Cat' : role === 'compot' ? 'Compot' : role.replaceAll('_', ' ');
}

function placeText({ at, at_us, place_m }: Card, t: number): string {
  if (place_m) return placeWords(place_m);
  if (!at) return 'unknown';
  return at_us === undefined ? tileText(at) : `${tileText(at)}, ${agoText(t - at_us)}`;
}

/** Whatever is known of it has a row. */
export function rows(card: Card, world: World): Row[] {
  const counted: (readonly [string, number | undefined, (value: number) => string])[] = [
    ['Sites left', card.sites_left, String],
    ['Frames queued in its radio', card.queue, String],
    ['Channel busy', card.busy_permille, percent],
    ['Airtime used', card.airtime_us, durationText],
    ['Frames dropped', card.dropped, (value) => `${value} forged, stale or malformed`],
  ];
  return [
    ['Role', roleText(card.role)],
    ['Address', card.id],
    ...hearingRows(card, world.t),
    [card.place_m ? 'Place' : 'Tile', placeText(card, world.t)],
    ...counted.flatMap(([term, value, text]): Row[] => (value === undefined ? [] : [[term, text(value)]])),
    ...(card.digests ? digestRows(card.digests, world) : []),
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
  const hears = h('h2', { class: 'head' }, 'Neighbours, as it hears them');
  const alone = h('p', { class: 'quiet small' }, 'It has heard nobody yet.');
  const box = h('section', { class: 'inspector', id: 'inspector', attrs: { 'aria-label': 'Inspector' } },
    h('div', { class: 'title' }, h('div', { class: 'row' }, title, chip), power),
    battery.element, purse.element, plotAt,
    hears, neighbours, alone,
    h('h2', { class: 'head' }, 'State'), facts);
  const updateAbilities = abilities(box);
  const invite = h('p', { class: 'empty' }, 'Choose a node here or on the field to look inside.');
  parent.append(box, invite);
  const plot = new PursePlot(plotAt);
  let shown = '';
  power.addEventListener('click', () => {
    const card = store.state.world.nodes[shown];
    if (card) void act({ do: card.alive === false ? 'revive' : 'drop', node: card.id });
  });

  return (state) => {
    const { world, view } = state;
    const card = view.selected === null ? undefined : world.nodes[view.selected];
    box.hidden = !card;
    invite.hidden = Boolean(card) || Object.keys(world.nodes).length === 0;
    if (!card) return;
    if (shown !== card.id) plot.clear();
    shown = card.id;
    setText(title, called(card));
    setText(chip, moodWord(card));
    setAttr(chip, 'data-mood', moodOf(card));
    const off = card.alive === false;
    setText(power, off ? `Revive ${called(card)}` : `Drop ${called(card)}`);
    power.hidden = !can(world, off ? 'revive' : 'drop');
    battery.element.hidden = card.battery_permille === undefined;
    if (card.battery_permille !== undefined) battery.set(card.battery_permille, percent(card.battery_permille));
    purse.element.hidden = plotAt.hidden = !card.purse;
    if (card.purse) {
      const { balance_us, capacity_us } = card.purse;
      purse.set(pursePermille(card.purse), `${durationText(balance_us)} left of ${durationText(capacity_us)}`);
      plot.show(world.purses[card.id] ?? [], capacity_us);
    }
    keyed(facts, rows(card, world).flatMap(([term, value]) => [['dt', term, term] as const, ['dd', term, value] as const]),
      ([tag, term]) => tag + term, ([tag]) => h(tag), (element, [, , text]) => setText(element, text));
    const near = card.neighbours ?? [];
    hears.hidden = !card.neighbours;
    alone.hidden = !card.neighbours || near.length > 0;
    updateAbilities(state);
    keyed(neighbours, near, (one) => one.id, makeNeighbour, (item, one) => updateNeighbour(item, one, world));
  };
}
