import { describe, expect, it } from 'vitest';
import { card, clock, delta, end, hello, kBeta, kCompot, kEast, snapshot, start } from './fixture';
import { parse } from './parse';
import { can, kEmptyWorld, kLedgerMax, kPacketsMax, kPhotosMax, reduce, type Reduced, type World } from './reduce';

function hear(world: World, message: unknown): Reduced {
  const parsed = parse(JSON.stringify(message));
  if (!parsed.ok) throw new Error(parsed.error);
  return reduce(world, parsed.message);
}

const told = (...messages: unknown[]): World =>
  messages.reduce<World>((world, message) => {
    const { world: next, lost } = hear(world, message);
    expect(lost).toBe(false);
    return next;
  }, kEmptyWorld);

const after = (...events: object[]): World => told(hello(), snapshot(), delta(events));

describe('reduce', () => {
  it('knows nothing until a snapshot has come', () => {
    expect(told(hello()).ready).toBe(false);
    expect(told(hello(), snapshot())).toMatchObject({ ready: true, seed: 7, scenario: 'blocked-cat', seq: 5 });
  });

  it('says that it lost something when a delta does not continue it, and changes nothing', () => {
    const world = told(hello(), snapshot());
    const heard = hear(world, delta([start()], { base: 4 }));
    expect(heard.lost).toBe(true);
    expect(heard.world).toBe(world);
  });

  it('goes on where it was when the server resumes, and starts over when that is another world', () => {
    const world = told(hello(), snapshot());
    expect(hear(world, hello({ resumed: true, seq: 9, t: 2000 }))).toEqual({ world, lost: false });
    expect(hear(world, hello({ resumed: true, seq: 9, seed: 8 })).lost).toBe(true);
    expect(hear(world, hello({ resumed: true, seq: 9, t: 1 })).lost).toBe(true);
    expect(hear(world, hello({ resumed: true, seq: 9, t: 2000, run: 'beef' })).lost).toBe(true);
  });

  it('knows what its world can do', () => {
    const world = told(hello({ controls: ['drop'] }));
    expect([can(world, 'drop'), can(world, 'pause')]).toEqual([true, false]);
  });

  it('forgets the old world at a hello', () => {
    const world = hear(told(hello(), snapshot()), hello({ seed: 8 })).world;
    expect(world.nodes).toEqual({});
    expect(world.seed).toBe(8);
  });

  it('does not change the world it was given', () => {
    const before = told(hello(), snapshot());
    const copy = structuredClone(before);
    hear(before, delta([start(), end(), { e: 'node', t: 1, card: card({ queue: 4 }) }]));
    expect(before).toEqual(copy);
  });

  it('marks the cells that a policy changed, and none of the first one', () => {
    expect(told(hello(), snapshot()).policies[kBeta]?.changed).toEqual([]);
    const best = `S${kEast.slice(1, 255)}X`;
    expect(after({ e: 'policy', t: 1700, id: kBeta, best }).policies[kBeta]).toEqual({ best, changed: [0, 255], at: 1700 });
  });

  it('keeps the marks when the same policy is told again', () => {
    const best = `S${kEast.slice(1)}`;
    const twice = after({ e: 'policy', t: 1700, id: kBeta, best }, { e: 'policy', t: 1800, id: kBeta, best });
    expect(twice.policies[kBeta]).toEqual({ best, changed: [0], at: 1700 });
  });

  it('gives a flight its fates when it ends', () => {
    expect(after(start()).packets[0]?.fates).toBeUndefined();
    expect(after(start(), end()).packets[0]?.fates?.[0]).toMatchObject({ id: kCompot, fate: 'decoded' });
  });

  it('is not upset by the end of a flight that it never saw begin', () => {
    expect(after(end()).packets).toEqual([]);
  });

  it('holds no more than the feed holds', () => {
    const many = <T>(make: (n: number) => T, n = 260) => Array.from({ length: n }, (_, index) => make(index));
    expect(after(...many((n) => start({ flight: n }))).packets).toHaveLength(kPacketsMax);
    const ledger = many((n) => ({ e: 'ledger', t: n, holder: kBeta, author: kBeta, n, text: '' }));
    expect(after(...ledger).ledger).toHaveLength(kLedgerMax);
    const photos = many((n) => ({ e: 'photo', t: n, by: kBeta, at: [1, 1], label: '', confidence_permille: 1, backend: 'net', png: '' }), 20);
    const kept = after(...photos).photos;
    expect(kept).toHaveLength(kPhotosMax);
    expect(kept.at(-1)?.t).toBe(19);
  });

  it('strings the steps of a job together', () => {
    const step = (t: number, what: string, helper: string) =>
      ({ e: 'job', t, nonce: '5eed0001', asker: kBeta, helper, step: what, text: '' });
    const job = after(step(1, 'asked', '!00000000'), step(2, 'offered', kCompot)).jobs['5eed0001'];
    expect(job).toMatchObject({ asker: kBeta, helper: kCompot });
    expect(job?.steps.map((one) => one.step)).toEqual(['asked', 'offered']);
  });

  it('updates a site by its tile and an obstacle by its name', () => {
    const world = after(
      { e: 'site', t: 1, at: [11, 8], done: true }, { e: 'site', t: 2, at: [1, 1], done: false },
      { e: 'obstacle', t: 3, id: 1, at: [7, 8], present: false, truth: 'MOVABLE', label: 'MOVABLE' });
    expect(world.sites).toEqual([{ at: [11, 8], done: true }, { at: [1, 1], done: false }]);
    expect(world.obstacles['1']).toMatchObject({ present: false, label: 'MOVABLE' });
  });

  it('samples a purse with each card', () => {
    const world = after({ e: 'node', t: 1800, card: card({ purse: { balance_us: 1, capacity_us: 2 } }) });
    expect(world.purses[kBeta]?.map((sample) => sample.balance_us)).toEqual([36_000_000, 1]);
  });

  it('takes clock and left-out flights from a delta', () => {
    const world = told(hello(), snapshot(), delta([{ e: 'clock', t: 2, clock: clock({ finished: true, outcome: 'resumed' }) }], { flights_skipped: 4 }));
    expect(world).toMatchObject({ t: 2000, seq: 6, skipped: 4, clock: { finished: true, outcome: 'resumed' } });
  });
});
