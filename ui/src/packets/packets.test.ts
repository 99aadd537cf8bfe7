import { describe, expect, it } from 'vitest';
import { card, kBeta, kCompot } from '../feed/fixture';
import { kEmptyWorld } from '../feed/reduce';
import type { Fate, Packet } from '../feed/types';
import { isRelay } from './fates';
import { Flights, kFlightsMax, kResidueMs } from './flights';
import { family } from './kinds';
import { lanesFor, lanesText } from './lanes';
import { filtered, kNoFilter } from './log';

const rx = (id: string, fate: Fate) => ({ id, fate, rssi_cdbm: -9000, snr_cdb: 0 });
const packet = (change: Partial<Packet> = {}): Packet => ({
  t: 1_000_000, flight: '1', tx: kBeta, from: kBeta, packet: '00100001', kind: 'beacon', hops: 3, bytes: 20,
  air_us: 100_000, price_us: 1, ...change,
});

describe('families', () => {
  it('know every message of the profile, and call the rest other', () => {
    const help = ['assist request', 'offer', 'award', 'progress', 'result', 'cancel', 'window', 'success'];
    expect(new Set(help.map(family))).toEqual(new Set(['help']));
    expect(['facts', 'facts query', 'ledger entry', 'ledger heads', 'telemetry', 'beacon', 'capability', 'capability query'].map(family))
      .toEqual(['delta', 'delta', 'ledger', 'ledger', 'sensing', 'presence', 'presence', 'presence']);
    expect(['text', 'foreign', '', 'constructor'].map(family)).toEqual(['other', 'other', 'other', 'other']);
  });
});

describe('the packet log', () => {
  const packets = [
    packet({ flight: '1', fates: [rx(kCompot, 'decoded')] }), packet({ flight: '2', kind: 'offer', tx: kCompot, from: kCompot, fates: [rx(kBeta, 'weak')] }),
    packet({ flight: '3', tx: kCompot }),
  ];
  const flights = (kind: string, node: string) => filtered(packets, { ...kNoFilter, kind, node }).map((one) => one.flight);

  it('has the newest first', () => {
    expect(filtered(packets, kNoFilter).map((one) => one.flight)).toEqual(['3', '2', '1']);
  });

  it('is filtered by kind and by who sent, wrote or decoded', () => {
    expect(flights('offer', '')).toEqual(['2']);
    expect(flights('', kBeta)).toEqual(['3', '1']);
    expect(flights('', kCompot)).toEqual(['3', '2', '1']);
    expect(flights('offer', kBeta)).toEqual([]);
  });

  it('is filtered by what became of it at any receiver', () => {
    expect(filtered(packets, { ...kNoFilter, fate: 'weak' }).map((one) => one.flight)).toEqual(['2']);
    expect(filtered(packets, { ...kNoFilter, fate: 'collided' })).toEqual([]);
  });

  it('knows a relay', () => {
    expect(packets.map(isRelay)).toEqual([false, false, true]);
  });
});

describe('flights', () => {
  it('last their true airtime on the swarm\'s clock', () => {
    const flights = new Flights();
    const progress = (t: number) => flights.at([packet()], t, 0, 1000).map((one) => one.progress);
    expect(progress(999_999)).toEqual([]);
    expect(progress(1_000_000)).toEqual([0]);
    expect(progress(1_050_000)).toEqual([0.5]);
    expect(progress(1_100_000)).toEqual([1]);
  });

  it('leave their marks for a moment of the onlooker\'s, which does not pass while the world stands', () => {
    const flights = new Flights();
    const seen = (elapsed: number, rate: number) => flights.at([packet()], 1_200_000, elapsed, rate).length;
    expect(seen(0, 1000)).toBe(1);
    expect(seen(10 * kResidueMs, 0)).toBe(1);
    expect(seen(kResidueMs + 1, 1000)).toBe(0);
    expect(seen(0, 1000)).toBe(0);
  });

  it('of long ago are not seen', () => {
    expect(new Flights().at([packet()], 60_000_000, 0, 0)).toEqual([]);
  });

  it('are never more than can be told apart', () => {
    const many = Array.from({ length: 100 }, (_, index) => packet({ flight: String(index) }));
    expect(new Flights().at(many, 1_000_001, 0, 1000)).toHaveLength(kFlightsMax);
  });
});

describe('lanes', () => {
  const nodes = Object.fromEntries(['!00000001', '!00000002', '!00000003'].map((id) => [id, card({ id, name: `n${id.at(-1)}` })]));
  const world = { ...kEmptyWorld, t: 2_000_000, nodes, packets: [packet({ tx: '!00000003' }), packet({ tx: '!00000001', air_us: 50_000 })] };

  it('are for all where there is room, else for those who were longest on the air', () => {
    expect(lanesFor(world, 3).map((one) => one.name)).toEqual(['n1', 'n2', 'n3']);
    expect(lanesFor(world, 2).map((one) => one.name)).toEqual(['n1', 'n3']);
    expect(lanesFor(world, 1).map((one) => one.name)).toEqual(['n3']);
  });

  it('name in words those who were on the air', () => {
    expect(lanesText(world)).toMatch(/N1 .*N3 /);
    expect(lanesText(world)).not.toContain('N2');
    expect(lanesText({ ...world, packets: [] })).toContain('nobody');
  });
});
