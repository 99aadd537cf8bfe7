import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hello } from './fixture';
import { Link, kRetryFirstMs, kRetryMaxMs, type LinkStatus, type Wire } from './socket';

class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: string[] = [];

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.onclose?.();
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

function setUp() {
  const wires: FakeWire[] = [];
  const told: LinkStatus[] = [];
  const known = { seq: 0, takes: true };
  const link = new Link('ws://x/ws', {
    known: () => (known.seq > 0 ? { seq: known.seq, run: '5f0c' } : null),
    take: () => known.takes,
    status: (status) => told.push(status),
  }, (url) => {
    const wire = new FakeWire(url);
    wires.push(wire);
    return wire;
  });
  link.start();
  const wire = () => wires[wires.length - 1]!;
  return { wires, told, known, link, wire };
}

describe('Link', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says that it is connecting, and when it is open', () => {
    const { told, wire } = setUp();
    wire().onopen?.();
    expect(told.map((one) => one.kind)).toEqual(['connecting', 'open']);
  });

  it('tries again after pauses that grow up to a bound', () => {
    const { wires, told, wire } = setUp();
    const pauses: number[] = [];
    for (let round = 0; round < 7; round++) {
      wire().close();
      const last = told.at(-1);
      if (last?.kind === 'waiting') pauses.push(last.retryInMs);
      vi.advanceTimersByTime(kRetryMaxMs);
    }
    expect(pauses[0]).toBe(kRetryFirstMs);
    expect(Math.max(...pauses)).toBe(kRetryMaxMs);
    expect(wires).toHaveLength(8);
  });

  it('resumes where it was', () => {
    const { known, wire } = setUp();
    wire().onopen?.();
    known.seq = 41;
    wire().close();
    vi.advanceTimersByTime(kRetryFirstMs);
    expect(wire().url).toBe('ws://x/ws?resume=41&run=5f0c');
  });

  it('starts over when it lost something', () => {
    const { known, told, wire } = setUp();
    wire().onopen?.();
    known.seq = 41;
    known.takes = false;
    wire().say(hello());
    expect(told.at(-1)).toMatchObject({ kind: 'waiting', reason: 'a part of the feed was missed' });
    vi.advanceTimersByTime(kRetryFirstMs);
    expect(wire().url).toBe('ws://x/ws');
  });

  it('starts over when it cannot read a message, and says why', () => {
    const { told, wire } = setUp();
    wire().onopen?.();
    wire().onmessage?.({ data: '{' });
    expect(told.at(-1)).toMatchObject({ kind: 'waiting' });
    expect((told.at(-1) as { reason: string }).reason).toContain('could not be read');
  });

  it('pairs each control with its answer', async () => {
    const { link, wire } = setUp();
    wire().onopen?.();
    const paused = link.send({ do: 'pause' });
    const put = link.send({ do: 'put', at: [3, 4], what: 'MOVABLE' });
    expect(wire().sent).toEqual(['{"do":"pause"}', '{"do":"put","at":[3,4],"what":"MOVABLE"}']);
    wire().say({ type: 'error', do: 'put', error: 'a site is on tile 3,4' });
    wire().say({ type: 'done', do: 'pause' });
    expect(await put).toBe('a site is on tile 3,4');
    expect(await paused).toBeNull();
  });

  it('says so when there is nobody to control, no answer, or a lost connection', async () => {
    const { link, wire } = setUp();
    expect(await link.send({ do: 'run' })).toContain('not connected');
    wire().onopen?.();
    const silent = link.send({ do: 'run' });
    vi.advanceTimersByTime(10_000);
    expect(await silent).toContain('no answer');
    const cut = link.send({ do: 'run' });
    wire().close();
    expect(await cut).toContain('lost');
  });

  it('tries at once when asked to', () => {
    const { link, wires, wire } = setUp();
    wire().close();
    link.retryNow();
    expect(wires).toHaveLength(2);
    vi.advanceTimersByTime(kRetryMaxMs);
    expect(wires).toHaveLength(2);
  });
});
