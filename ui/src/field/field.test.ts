import { describe, expect, it } from 'vitest';
import { believed, readTile, toolOf } from '../controls/world';
import { readSeed } from '../controls/seed';
import { card, kBeta, kCompot, peer } from '../feed/fixture';
import { kEmptyWorld, type World } from '../feed/reduce';
import type { Obstacle } from '../feed/types';
import { aside } from './aside';
import { labelOffsets } from './labels';
import { linkPairs } from './lines';
import { nowhereText } from './nowhere';
import { shownPolicy } from './policy';
import { describeTile, nodeOn } from './tiles';

const crate: Obstacle = { id: '1', at: [7, 8], present: true, truth: 'MOVABLE', label: '' };
const compot = card({ id: kCompot, name: 'Compot', role: 'compot', at: [9, 9], neighbours: [{ id: kBeta, snr_cdb: 300, heard_us: 0 }] });
const world: World = {
  ...kEmptyWorld, nodes: { [kBeta]: card(), [kCompot]: compot }, obstacles: { '1': crate }, sites: [{ at: [7, 8], done: false }],
};

describe('tools', () => {
  const having = (...controls: string[]) => ({ ...kEmptyWorld, controls });

  it('are those that the world has', () => {
    expect(toolOf(having('classify', 'put'), 'put')).toBe('put');
    expect(toolOf(having('put', 'remove'), 'classify')).toBe('put');
    expect(toolOf(having('drop'), 'classify')).toBeNull();
  });
});

describe('a tile in words', () => {
  it('never tells the truth about an obstacle before the swarm knows it', () => {
    expect(describeTile(world, [7, 8], believed)).toBe('an obstacle, not classified; a site to be sampled');
    expect(believed({ ...crate, label: 'DANGEROUS' })).toBe('dangerous');
  });

  it('names who stands there', () => {
    expect(describeTile(world, [2, 8], believed)).toBe('Beta, working');
    expect(nodeOn(world, [2, 8])).toBe(kBeta);
    expect(describeTile(world, [0, 0], believed)).toBe('nothing stands here');
  });
});

describe('a node whose place is not known', () => {
  const lost = peer({ heard: null });
  const nodes = { [kBeta]: card(), [kCompot]: lost };

  it('stands on no tile, has no name there, and is named beside the field', () => {
    expect(describeTile({ ...world, nodes }, [0, 0], believed)).toBe('nothing stands here');
    expect([...labelOffsets({ ...world, nodes }).keys()]).toEqual([kBeta]);
    expect(nowhereText({ ...world, nodes })).toBe('Place unknown: Compot');
    expect(nowhereText(world)).toBe('');
  });
});

describe('names', () => {
  const offsets = (beta: readonly [number, number], other: readonly [number, number]) => {
    const nodes = { [kBeta]: card({ at: beta }), [kCompot]: card({ id: kCompot, at: other }) };
    const found = labelOffsets({ ...world, nodes });
    return [found.get(kBeta) ?? 0, found.get(kCompot) ?? 0] as const;
  };

  it('stand below, or above where they would hide a thing', () => {
    const [beta, compot] = offsets([2, 3], [7, 7]);
    expect(beta).toBeGreaterThan(0);
    expect(compot).toBeLessThan(0);
  });

  it('make room for a neighbour\'s', () => {
    for (const [x, y] of [[2, 3], [3, 3], [4, 3]] as const) {
      const [beta, compot] = offsets([2, 3], [x, y]);
      expect(Math.abs(beta - compot)).toBeGreaterThanOrEqual(20);
    }
    const [beta, far] = offsets([2, 3], [5, 3]);
    expect(beta).toBe(far);
  });
});

describe('those who share a tile', () => {
  it('stand side by side, evenly about its middle', () => {
    const there = card({ id: kCompot, at: [2, 8] });
    const both = { ...world, nodes: { [kBeta]: card(), [kCompot]: there } };
    expect(aside(both, card())).toBe(-aside(both, there));
    expect(aside(both, card())).not.toBe(0);
    expect(aside(world, card())).toBeCloseTo(0);
  });
});

describe('links', () => {
  it('are one for each pair, as good as the better direction', () => {
    expect(linkPairs(world)).toEqual([{ from: kBeta, to: kCompot, snr_cdb: 300 }]);
  });

  it('lead to peers that were heard directly, though they do not say whom they hear', () => {
    const nodes = { [kBeta]: card(), [kCompot]: peer({ at: [9, 9] }) };
    expect(linkPairs({ ...world, nodes })).toEqual([{ from: kBeta, to: kCompot, snr_cdb: -525 }]);
  });

  it('do not lead to those who are off or unknown', () => {
    expect(linkPairs({ ...world, nodes: { [kBeta]: card() } })).toEqual([]);
    expect(linkPairs({ ...world, nodes: { ...world.nodes, [kCompot]: { ...compot, alive: false } } })).toEqual([]);
  });
});

describe('the policy shown', () => {
  const old = { best: 'N', changed: [], at: 0 };
  const fresh = { best: 'S', changed: [0], at: 9 };

  it('is the chosen node\'s, else the one that changed last', () => {
    const policies = { [kBeta]: old, [kCompot]: fresh };
    expect(shownPolicy({ ...world, policies }, kBeta)?.policy).toBe(old);
    expect(shownPolicy({ ...world, policies }, null)?.id).toBe(kCompot);
    expect(shownPolicy({ ...world, policies }, '!00000009')?.id).toBe(kCompot);
    expect(shownPolicy(world, null)).toBeNull();
  });
});

describe('what a person types', () => {
  it('is a tile or none', () => {
    expect(readTile(' 3', '15', 16)).toEqual([3, 15]);
    for (const [x, y] of [['16', '0'], ['', '1'], ['-1', '1'], ['1.5', '1'], ['x', 'y']] as const) expect(readTile(x, y, 16)).toBeNull();
  });

  it('is a seed or none', () => {
    expect([readSeed('7'), readSeed(' 0 '), readSeed(''), readSeed('-1'), readSeed('1.5'), readSeed('seven')]).toEqual([7, 0, null, null, null, null]);
  });
});
