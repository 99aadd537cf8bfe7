/** What nodes and world had to say, newest first. */
import type { LogLine } from '../feed/types';
import { nameOf } from '../nodes/words';
import { h, keyed, setText } from './dom';
import type { State } from './store';
import { clockText } from './text';

export function logPanel(parent: HTMLElement): (state: State) => void {
  const list = h('ul', { class: 'log', attrs: { 'aria-label': 'Log, newest first' } });
  const empty = h('p', { class: 'empty' }, 'Nothing has been said yet.');
  const serials = new WeakMap<LogLine, number>();
  let next = 0;
  parent.append(list, empty);
  return ({ world }) => {
    for (const line of world.log) if (!serials.has(line)) serials.set(line, next++);
    empty.hidden = world.log.length > 0;
    keyed(list, [...world.log].reverse(), (line) => String(serials.get(line)), () => h('li', {}, h('time'), h('span', { class: 'who' }), h('span')),
      (item, line) => {
        const [time, who, text] = Array.from(item.children);
        if (time) setText(time, clockText(line.t, 2));
        if (who) setText(who, nameOf(world, line.node));
        if (text) setText(text, line.text);
      });
  };
}
