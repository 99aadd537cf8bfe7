/**
 * What the feed says (doc/feed.md), as types. Times are integer microseconds of the swarm's own
 * clock; every quantity has its unit in its name. Nothing here knows of the page or of a browser.
 */

export type NodeId = string;
export type Tile = readonly [x: number, y: number];

export const kMoods = [
  'off', 'idle', 'working', 'streaming', 'patrolling', 'en_route', 'assisting', 'resumed', 'waiting', 'blocked',
] as const;
export type Mood = (typeof kMoods)[number];

export const kFates = ['decoded', 'duplicate', 'collided', 'weak', 'deaf', 'off'] as const;
export type Fate = (typeof kFates)[number];

export interface Neighbour {
  readonly id: NodeId;
  readonly snr_cdb: number;
  readonly heard_us: number;
}

export interface Digests {
  readonly policy: string;
  readonly facts: string;
  readonly registry: string;
  readonly ledger: string;
}

export interface Purse {
  readonly balance_us: number;
  readonly capacity_us: number;
}

export const kWays = ['radio', 'mqtt', 'network'] as const;
export type Way = (typeof kWays)[number];

/** How the last frame of a node came to the real node that tells of it. */
export interface Hearing {
  readonly t_us: number;
  readonly by: Way;
  /** Relays on its way. */
  readonly hops: number;
  /** False: it has not proved yet to be more than a recording. */
  readonly live: boolean;
  readonly rssi_cdbm?: number | undefined;
  readonly snr_cdb?: number | undefined;
}

/** What is not known of a node is not there. */
export interface Card {
  readonly id: NodeId;
  readonly name: string;
  readonly role: string;
  readonly alive?: boolean | undefined;
  readonly mood?: Mood | undefined;
  readonly at?: Tile | undefined;
  /** When it was there, where that is not now. */
  readonly at_us?: number | undefined;
  /** Metres east and south, in a world that is no field of tiles. */
  readonly place_m?: readonly [x: number, y: number] | undefined;
  readonly battery_permille?: number | undefined;
  readonly queue?: number | undefined;
  readonly digests?: Digests | undefined;
  readonly airtime_us?: number | undefined;
  readonly purse?: Purse | undefined;
  readonly busy_permille?: number | undefined;
  readonly dropped?: number | undefined;
  readonly sites_left?: number | undefined;
  readonly neighbours?: readonly Neighbour[] | undefined;
  /** Of another than the real node that tells: its last frame; null while none was heard. */
  readonly heard?: Hearing | null | undefined;
}

export interface Clock {
  readonly t: number;
  readonly running: boolean;
  /** 0 means as fast as it goes. */
  readonly speed: number;
  readonly finished: boolean;
  readonly outcome: string;
  readonly reason: string;
}

export interface Obstacle {
  readonly id: string;
  readonly at: Tile;
  readonly present: boolean;
  /** What it is. Shown nowhere before the swarm has a label of its own for it. */
  readonly truth: string;
  readonly label: string;
}

export interface Site {
  readonly at: Tile;
  readonly done: boolean;
}

export interface JobStep {
  readonly t: number;
  readonly step: string;
  readonly text: string;
}

export interface Job {
  readonly nonce: string;
  readonly asker: NodeId;
  readonly helper: NodeId;
  readonly steps: readonly JobStep[];
}

export interface LedgerLine {
  readonly t: number;
  readonly holder: NodeId;
  readonly author: NodeId;
  readonly n: number;
  readonly text: string;
}

export interface Photo {
  readonly t: number;
  readonly by: NodeId;
  readonly at: Tile;
  readonly label: string;
  readonly confidence_permille: number;
  readonly backend: string;
  /** base64 */
  readonly png: string;
}

export interface Reception {
  readonly id: NodeId;
  readonly fate: Fate;
  readonly rssi_cdbm: number;
  readonly snr_cdb: number;
}

export interface Packet {
  readonly t: number;
  readonly flight: string;
  readonly tx: NodeId;
  readonly from: NodeId;
  readonly packet: string;
  readonly kind: string;
  readonly hops: number;
  readonly bytes: number;
  readonly air_us: number;
  readonly price_us: number;
  /** Absent while it is in flight. */
  readonly fates?: readonly Reception[];
}

export interface LogLine {
  readonly t: number;
  readonly node: NodeId;
  readonly text: string;
}

export interface Snapshot {
  readonly field: { readonly side: number; readonly cell_m: number };
  readonly clock: Clock;
  readonly nodes: Readonly<Record<NodeId, Card>>;
  readonly policies: Readonly<Record<NodeId, string>>;
  readonly obstacles: Readonly<Record<string, Obstacle>>;
  readonly sites: readonly Site[];
  readonly jobs: Readonly<Record<string, Job>>;
  readonly ledger: readonly LedgerLine[];
  readonly photos: readonly Photo[];
  readonly packets: readonly Packet[];
  readonly log: readonly LogLine[];
}

export type FeedEvent =
  | { readonly e: 'node'; readonly t: number; readonly card: Card }
  | { readonly e: 'policy'; readonly t: number; readonly id: NodeId; readonly best: string }
  | { readonly e: 'start'; readonly t: number; readonly packet: Packet }
  | { readonly e: 'end'; readonly t: number; readonly flight: string; readonly rx: readonly Reception[] }
  | {
      readonly e: 'job'; readonly t: number; readonly nonce: string; readonly asker: NodeId;
      readonly helper: NodeId; readonly step: string; readonly text: string;
    }
  | { readonly e: 'ledger'; readonly t: number; readonly line: LedgerLine }
  | { readonly e: 'obstacle'; readonly t: number; readonly obstacle: Obstacle }
  | { readonly e: 'site'; readonly t: number; readonly site: Site }
  | { readonly e: 'photo'; readonly t: number; readonly photo: Photo }
  | { readonly e: 'log'; readonly t: number; readonly line: LogLine }
  | { readonly e: 'clock'; readonly t: number; readonly clock: Clock };

/** A simulation that runs, a recording, or a real node with what it has heard of the others. */
export const kSources = ['live', 'recording', 'node'] as const;
export type Source = (typeof kSources)[number];

export type Message =
  | {
      readonly type: 'hello'; readonly seq: number; readonly t: number; readonly version: number;
      readonly scenario: string; readonly seed: number; readonly run: string; readonly resumed: boolean;
      readonly source: Source; readonly until_us: number;
      /** What this world can do: words of Ability; what the page does not know is there, too. */
      readonly controls: readonly string[];
    }
  | { readonly type: 'snapshot'; readonly seq: number; readonly t: number; readonly state: Snapshot }
  | {
      readonly type: 'delta'; readonly seq: number; readonly base: number; readonly t: number;
      readonly events: readonly FeedEvent[]; readonly flights_skipped: number;
    }
  | { readonly type: 'done'; readonly do: string }
  | { readonly type: 'error'; readonly do: string; readonly error: string };

export type Control =
  | { do: 'pause' | 'run' | 'step' | 'step_packet' }
  | { do: 'speed'; value: number }
  | { do: 'reset'; seed?: number }
  | { do: 'seek'; t_us: number }
  | { do: 'drop' | 'revive'; node: NodeId }
  | { do: 'put'; at: Tile; what: string }
  | { do: 'remove'; at: Tile }
  | { do: 'cancel'; nonce: string };

/** A control, or taking pictures that a person hands in. */
export type Ability = Control['do'] | 'classify';
