/** The nodes as a list of buttons: the canvas's alternative for eyes, keyboard and screen reader. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { percent, tileText } from '../app/text';
import type { Card } from '../feed/types';
import { called, face, moodWord, nodesInOrder, pursePermille } from './words';

function make(store: Store, card: Card): HTMLLIElement {
  const pick = () => store.look({ selected: store.state.view.selected === card.id ? null : card.id });
  return h('li', {},
    h('button', { class: 'node', attrs: { type: 'button' }, on: { click: pick } },
      h('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }),
      h('span', { class: 'name' }),
      h('span', { class: 'chip' }),
      h('span', { class: 'meta' }, h('span'), h('span'), h('span'), h('span'))));
}

function update(item: HTMLElement, card: Card, selected: boolean): void {
  const button = item.firstElementChild as HTMLElement;
  const [faceAt, name, chip, meta] = Array.from(button.children) as HTMLElement[];
  const [where, battery, purse, queue] = Array.from(meta?.children ?? []);
  setAttr(button, 'aria-pressed', selected ? 'true' : 'false');
  setAttr(button, 'data-mood', card.mood);
  setAttr(button, 'data-alive', card.alive ? 'true' : 'false');
  if (faceAt) setText(faceAt, face(card));
  if (name) setText(name, called(card));
  if (chip) setText(chip, moodWord(card));
  if (where) setText(where, `tile ${tileText(card.at)}`);
  if (battery) setText(battery, `battery ${percent(card.battery_permille)}`);
  if (purse) setText(purse, `purse ${percent(pursePermille(card))}`);
  if (queue) setText(queue, card.queue > 0 ? `${card.queue} queued` : '');
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
      (item, card) => update(item, card, view.selected === card.id));
  };
}
