import { describe, expect, it } from 'vitest';
import { fromHash, kFirstView, toHash } from './view';

describe('a link to a view', () => {
  it('is empty for the first view', () => {
    expect(toHash(kFirstView)).toBe('');
    expect(fromHash('')).toEqual(kFirstView);
  });

  it('carries the chosen node, tab and layers there and back', () => {
    const layers = new Set(kFirstView.layers);
    layers.delete('links');
    layers.delete('policy');
    const view = { ...kFirstView, selected: '!be7a0002', tab: 'packets' as const, layers };
    expect(toHash(view)).toBe('#node=!be7a0002&tab=packets&hide=links,policy');
    expect(fromHash(toHash(view))).toEqual(view);
  });

  it('passes over what it does not know', () => {
    expect(fromHash('#node=<b>&tab=wallet&hide=fog&x=1')).toEqual(kFirstView);
  });
});
