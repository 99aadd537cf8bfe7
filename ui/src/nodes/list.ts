/** The nodes as a list of buttons: the canvas's alternative for eyes, keyboard and screen reader. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { percent, tileText } from '../app/text';
import type { Card } from '../feed/types';
import { placeWords } from '../map/radio_words';
import { called, face, heardWords, moodOf, moodWord, nodesInOrder, pursePermille } from './words';

/** A plain radio has no face. */
const kRadioMark = '(·)';

function make(store: Store, card: Card): HTMLLIElement {
  const pick = () => store.look({ selected: store.state.view.selected === card.id ? null : card.id });
  return h('li', {},
    h('button', { class: 'node', attrs: { type: 'button' }, on: { click: pick } },
      h('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }),
      h('span', { class: 'name' }),
      h('span', { class: 'chip' }),
      h('span', { class: 'meta' })));
}

/** What is known of a node, in a few words each. */
export function metaWords(card: Card, t: number): string[] {
  const out: string[] = [];
  if (card.place_m) out.push(placeWords(card.place_m));
  else if (card.heard !== null) out.push(card.at ? `tile ${tileText(card.at)}` : 'place unknown');
  if (card.battery_permille !== undefined) out.push(`battery ${percent(card.battery_permille)}`);
  if (card.purse) out.push(`purse ${percent(pursePermille(card.purse))}`);
  if (card.queue) out.push(`${card.queue} queued`);
  if (card.heard) out.push(heardWords(card, t));
  return out;
}

function update(item: HTMLElement, card: Card, t: number, selected: boolean): void {
  const button = item.firstElementChild as HTMLElement;
  const [faceAt, name, chip, meta] = Array.from(button.children) as HTMLElement[];
  setAttr(button, 'aria-pressed', selected ? 'true' : 'false');
  setAttr(button, 'data-mood', moodOf(card));
  setAttr(button, 'data-alive', card.alive === false || card.heard === null ? 'false' : 'true');
  if (faceAt) setText(faceAt, card.place_m ? kRadioMark : face(card));
  if (name) setText(name, called(card));
  if (chip) setText(chip, moodWord(card));
  if (meta) keyed(meta, [...metaWords(card, t).entries()], ([at]) => String(at), () => h('span'), (part, [, text]) => setText(part, text));
}

export function nodeList(parent: HTMLElement, store: Store): (state: State) => void {
  const list = h('ul', { class: 'node-list', attrs: { 'aria-label': 'Nodes' } });
  const empty = h('p', { class: 'empty' }, h('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }, '-.-'),
    'No node has been heard of yet.');
  parent.append(list, empty);
  return ({ world, view }) => {
    const nodes = nodesInOrder(world);
    empty.hidden = nodes.length > 0;
    keyed(list, nodes, (card) => card.id, (card) => make(store, card),
      (item, card) => update(item, card, world.t, view.selected === card.id));
  };
}
