import { describe, expect, it } from 'vitest';
import { kBeta, kCompot } from '../feed/fixture';
import { kEmptyWorld } from '../feed/reduce';
import { entries } from './entries';

const line = (holder: string, author: string, n: number, t: number) => ({ holder, author, n, t, text: `entry ${n}` });

describe('entries', () => {
  it('are one for each author and number, with all who hold them, newest first', () => {
    const ledger = [line(kBeta, kBeta, 1, 10), line(kCompot, kBeta, 1, 20), line(kCompot, kCompot, 1, 30), line(kCompot, kBeta, 1, 40)];
    const all = entries({ ...kEmptyWorld, ledger });
    expect(all.map((one) => [one.author, one.n, one.t, one.holders.size])).toEqual([[kCompot, 1, 30, 1], [kBeta, 1, 10, 2]]);
  });

  it('are none of an empty ledger', () => {
    expect(entries(kEmptyWorld)).toEqual([]);
  });
});
