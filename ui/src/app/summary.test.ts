import { describe, expect, it } from 'vitest';
import { card, kBeta } from '../feed/fixture';
import { kEmptyWorld, type World } from '../feed/reduce';
import { news } from './summary';

const world = (change: Partial<World> = {}): World =>
  ({ ...kEmptyWorld, ready: true, nodes: { [kBeta]: card() }, ...change });

describe('news', () => {
  it('is silent when nothing of weight changed', () => {
    expect(news(world(), world({ t: 5, nodes: { [kBeta]: card({ mood: 'idle', queue: 3 }) } }))).toEqual([]);
  });

  it('tells of a block, of a loss and of a return', () => {
    const blocked = world({ nodes: { [kBeta]: card({ mood: 'blocked' }) } });
    const dead = world({ nodes: { [kBeta]: card({ alive: false }) } });
    expect(news(world(), blocked)).toEqual(['Beta is blocked.']);
    expect(news(world(), dead)).toEqual(['Beta is off.']);
    expect(news(dead, world())).toEqual(['Beta is working.']);
  });

  it('tells of the newest step of a job and of the end', () => {
    const job = { nonce: 'j', asker: kBeta, helper: '', steps: [{ t: 1, step: 'en_route', text: '' }] };
    const over = { ...kEmptyWorld.clock, finished: true, outcome: 'resumed', reason: '' };
    expect(news(world(), world({ jobs: { j: job }, clock: over }))).toEqual(['Job of Beta: en route.', 'The story ends: resumed.']);
  });

  it('does not take a new world for news', () => {
    expect(news(world({ t: 9 }), world({ t: 0, nodes: { [kBeta]: card({ mood: 'blocked' }) } }))).toEqual([]);
  });
});
