/** What the swarm has written down together, and how far each entry has spread. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State } from '../app/store';
import { clockText } from '../app/text';
import type { World } from '../feed/reduce';
import { called, nameOf, nodesInOrder } from '../nodes/words';
import { entries, type Entry } from './entries';

function make(): HTMLLIElement {
  return h('li', {}, h('span', {}, h('strong'), ' ', h('span', { class: 'quiet small' })),
    h('span', { class: 'holders' }, h('span', { class: 'dots', attrs: { 'aria-hidden': 'true' } }), h('span')), h('span', { class: 'text' }));
}

function update(item: HTMLElement, entry: Entry, world: World): void {
  const nodes = nodesInOrder(world).filter((card) => card.heard === undefined); // what a peer holds is not known
  const [head, holders, text] = Array.from(item.children) as HTMLElement[];
  const [author, when] = Array.from(head?.children ?? []);
  const [dots, count] = Array.from(holders?.children ?? []) as HTMLElement[];
  if (author) setText(author, nameOf(world, entry.author));
  if (when) setText(when, `entry ${entry.n} · ${clockText(entry.t, 2)}`);
  if (text) setText(text, entry.text);
  if (count) setText(count, `${entry.holders.size} of ${nodes.length} hold it`);
  if (dots) {
    keyed(dots, nodes, (card) => card.id, () => h('i'), (dot, card) => {
      setAttr(dot, 'data-has', entry.holders.has(card.id) ? 'true' : 'false');
      setAttr(dot, 'title', called(card));
    });
  }
}

export function ledgerList(parent: HTMLElement): (state: State) => void {
  const list = h('ul', { class: 'ledger', attrs: { 'aria-label': 'Ledger, newest first' } });
  const empty = h('p', { class: 'empty' }, h('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }, '-.-'),
    'Nothing is written yet. The outcome of each job is written here by those who took part.');
  parent.append(list, empty);
  return ({ world }) => {
    const all = entries(world);
    empty.hidden = all.length > 0;
    keyed(list, all, (entry) => `${entry.author}/${entry.n}`, make, (item, entry) => update(item, entry, world));
  };
}
