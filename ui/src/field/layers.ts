/** What the field shows: a switch for each layer, and what its signs mean. */
import { h, setText } from '../app/dom';
import type { State, Store } from '../app/store';
import { kLayers, type Layer } from '../app/view';
import { can } from '../feed/reduce';
import { planOf } from '../map/plan';
import { nameOf } from '../nodes/words';
import { kFateMarks, kFateWords } from '../packets/fates';
import { glyph } from '../packets/glyph';
import { kFamilies, kFamilyWords } from '../packets/kinds';
import { kFates } from '../feed/types';
import { shownPolicy } from './policy';

const kWords: Readonly<Record<Layer, string>> = {
  links: 'Radio links, thicker with more SNR', packets: 'Packets in flight', policy: 'Policy', sites: 'Sites',
  obstacles: 'Obstacles', names: 'Names and states',
};

/** A map of radios has none of these. */
const kOfTiles: ReadonlySet<Layer> = new Set(['policy', 'sites', 'obstacles']);

export function layerPanel(parent: HTMLElement, store: Store): (state: State) => void {
  const inputs = new Map<Layer, HTMLInputElement>();
  const texts = new Map<Layer, HTMLElement>();
  const toggle = (layer: Layer) => {
    const layers = new Set(store.state.view.layers);
    if (!layers.delete(layer)) layers.add(layer);
    store.look({ layers });
  };
  const labels = kLayers.map((layer) => {
    const input = h('input', { attrs: { type: 'checkbox', name: layer }, on: { change: () => toggle(layer) } });
    const text = h('span', {}, kWords[layer]);
    inputs.set(layer, input);
    texts.set(layer, text);
    return h('label', {}, input, text);
  });
  const families = kFamilies.map((family) => {
    const item = h('li', { attrs: { 'data-family': family } });
    item.append(glyph(family), kFamilyWords[family]);
    return item;
  });
  const fates = kFates.map((fate) =>
    h('li', { attrs: { 'data-fate': fate } }, h('span', { class: 'fate', attrs: { 'aria-hidden': 'true' } }, kFateMarks[fate]), kFateWords[fate]));
  const keys = h('p', { class: 'legend' });
  parent.append(h('details', {}, h('summary', {}, 'Layers and signs'), h('div', { class: 'body' }, ...labels,
    h('ul', { class: 'legend', attrs: { 'aria-label': 'Packets' } }, ...families),
    h('ul', { class: 'legend', attrs: { 'aria-label': 'At a receiver' } }, ...fates),
    keys)));
  return ({ world, view }) => {
    const onMap = planOf(world) !== null;
    for (const [layer, input] of inputs) {
      input.checked = view.layers.has(layer);
      if (input.parentElement) input.parentElement.hidden = onMap && kOfTiles.has(layer);
    }
    const time = can(world, 'pause') ? 'space runs and pauses, full stop is one event, n goes to the next packet; ' : '';
    const ground = onMap ? 'on the map arrows go from radio to radio' : 'on the field arrows move, Enter chooses';
    setText(keys, `Keys: ${time}${ground}, + − 0 zoom.`);
    const policy = shownPolicy(world, view.selected);
    const text = texts.get('policy');
    if (text) setText(text, policy ? `Policy of ${nameOf(world, policy.id)}` : 'Policy');
  };
}
