import { describe, expect, it } from 'vitest';
import { card, clock, delta, end, hello, kCompot, snapshot, start } from './fixture';
import { parse } from './parse';

const ask = (message: unknown) => parse(JSON.stringify(message));
const wrong = (message: unknown): string => {
  const parsed = ask(message);
  return parsed.ok ? 'was read' : parsed.error;
};

describe('parse', () => {
  it('reads a hello, a snapshot and a delta', () => {
    for (const message of [hello(), snapshot(), delta([start(), end()])]) expect(ask(message)).toMatchObject({ ok: true });
  });

  it('takes a recording for what it is', () => {
    const parsed = ask(hello({ source: 'recording', until_us: 9 }));
    expect(parsed).toMatchObject({ ok: true, message: { source: 'recording', until_us: 9 } });
  });

  it('takes a real node for what it is, and believes what can be done with it', () => {
    expect(ask(hello({ source: 'node', controls: [] }))).toMatchObject({ ok: true, message: { source: 'node', controls: [] } });
    expect(ask(hello({ controls: ['pause', 'fly'] }))).toMatchObject({ message: { controls: ['pause', 'fly'] } });
    expect(ask(hello({ controls: undefined }))).toMatchObject({ message: { controls: [] } });
    expect(wrong(hello({ controls: [1] }))).toContain('controls[0]');
    expect(wrong(hello({ source: 'dream' }))).toContain('dream');
  });

  it('refuses another version of the feed', () => {
    expect(wrong(hello({ version: 2 }))).toContain('version 2');
  });

  it('passes over events and fields that it does not know', () => {
    const parsed = ask(delta([{ e: 'weather', t: 1, rain: true }, { ...start(), colour: 'red' }]));
    expect(parsed.ok && parsed.message.type === 'delta' && parsed.message.events.map((one) => one.e)).toEqual(['start']);
  });

  it('reads what flights were left out', () => {
    expect(ask(delta([], { flights_skipped: 3 }))).toMatchObject({ message: { flights_skipped: 3 } });
  });

  it.each([
    ['no JSON', '{'], ['no object', '[]'], ['a type that is none', '{"type":"x"}'], ['nothing', ''],
  ])('says what is wrong with %s', (_, text) => {
    const parsed = parse(text);
    expect(parsed.ok).toBe(false);
  });

  it.each([
    ['a mood', { mood: 'merry' }, 'merry'], ['a tile', { at: [1] }, 'at'], ['a share', { battery_permille: 1001 }, 'battery_permille'],
    ['a count', { queue: -1 }, 'queue'], ['a neighbour', { neighbours: [{ id: 3 }] }, 'id'], ['a digest', { digests: {} }, 'policy'],
  ])('lets no card through with %s that cannot be', (_, change, where) => {
    expect(wrong(delta([{ e: 'node', t: 1, card: { ...card(), ...change } }]))).toContain(where);
  });

  it('reads a card of which nothing is known but that it has not been heard', () => {
    const silent = { id: kCompot, name: 'compot', role: 'compot', heard: null };
    const parsed = ask(delta([{ e: 'node', t: 1, card: silent }]));
    const [event] = parsed.ok && parsed.message.type === 'delta' ? parsed.message.events : [];
    expect(event?.e === 'node' && event.card).toMatchObject(silent);
    expect(event?.e === 'node' && [event.card.at, event.card.battery_permille, event.card.mood, event.card.alive]).toEqual(Array(4).fill(undefined));
  });

  it('lets no way through that it does not know', () => {
    const heard = { t_us: 1, by: 'bird', hops: 0, live: true };
    expect(wrong(delta([{ e: 'node', t: 1, card: { ...card(), heard } }]))).toContain('bird');
  });

  it('lets no policy through that is no square of actions', () => {
    expect(wrong(delta([{ e: 'policy', t: 1, id: 'x', best: 'NES' }]))).toContain('policy');
    expect(wrong(delta([{ e: 'policy', t: 1, id: 'x', best: 'NEZX' }]))).toContain('policy');
  });

  it('lets no picture through that is no base64', () => {
    const photo = { e: 'photo', t: 1, by: 'x', at: [1, 1], label: '', confidence_permille: 1, backend: '', png: '"><script>' };
    expect(wrong(delta([photo]))).toContain('png');
  });

  it('lets no snapshot through whose part is missing', () => {
    const whole = snapshot() as { state: Record<string, unknown> };
    for (const part of Object.keys(whole.state)) {
      const state = { ...whole.state };
      delete state[part];
      expect(wrong({ ...whole, state }), part).not.toBe('was read');
    }
  });

  it('never throws, whatever single byte of a message is lost', () => {
    const text = JSON.stringify(delta([start(), end(), { e: 'clock', t: 1, clock: clock() }]));
    for (let at = 0; at < text.length; at++) expect(() => parse(text.slice(0, at) + text.slice(at + 1))).not.toThrow();
  });
});
