/** For tests: messages of the feed as a server would send them, small and by hand. */
import type { Card } from './types';

export const kBeta = '!be7a0002';
export const kCompot = '!c0390074';

export function card(change: Partial<Card> = {}): Card {
  return {
    id: kBeta, name: 'Beta', role: 'cat', alive: true, mood: 'working', at: [2, 8], battery_permille: 900, queue: 0,
    digests: { policy: '0123456789abcdef', facts: '1111111111111111', registry: '2222222222222222', ledger: '3333333333333333' },
    airtime_us: 0, purse: { balance_us: 36_000_000, capacity_us: 36_000_000 }, busy_permille: 0, dropped: 0, sites_left: 3,
    neighbours: [{ id: kCompot, snr_cdb: -525, heard_us: 0 }],
    ...change,
  };
}

/** A card as a real node tells it of another. */
export const peer = (change: Partial<Card> = {}): Card =>
  ({ id: kCompot, name: 'compot', role: 'compot', heard: { t_us: 0, by: 'radio', hops: 0, live: true, snr_cdb: 525, rssi_cdbm: -9000 }, ...change });

export const clock = (change: object = {}): object =>
  ({ t: 0, running: true, speed: 1, finished: false, outcome: '', reason: '', ...change });

export const hello = (change: object = {}): object => ({
  type: 'hello', version: 1, seq: 5, t: 0, scenario: 'blocked-cat', seed: 7, run: '5f0c', resumed: false, source: 'live', until_us: 0,
  controls: ['pause', 'run', 'step', 'step_packet', 'speed', 'reset', 'drop', 'revive', 'put', 'remove', 'classify'], ...change,
});

export const kEast = 'E'.repeat(256);

export const snapshot = (state: object = {}, change: object = {}): object => ({
  type: 'snapshot', seq: 5, t: 1000,
  state: {
    field: { side: 16, cell_m: 25 }, clock: clock(), nodes: { [kBeta]: card() }, policies: { [kBeta]: kEast },
    obstacles: { '1': { id: 1, at: [7, 8], present: true, truth: 'MOVABLE', label: '' } }, sites: [{ at: [11, 8], done: false }],
    jobs: {}, ledger: [], photos: [], packets: [], log: [], ...state,
  },
  ...change,
});

export const delta = (events: readonly object[], change: object = {}): object =>
  ({ type: 'delta', seq: 6, base: 5, t: 2000, events, ...change });

export const start = (change: object = {}): object => ({
  e: 'start', t: 1500, flight: 9, tx: kBeta, from: kBeta, packet: '00100001', kind: 'assist request', hops: 3,
  bytes: 58, air_us: 100_600, price_us: 402_400, ...change,
});

export const end = (change: object = {}): object => ({
  e: 'end', t: 102_100, flight: 9, rx: [{ id: kCompot, fate: 'decoded', rssi_cdbm: -9000, snr_cdb: -140 }], ...change,
});
