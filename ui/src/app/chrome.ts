/** The frame of the page: connection, scenario, outcome, title. */
import type { World } from '../feed/reduce';
import type { LinkStatus } from '../feed/socket';
import type { Source } from '../feed/types';
import { called, moodOf } from '../nodes/words';
import { h, setAttr, setText } from './dom';
import type { State } from './store';

const kSourceWords: Readonly<Record<Source, string>> = { live: 'Live', recording: 'Recording', node: 'Real node' };

export function linkText(link: LinkStatus, world: World): string {
  switch (link.kind) {
    case 'connecting': return 'Connecting…';
    case 'open': return world.ready ? kSourceWords[world.source] : 'Waiting for the swarm…';
    case 'waiting': return 'Not connected';
  }
}

export function linkStatus(parent: HTMLElement, scenario: HTMLElement, retry: () => void): (state: State) => void {
  const text = h('span', { attrs: { role: 'status' } });
  const again = h('button', { class: 'plain', attrs: { type: 'button' }, on: { click: retry } }, 'Retry now');
  parent.append(text, again);
  return ({ link, world }) => {
    setAttr(parent, 'data-kind', link.kind);
    setAttr(scenario, 'data-source', world.source);
    setText(text, linkText(link, world));
    setAttr(parent, 'title', link.kind === 'waiting' ? link.reason : undefined);
    again.hidden = link.kind !== 'waiting';
    setText(scenario, world.scenario);
  };
}

/** Tells the style how high the bar is: on a phone it stays in sight, and the tabs stay under it. */
export function measureBar(bar: HTMLElement): void {
  new ResizeObserver(() => document.documentElement.style.setProperty('--bar', `${bar.offsetHeight}px`)).observe(bar);
}

/** The outcome in the server's own words; while nothing is there to show, why. */
export function banner(box: HTMLElement): (state: State) => void {
  const head = h('strong');
  const text = h('span');
  box.append(head, text);
  let lost = ''; // why, from the loss until a new connection stands: each try must not hide it
  return ({ world, link }) => {
    const { finished, outcome, reason } = world.clock;
    if (link.kind === 'waiting') lost = link.reason;
    if (link.kind === 'open') lost = '';
    if (lost !== '') {
      setText(head, 'Not connected to a swarm');
      setText(text, `${lost}; trying again${world.ready ? '. What you see is what was last heard.' : '.'}`);
    } else if (finished) {
      setText(head, outcome === '' ? 'The story has ended' : outcome);
      setText(text, reason === '' ? 'The story has come to its end.' : reason);
    } else if (!world.ready) {
      setText(head, 'Waiting for the swarm');
      setText(text, 'The first picture of it is on its way.');
    }
    setAttr(box, 'data-kind', lost !== '' ? 'lost' : finished ? 'over' : 'wait');
    box.hidden = !finished && lost === '' && world.ready;
  };
}

export function titleText(world: World): string {
  const blocked = Object.values(world.nodes).find((card) => moodOf(card) === 'blocked');
  const state = world.clock.finished ? world.clock.outcome : blocked ? `${called(blocked)} is blocked` : '';
  const node = world.source === 'node' ? `${world.scenario}, a real node` : '';
  return [state, node, 'Compotastic'].filter(Boolean).join(' · ');
}
