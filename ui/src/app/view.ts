/**
 * What a person has chosen to look at, apart from what the swarm does; and the part of it that a link
 * can carry.
 */
import type { NodeId, Tile } from '../feed/types';

export const kTabs = ['nodes', 'jobs', 'packets', 'ledger', 'photos', 'field', 'log'] as const;
export type Tab = (typeof kTabs)[number];

export const kLayers = ['links', 'packets', 'policy', 'sites', 'obstacles', 'names'] as const;
export type Layer = (typeof kLayers)[number];

export const kTools = ['classify', 'put', 'remove'] as const;
/** What a click on a tile does. */
export type Tool = (typeof kTools)[number];

export const kObstacleKinds = ['MOVABLE', 'IMMOVABLE', 'DANGEROUS'] as const;
export type ObstacleKind = (typeof kObstacleKinds)[number];

export interface View {
  readonly selected: NodeId | null;
  readonly tab: Tab;
  readonly layers: ReadonlySet<Layer>;
  readonly tool: Tool;
  readonly put: ObstacleKind;
  /** Flight that the pointer or the focus is on in the packet log. */
  readonly hovered: string | null;
  /** Flight whose details are open. */
  readonly opened: string | null;
  readonly cursor: Tile | null;
}

export const kFirstView: View = {
  selected: null, tab: 'nodes', layers: new Set(kLayers), tool: 'classify', put: 'MOVABLE',
  hovered: null, opened: null, cursor: null,
};

/** `#node=!0a000001&tab=packets&hide=links,names`; what is as at first is left out. */
export function toHash(view: View): string {
  const parts: string[] = [];
  if (view.selected !== null) parts.push(`node=${encodeURIComponent(view.selected)}`);
  if (view.tab !== kFirstView.tab) parts.push(`tab=${view.tab}`);
  const hidden = kLayers.filter((layer) => !view.layers.has(layer));
  if (hidden.length > 0) parts.push(`hide=${hidden.join(',')}`);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}

/** Unknown names in a link are passed over: an old link must still open. */
export function fromHash(hash: string, view: View = kFirstView): View {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const tab = params.get('tab') as Tab | null;
  const hidden = new Set((params.get('hide') ?? '').split(','));
  const node = params.get('node');
  return {
    ...view,
    selected: node !== null && /^![0-9a-f]{8}$/.test(node) ? node : null,
    tab: tab !== null && kTabs.includes(tab) ? tab : kFirstView.tab,
    layers: new Set(kLayers.filter((layer) => !hidden.has(layer))),
  };
}
