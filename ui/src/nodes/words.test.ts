import { describe, expect, it } from 'vitest';
import { card, kBeta, peer } from '../feed/fixture';
import { kEmptyWorld } from '../feed/reduce';
import { kMoods } from '../feed/types';
import { face, heardWords, kCalm, moodWord, nameOf, nodesInOrder, pursePermille, senderOf } from './words';

const look = (change: object) => ({ ...kCalm, ...change });

describe('faces', () => {
  it('are the ones everybody knows', () => {
    expect(face(card({ mood: 'idle' }))).toBe('^.^');
    expect(face(card({ mood: 'idle' }), look({ blink: true }))).toBe('-.-');
    expect(face(card({ mood: 'streaming' }), look({ mouth: true }))).toBe('^o^');
    expect(face(card({ mood: 'blocked' }))).toBe('/!\\');
    expect(face(card({ mood: 'working' }))).toBe('^O^');
    expect(face(card({ role: 'compot', mood: 'patrolling' }))).toBe('/\\_/\\\n( o.o )');
  });

  it('show a node that is off as off, whatever its last mood', () => {
    expect(face(card({ alive: false, mood: 'streaming' }))).toBe('x.x');
    expect(moodWord(card({ alive: false, mood: 'streaming' }))).toBe('off');
  });

  it('exist for every mood of either kind', () => {
    for (const mood of kMoods) for (const role of ['cat', 'compot']) expect(face(card({ mood, role })).length).toBeGreaterThan(2);
  });
});

describe('words', () => {
  it('name nodes, the world and strangers', () => {
    const world = { ...kEmptyWorld, nodes: { [kBeta]: card({ name: 'beta' }) } };
    expect([nameOf(world, kBeta), nameOf(world, '!00000000'), nameOf(world, '!12345678')]).toEqual(['Beta', 'World', '!12345678']);
  });

  it('say what is known of a node that was only heard, and no more', () => {
    expect(moodWord(peer())).toBe('state unknown');
    expect(moodWord(peer({ heard: null }))).toBe('not heard yet');
    expect(moodWord(peer({ mood: 'en_route' }))).toBe('en route');
    expect(face(peer({ role: 'cat' }))).toBe('?.?');
  });

  it('do not name a relay that nobody knows', () => {
    const world = { ...kEmptyWorld, nodes: { [kBeta]: card({ name: 'beta' }) } };
    expect([senderOf(world, kBeta), senderOf(world, '!00000000')]).toEqual(['Beta', 'a relay']);
  });

  it('say how a node was heard, and when', () => {
    const heard = (change: object) => heardWords(peer({ heard: { t_us: 1e6, by: 'radio', hops: 0, live: true, ...change } }), 5e6);
    expect(heard({ snr_cdb: 525 })).toBe('heard 4 s ago directly, +5.3 dB');
    expect(heard({ hops: 1, snr_cdb: -300 })).toBe('heard 4 s ago over 1 relay, −3.0 dB');
    expect(heard({ hops: 2 })).toBe('heard 4 s ago over 2 relays');
    expect(heard({ by: 'mqtt', hops: 3 })).toBe('heard 4 s ago by MQTT');
    expect(heard({ by: 'network' })).toBe('heard 4 s ago by the local network');
    expect([heardWords(card(), 5e6), heardWords(peer({ heard: null }), 5e6)]).toEqual(['', '']);
  });

  it('order nodes by name', () => {
    const nodes = { b: card({ id: 'b', name: 'Beta' }), a: card({ id: 'a', name: 'Alpha' }) };
    expect(nodesInOrder({ ...kEmptyWorld, nodes }).map((one) => one.name)).toEqual(['Alpha', 'Beta']);
  });

  it('bound a purse that is in debt or overfull', () => {
    const purse = (balance_us: number, capacity_us: number) => pursePermille({ balance_us, capacity_us });
    expect([purse(-5, 10), purse(5, 10), purse(50, 10), purse(0, 0)]).toEqual([0, 500, 1000, 0]);
  });
});
