/**
 * Text from the socket to a Message. Yields a whole message or says what was wrong with it and
 * where; it never lets a half-read one through. Fields and events that it does not know are passed
 * over, as the format asks; a mood or a fate that it does not know is an error, not a guess.
 */
import {
  kFates, kMoods, kSources, kWays,
  type Card, type Clock, type Digests, type Fate, type FeedEvent, type Hearing, type Job, type LedgerLine, type LogLine,
  type Message, type Mood, type Neighbour, type Obstacle, type Packet, type Photo, type Purse, type Reception, type Site,
  type Snapshot, type Source, type Tile, type Way,
} from './types';

export type Parsed = { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly error: string };

class Wrong extends Error {}

type Json = Record<string, unknown>;

function object(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Wrong(`${where} is no object`);
  return value as Json;
}

function array(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new Wrong(`${where} is no array`);
  return value;
}

function number(from: Json, key: string): number {
  const value = from[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Wrong(`${key} is no number`);
  return value;
}

function count(from: Json, key: string): number {
  const value = number(from, key);
  if (!Number.isInteger(value) || value < 0) throw new Wrong(`${key} is no count`);
  return value;
}

function permille(from: Json, key: string): number {
  const value = count(from, key);
  if (value > 1000) throw new Wrong(`${key} is not within 0..1000`);
  return value;
}

function string(from: Json, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new Wrong(`${key} is no text`);
  return value;
}

/** Counters may come as numbers or as text; as keys they are text. */
function key(from: Json, name: string): string {
  const value = from[name];
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && value !== '') return value;
  throw new Wrong(`${name} is no name`);
}

function truth(from: Json, key: string): boolean {
  const value = from[key];
  if (typeof value !== 'boolean') throw new Wrong(`${key} is neither true nor false`);
  return value;
}

function tile(from: Json, key: string): Tile {
  const value = array(from[key], key);
  const [x, y] = value;
  if (value.length !== 2 || !Number.isInteger(x) || !Number.isInteger(y)) throw new Wrong(`${key} is no tile`);
  return [x as number, y as number];
}

function values<T>(from: Json, key: string, read: (value: Json) => T): Record<string, T> {
  const out: Record<string, T> = {};
  for (const [name, value] of Object.entries(object(from[key], key))) out[name] = read(object(value, `${key}.${name}`));
  return out;
}

function list<T>(from: Json, key: string, read: (value: Json) => T): T[] {
  return array(from[key], key).map((value, index) => read(object(value, `${key}[${index}]`)));
}

function texts(from: Json, key: string): string[] {
  return array(from[key], key).map((value, index) => {
    if (typeof value !== 'string') throw new Wrong(`${key}[${index}] is no text`);
    return value;
  });
}

/** A recording that is read as a file names none. */
function source(from: Json): Source {
  const value = from['source'] === undefined ? 'live' : string(from, 'source');
  if (!(kSources as readonly string[]).includes(value)) throw new Wrong(`source ${value} is unknown`);
  return value as Source;
}

function policy(text: string): string {
  if (!/^[NESWXO]*$/.test(text) || !Number.isInteger(Math.sqrt(text.length)) || text.length === 0) {
    throw new Wrong('a policy is no square of NESWXO');
  }
  return text;
}

function mood(from: Json, key: string): Mood {
  const value = string(from, key);
  if (!(kMoods as readonly string[]).includes(value)) throw new Wrong(`mood ${value} is unknown`);
  return value as Mood;
}

function digests(from: Json, key: string): Digests {
  const all = object(from[key], key);
  return {
    policy: string(all, 'policy'), facts: string(all, 'facts'), registry: string(all, 'registry'), ledger: string(all, 'ledger'),
  };
}

function purse(from: Json, key: string): Purse {
  const all = object(from[key], key);
  return { balance_us: number(all, 'balance_us'), capacity_us: number(all, 'capacity_us') };
}

const neighbours = (from: Json, key: string): Neighbour[] => list(from, key, (one) => ({
  id: string(one, 'id'), snr_cdb: number(one, 'snr_cdb'), heard_us: number(one, 'heard_us'),
}));

/** What is read only where it is there: the server leaves out what is not known. */
function known<T>(from: Json, key: string, read: (from: Json, key: string) => T): T | undefined {
  return from[key] === undefined ? undefined : read(from, key);
}

function hearing(from: Json, key: string): Hearing | null {
  if (from[key] === null) return null;
  const all = object(from[key], key);
  const by = string(all, 'by');
  if (!(kWays as readonly string[]).includes(by)) throw new Wrong(`way ${by} is unknown`);
  return {
    t_us: count(all, 't_us'), by: by as Way, hops: count(all, 'hops'), live: truth(all, 'live'),
    rssi_cdbm: known(all, 'rssi_cdbm', number), snr_cdb: known(all, 'snr_cdb', number),
  };
}

function card(from: Json): Card {
  return {
    id: string(from, 'id'),
    name: string(from, 'name'),
    role: string(from, 'role'),
    alive: known(from, 'alive', truth),
    mood: known(from, 'mood', mood),
    at: known(from, 'at', tile),
    at_us: known(from, 'at_us', number),
    place_m: known(from, 'place_m', tile),
    battery_permille: known(from, 'battery_permille', permille),
    queue: known(from, 'queue', count),
    digests: known(from, 'digests', digests),
    airtime_us: known(from, 'airtime_us', count),
    purse: known(from, 'purse', purse),
    busy_permille: known(from, 'busy_permille', permille),
    dropped: known(from, 'dropped', count),
    sites_left: known(from, 'sites_left', count),
    neighbours: known(from, 'neighbours', neighbours),
    heard: known(from, 'heard', hearing),
  };
}

function clock(from: Json): Clock {
  const speed = number(from, 'speed');
  if (speed < 0) throw new Wrong('speed is negative');
  return {
    t: count(from, 't'), running: truth(from, 'running'), speed,
    finished: truth(from, 'finished'), outcome: string(from, 'outcome'), reason: string(from, 'reason'),
  };
}

function obstacle(from: Json): Obstacle {
  return {
    id: key(from, 'id'), at: tile(from, 'at'), present: truth(from, 'present'),
    truth: string(from, 'truth'), label: string(from, 'label'),
  };
}

const site = (from: Json): Site => ({ at: tile(from, 'at'), done: truth(from, 'done') });

function job(from: Json): Job {
  return {
    nonce: string(from, 'nonce'), asker: string(from, 'asker'), helper: string(from, 'helper'),
    steps: list(from, 'steps', (one) => ({ t: count(one, 't'), step: string(one, 'step'), text: string(one, 'text') })),
  };
}

function ledgerLine(from: Json): LedgerLine {
  return {
    t: count(from, 't'), holder: string(from, 'holder'), author: string(from, 'author'),
    n: count(from, 'n'), text: string(from, 'text'),
  };
}

function photo(from: Json): Photo {
  const png = string(from, 'png');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(png)) throw new Wrong('png is no base64');
  return {
    t: count(from, 't'), by: string(from, 'by'), at: tile(from, 'at'), label: string(from, 'label'),
    confidence_permille: permille(from, 'confidence_permille'), backend: string(from, 'backend'), png,
  };
}

function reception(from: Json): Reception {
  const fate = string(from, 'fate');
  if (!(kFates as readonly string[]).includes(fate)) throw new Wrong(`fate ${fate} is unknown`);
  return { id: string(from, 'id'), fate: fate as Fate, rssi_cdbm: number(from, 'rssi_cdbm'), snr_cdb: number(from, 'snr_cdb') };
}

function packet(from: Json): Packet {
  const read: Packet = {
    t: count(from, 't'), flight: key(from, 'flight'), tx: string(from, 'tx'), from: string(from, 'from'),
    packet: string(from, 'packet'), kind: string(from, 'kind'), hops: count(from, 'hops'),
    bytes: count(from, 'bytes'), air_us: count(from, 'air_us'), price_us: count(from, 'price_us'),
  };
  return from['fates'] === undefined ? read : { ...read, fates: list(from, 'fates', reception) };
}

const logLine = (from: Json): LogLine => ({ t: count(from, 't'), node: string(from, 'node'), text: string(from, 'text') });

function event(from: Json): FeedEvent | null {
  const t = count(from, 't');
  const e = string(from, 'e');
  switch (e) {
    case 'node': return { e, t, card: card(object(from['card'], 'card')) };
    case 'policy': return { e, t, id: string(from, 'id'), best: policy(string(from, 'best')) };
    case 'start': return { e, t, packet: packet(from) };
    case 'end': return { e, t, flight: key(from, 'flight'), rx: list(from, 'rx', reception) };
    case 'job':
      return {
        e, t, nonce: string(from, 'nonce'), asker: string(from, 'asker'), helper: string(from, 'helper'),
        step: string(from, 'step'), text: string(from, 'text'),
      };
    case 'ledger': return { e, t, line: ledgerLine(from) };
    case 'obstacle': return { e, t, obstacle: obstacle(from) };
    case 'site': return { e, t, site: site(from) };
    case 'photo': return { e, t, photo: photo(from) };
    case 'log': return { e, t, line: logLine(from) };
    case 'clock': return { e, t, clock: clock(object(from['clock'], 'clock')) };
    default: return null;
  }
}

function snapshot(from: Json): Snapshot {
  const field = object(from['field'], 'field');
  const side = count(field, 'side');
  if (side < 1 || side > 256) throw new Wrong('side is not within 1..256');
  const policies: Record<string, string> = {};
  for (const [id, best] of Object.entries(object(from['policies'], 'policies'))) {
    if (typeof best !== 'string') throw new Wrong(`policies.${id} is no text`);
    policies[id] = policy(best);
  }
  return {
    field: { side, cell_m: number(field, 'cell_m') },
    clock: clock(object(from['clock'], 'clock')),
    nodes: values(from, 'nodes', card),
    policies,
    obstacles: values(from, 'obstacles', obstacle),
    sites: list(from, 'sites', site),
    jobs: values(from, 'jobs', job),
    ledger: list(from, 'ledger', ledgerLine),
    photos: list(from, 'photos', photo),
    packets: list(from, 'packets', packet),
    log: list(from, 'log', logLine),
  };
}

function message(from: Json): Message {
  const type = string(from, 'type');
  switch (type) {
    case 'hello': {
      const version = count(from, 'version');
      if (version !== 1) throw new Wrong(`version ${version} is not 1: this page and the server do not fit`);
      return {
        type, version, seq: count(from, 'seq'), t: count(from, 't'), scenario: string(from, 'scenario'),
        seed: count(from, 'seed'), run: typeof from['run'] === 'string' ? from['run'] : '', resumed: from['resumed'] === true,
        source: source(from),
        until_us: from['until_us'] === undefined ? 0 : count(from, 'until_us'),
        controls: from['controls'] === undefined ? [] : texts(from, 'controls'),
      };
    }
    case 'snapshot':
      return { type, seq: count(from, 'seq'), t: count(from, 't'), state: snapshot(object(from['state'], 'state')) };
    case 'delta':
      return {
        type, seq: count(from, 'seq'), base: count(from, 'base'), t: count(from, 't'),
        events: list(from, 'events', event).filter((one) => one !== null),
        flights_skipped: from['flights_skipped'] === undefined ? 0 : count(from, 'flights_skipped'),
      };
    case 'done': return { type, do: string(from, 'do') };
    case 'error': return { type, do: string(from, 'do'), error: string(from, 'error') };
    default: throw new Wrong(`type ${type} is unknown`);
  }
}

export function parse(text: string): Parsed {
  try {
    return { ok: true, message: message(object(JSON.parse(text), 'the message')) };
  } catch (error) {
    if (error instanceof Wrong || error instanceof SyntaxError) return { ok: false, error: error.message };
    throw error;
  }
}
