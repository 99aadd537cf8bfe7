/**
 * The page's state of the swarm: a pure function of the feed's messages in order. It knows no
 * browser and no wall clock; what it holds beyond the feed's own state (which policy cells changed,
 * how a purse went) is derived from the same messages.
 */
import type { Ability, Card, FeedEvent, Job, Message, NodeId, Packet, Snapshot, Source } from './types';

/** The feed's own bounds, kept so that page and server hold the same. */
export const kPacketsMax = 200;
export const kLogMax = 200;
export const kLedgerMax = 200;
export const kPhotosMax = 8;
export const kPurseSamplesMax = 240;

export interface PolicyView {
  readonly best: string;
  /** Cells whose action differs from what it was before `at`; empty for the first policy seen. */
  readonly changed: readonly number[];
  readonly at: number;
}

export interface PurseSample {
  readonly t: number;
  readonly balance_us: number;
}

export interface World extends Omit<Snapshot, 'policies'> {
  readonly seq: number;
  readonly t: number;
  readonly scenario: string;
  readonly seed: number;
  /** Names the server's feed: nobody resumes another's. */
  readonly run: string;
  readonly source: Source;
  readonly until_us: number;
  readonly controls: readonly string[];
  readonly policies: Readonly<Record<NodeId, PolicyView>>;
  readonly purses: Readonly<Record<NodeId, readonly PurseSample[]>>;
  /** Flights that a slow connection was spared, in all. */
  readonly skipped: number;
  /** False until the first snapshot. */
  readonly ready: boolean;
}

export const kEmptyWorld: World = {
  seq: 0, t: 0, scenario: '', seed: 0, run: '', source: 'live', until_us: 0, controls: [], ready: false, skipped: 0,
  field: { side: 16, cell_m: 25 },
  clock: { t: 0, running: false, speed: 1, finished: false, outcome: '', reason: '' },
  nodes: {}, policies: {}, obstacles: {}, sites: [], jobs: {}, ledger: [], photos: [], packets: [], log: [], purses: {},
};

/** Whether this world can do it: nothing else is to be offered. */
export const can = (world: World, what: Ability): boolean => world.controls.includes(what);

export interface Reduced {
  readonly world: World;
  /** A delta that does not continue what is known: reconnect without resume. */
  readonly lost: boolean;
}

function push<T>(list: readonly T[], item: T, max: number): T[] {
  const out = list.length >= max ? list.slice(list.length - max + 1) : list.slice();
  out.push(item);
  return out;
}

function sampled(purses: World['purses'], card: Card, t: number): World['purses'] {
  if (!card.purse) return purses;
  const sample: PurseSample = { t, balance_us: card.purse.balance_us };
  return { ...purses, [card.id]: push(purses[card.id] ?? [], sample, kPurseSamplesMax) };
}

function changedCells(before: string, after: string): number[] {
  const out: number[] = [];
  for (let cell = 0; cell < after.length; cell++) if (before[cell] !== after[cell]) out.push(cell);
  return out;
}

function withPolicy(world: World, id: NodeId, best: string, t: number): World {
  const before = world.policies[id];
  if (before?.best === best) return world;
  const view: PolicyView = { best, changed: before ? changedCells(before.best, best) : [], at: t };
  return { ...world, policies: { ...world.policies, [id]: view } };
}

function withJob(world: World, event: Extract<FeedEvent, { e: 'job' }>): World {
  const before = world.jobs[event.nonce];
  const job: Job = {
    nonce: event.nonce,
    asker: event.asker,
    helper: event.helper,
    steps: [...(before?.steps ?? []), { t: event.t, step: event.step, text: event.text }],
  };
  return { ...world, jobs: { ...world.jobs, [event.nonce]: job } };
}

function withEnd(world: World, event: Extract<FeedEvent, { e: 'end' }>): World {
  const index = world.packets.findLastIndex((packet) => packet.flight === event.flight);
  const found = world.packets[index];
  if (!found) return world;
  const packets: Packet[] = world.packets.slice();
  packets[index] = { ...found, fates: event.rx };
  return { ...world, packets };
}

export function apply(world: World, event: FeedEvent): World {
  switch (event.e) {
    case 'node':
      return {
        ...world,
        nodes: { ...world.nodes, [event.card.id]: event.card },
        purses: sampled(world.purses, event.card, event.t),
      };
    case 'policy': return withPolicy(world, event.id, event.best, event.t);
    case 'start': return { ...world, packets: push(world.packets, event.packet, kPacketsMax) };
    case 'end': return withEnd(world, event);
    case 'job': return withJob(world, event);
    case 'ledger': return { ...world, ledger: push(world.ledger, event.line, kLedgerMax) };
    case 'obstacle': {
      const obstacles = { ...world.obstacles, [event.obstacle.id]: event.obstacle };
      return { ...world, obstacles };
    }
    case 'site': {
      const same = (at: readonly [number, number]) => at[0] === event.site.at[0] && at[1] === event.site.at[1];
      const known = world.sites.some((site) => same(site.at));
      const sites = known ? world.sites.map((site) => (same(site.at) ? event.site : site)) : [...world.sites, event.site];
      return { ...world, sites };
    }
    case 'photo': return { ...world, photos: push(world.photos, event.photo, kPhotosMax) };
    case 'log': return { ...world, log: push(world.log, event.line, kLogMax) };
    case 'clock': return { ...world, clock: event.clock };
  }
}

function fromSnapshot(world: World, message: Extract<Message, { type: 'snapshot' }>): World {
  const { policies, ...rest } = message.state;
  const views: Record<NodeId, PolicyView> = {};
  for (const [id, best] of Object.entries(policies)) views[id] = { best, changed: [], at: message.t };
  let purses: World['purses'] = {};
  for (const card of Object.values(rest.nodes)) purses = sampled(purses, card, message.t);
  return {
    ...world, ...rest, seq: message.seq, t: message.t, policies: views, purses, skipped: 0, ready: true,
  };
}

export function reduce(world: World, message: Message): Reduced {
  switch (message.type) {
    case 'hello': {
      const { seq, t, scenario, seed, run, source, until_us, controls } = message;
      if (message.resumed) return { world, lost: run !== world.run || seed !== world.seed || t < world.t };
      // Whatever comes next is whole: nothing of an older world may shine through.
      return { world: { ...kEmptyWorld, seq, t, scenario, seed, run, source, until_us, controls }, lost: false };
    }
    case 'snapshot': return { world: fromSnapshot(world, message), lost: false };
    case 'delta': {
      if (message.base !== world.seq) return { world, lost: true };
      const after = message.events.reduce(apply, world);
      const told = {
        ...after, seq: message.seq, t: message.t, skipped: after.skipped + message.flights_skipped,
        ready: true,
      };
      return { world: told, lost: false };
    }
    case 'done':
    case 'error': return { world, lost: false };
  }
}
