import { describe, expect, it } from 'vitest';
import { card, kBeta, kCompot } from '../feed/fixture';
import { kEmptyWorld } from '../feed/reduce';
import type { Job } from '../feed/types';
import { canCancel, jobTitle, jobsInOrder, spanText } from './timeline';

const job = (nonce: string, helper: string, ...times: number[]): Job =>
  ({ nonce, asker: kBeta, helper, steps: times.map((t) => ({ t, step: 'asked', text: '' })) });
const nodes = { [kBeta]: card(), [kCompot]: card({ id: kCompot, name: 'Compot' }) };

describe('jobs', () => {
  it('have the one that moved last first', () => {
    const jobs = { a: job('a', kCompot, 1, 5), b: job('b', kCompot, 9), c: job('c', kCompot) };
    expect(jobsInOrder({ ...kEmptyWorld, jobs }).map((one) => one.nonce)).toEqual(['b', 'a', 'c']);
  });

  it('say who helps whom, as soon as somebody does', () => {
    const world = { ...kEmptyWorld, nodes };
    expect(jobTitle(job('a', kCompot), world)).toBe('Compot helps Beta');
    expect(jobTitle(job('a', '!00000000'), world)).toBe('Beta asks for help');
    expect(jobTitle(job('a', ''), world)).toBe('Beta asks for help');
  });

  it('can be ended by a person until they are over, where that can be done', () => {
    const world = { ...kEmptyWorld, nodes, controls: ['cancel'] };
    const over: Job = { ...job('a', kCompot, 1), steps: [{ t: 1, step: 'asked', text: '' }, { t: 2, step: 'ended', text: 'no way' }] };
    expect(canCancel(job('a', kCompot, 1), world)).toBe(true);
    expect(canCancel(job('a', kCompot, 1), { ...world, controls: [] })).toBe(false);
    expect(canCancel(over, world)).toBe(false);
  });

  it('say how long they took, once there is a span', () => {
    expect([spanText(job('a', '', 1_000_000, 56_000_000)), spanText(job('a', '', 5)), spanText(job('a', ''))]).toEqual(['55.0 s', '', '']);
  });
});
