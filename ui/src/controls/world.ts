/** The field as a table, and what a person can put on it or take from it. */
import { h, keyed, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { tileText } from '../app/text';
import { kObstacleKinds, kTools, type ObstacleKind, type Tool } from '../app/view';
import { can, type World } from '../feed/reduce';
import type { Obstacle, Tile } from '../feed/types';
import { seedForm } from './seed';
import type { Do } from './transport';

const kToolWords: Readonly<Record<Tool, string>> = {
  classify: 'Classify a picture', put: 'Put an obstacle', remove: 'Remove an obstacle',
};

const kKindWords: Readonly<Record<ObstacleKind, string>> = { MOVABLE: 'movable', IMMOVABLE: 'immovable', DANGEROUS: 'dangerous' };

/** What the swarm takes an obstacle for; nothing else is ever shown of it. */
export const believed = (obstacle: Obstacle): string => (obstacle.label === '' ? 'not classified' : obstacle.label.toLowerCase());

export function readTile(x: string, y: string, side: number): Tile | null {
  const within = (text: string) => /^\d{1,3}$/.test(text.trim()) && Number(text) < side;
  return within(x) && within(y) ? [Number(x), Number(y)] : null;
}

export interface Doing {
  readonly act: Do;
  readonly complain: (text: string) => void;
  readonly classify: (tile: Tile) => void;
}

/** The tool that a person has chosen, or the first that this world has; null when it has none. */
export function toolOf(world: World, chosen: Tool): Tool | null {
  return can(world, chosen) ? chosen : kTools.find((tool) => can(world, tool)) ?? null;
}

/** Does to a tile what the chosen tool does. */
export function useTool(store: Store, doing: Doing, at: Tile): void {
  const { world, view } = store.state;
  const { put } = view;
  const tool = toolOf(world, view.tool);
  if (tool === null) return;
  if (tool === 'put') void doing.act({ do: 'put', at, what: put });
  else if (tool === 'remove') void doing.act({ do: 'remove', at });
  else doing.classify(at);
}

interface Radios<T> {
  readonly box: HTMLElement;
  set(value: T, offered?: (value: T) => boolean): void;
}

function radios<T extends string>(name: string, all: readonly T[], text: (value: T) => string, pick: (value: T) => void): Radios<T> {
  const inputs = all.map((value) => h('input', { attrs: { type: 'radio', name, value }, on: { change: () => pick(value) } }));
  const labels = all.map((value, index) => h('label', {}, inputs[index], text(value)));
  return {
    box: h('div', { class: 'pick' }, ...labels),
    set: (chosen, offered = () => true) => all.forEach((value, index) => {
      const [input, label] = [inputs[index], labels[index]];
      if (input) input.checked = value === chosen;
      if (label) label.hidden = !offered(value);
    }),
  };
}

function table(caption: string, heads: readonly string[]): [HTMLElement, HTMLElement] {
  const body = h('tbody');
  return [h('table', { class: 'plain' }, h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { attrs: { scope: 'col' } }, head)))), body), body];
}

const makeRow = (cells: number): HTMLTableRowElement => h('tr', {}, ...Array.from({ length: cells }, () => h('td')));

function fill(row: HTMLElement, texts: readonly string[]): void {
  texts.forEach((text, index) => {
    const cell = row.children[index];
    if (cell) setText(cell, text);
  });
}

export function worldPanel(parent: HTMLElement, store: Store, doing: Doing): (state: State) => void {
  const tools = radios('tool', kTools, (tool) => kToolWords[tool], (tool) => store.look({ tool }));
  const kinds = radios('kind', kObstacleKinds, (kind) => kKindWords[kind], (put) => store.look({ put }));
  const x = h('input', { attrs: { inputmode: 'numeric', autocomplete: 'off' } });
  const y = h('input', { attrs: { inputmode: 'numeric', autocomplete: 'off' } });
  const go = h('button', { class: 'main', attrs: { type: 'submit' } });
  const kindBox = h('fieldset', {}, h('legend', {}, 'What stands there'), kinds.box);
  const form = h('form', { class: 'field-form', attrs: { novalidate: true } },
    h('fieldset', {}, h('legend', {}, 'A click on a tile'), tools.box), kindBox,
    h('div', { class: 'coords' },
      h('label', { class: 'field-label' }, h('span', {}, 'x, east'), x), h('label', { class: 'field-label' }, h('span', {}, 'y, south'), y), go));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const at = readTile(x.value, y.value, store.state.world.field.side);
    if (at) useTool(store, doing, at);
    else doing.complain(`Type x and y of a tile, 0 to ${store.state.world.field.side - 1}.`);
  });
  const [obstacles, obstacleRows] = table('Obstacles', ['Tile', 'The swarm takes it for']);
  const [sites, siteRows] = table('Sites', ['Tile', 'Samples']);
  const sitesHead = h('h2', { class: 'head' }, 'Sites');
  const clear = h('p', { class: 'quiet small' });
  const seedAt = h('div', { class: 'seed-phone' }, h('h2', { class: 'head' }, 'World'));
  const updateSeed = seedForm(seedAt, doing.act, doing.complain);
  parent.append(form, h('h2', { class: 'head' }, 'Obstacles'), obstacles, clear, sitesHead, sites, seedAt);
  return (state) => {
    const { world, view } = state;
    const tool = toolOf(world, view.tool);
    form.hidden = tool === null;
    kindBox.hidden = tool !== 'put';
    kinds.set(view.put);
    if (tool !== null) {
      tools.set(tool, (one) => can(world, one));
      setText(go, kToolWords[tool]);
    }
    const standing = Object.values(world.obstacles).filter((obstacle) => obstacle.present);
    obstacles.hidden = standing.length === 0;
    clear.hidden = standing.length > 0;
    setText(clear, world.source === 'node' ? 'No fact says that something stands in the way.' : 'Nothing stands in the way.');
    sitesHead.hidden = sites.hidden = world.sites.length === 0;
    keyed(obstacleRows, standing, (one) => one.id, () => makeRow(2), (row, one) => fill(row, [tileText(one.at), believed(one)]));
    keyed(siteRows, world.sites, (site) => tileText(site.at), () => makeRow(2),
      (row, site) => fill(row, [tileText(site.at), site.done ? 'taken' : 'to be taken']));
    updateSeed(state);
  };
}
