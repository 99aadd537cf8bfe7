/**
 * Keeps a connection to the feed: reconnects with growing pauses, asks to resume where it was, starts
 * over when a delta is missing, and pairs each control with its answer. It keeps no state of the
 * swarm itself; its owner applies the messages.
 */
import { parse } from './parse';
import type { Control, Message } from './types';

export type LinkStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly retryInMs: number; readonly reason: string };

export interface Owner {
  /** What was applied last, of which run; null when nothing is known and a snapshot is wanted. */
  known(): { readonly seq: number; readonly run: string } | null;
  /** Applies a message; false when it does not continue what is known. */
  take(message: Message): boolean;
  status(status: LinkStatus): void;
}

/** The part of WebSocket that is used, so that tests can stand in for it. */
export interface Wire {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export const kRetryFirstMs = 500;
export const kRetryMaxMs = 8000;
const kAnswerMs = 5000;

interface Waiting {
  readonly what: string;
  readonly settle: (error: string | null) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Link {
  private wire_: Wire | null = null;
  private open_ = false;
  private fresh_ = false;
  private retryMs_ = kRetryFirstMs;
  private waiting_: Waiting[] = [];
  private timer_: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly url_: string,
    private readonly owner_: Owner,
    private readonly dial_: (url: string) => Wire = (url) => new WebSocket(url) as unknown as Wire,
  ) {}

  start(): void {
    this.timer_ = null;
    this.owner_.status({ kind: 'connecting' });
    const known = this.fresh_ ? null : this.owner_.known();
    this.fresh_ = false;
    const wire = this.dial_(known ? `${this.url_}?resume=${known.seq}&run=${encodeURIComponent(known.run)}` : this.url_);
    this.wire_ = wire;
    let reason = 'the server does not answer';
    wire.onopen = () => {
      this.open_ = true;
      reason = 'the server closed the connection';
      this.owner_.status({ kind: 'open' });
    };
    wire.onmessage = (event) => {
      const problem = this.hear(event.data);
      if (problem === null) return;
      reason = problem;
      this.fresh_ = true;
      wire.close();
    };
    wire.onclose = () => this.lose(wire, reason);
  }

  /** Drops what is pending and connects at once. */
  retryNow(): void {
    if (this.timer_ === null) return;
    clearTimeout(this.timer_);
    this.start();
  }

  /** null when done, else what was wrong, in words for a person. */
  send(control: Control): Promise<string | null> {
    const wire = this.wire_;
    if (!wire || !this.open_) return Promise.resolve('not connected to the swarm');
    return new Promise((resolve) => {
      const entry: Waiting = {
        what: control.do,
        settle: resolve,
        timer: setTimeout(() => {
          this.waiting_ = this.waiting_.filter((one) => one !== entry);
          resolve(`no answer to "${control.do}" within ${kAnswerMs / 1000} s`);
        }, kAnswerMs),
      };
      this.waiting_.push(entry);
      wire.send(JSON.stringify(control));
    });
  }

  private hear(data: unknown): string | null {
    const parsed = parse(typeof data === 'string' ? data : '');
    if (!parsed.ok) return `a message could not be read: ${parsed.error}`;
    const message = parsed.message;
    if (message.type === 'done' || message.type === 'error') {
      this.answer(message.do, message.type === 'error' ? message.error : null);
      return null;
    }
    // Something came through: the next pause starts small again.
    this.retryMs_ = kRetryFirstMs;
    return this.owner_.take(message) ? null : 'a part of the feed was missed';
  }

  private answer(what: string, error: string | null): void {
    const index = this.waiting_.findIndex((one) => one.what === what);
    const [entry] = index < 0 ? [] : this.waiting_.splice(index, 1);
    if (!entry) return;
    clearTimeout(entry.timer);
    entry.settle(error);
  }

  private lose(wire: Wire, reason: string): void {
    if (wire !== this.wire_) return;
    this.wire_ = null;
    this.open_ = false;
    for (const entry of this.waiting_.splice(0)) {
      clearTimeout(entry.timer);
      entry.settle('the connection was lost');
    }
    this.owner_.status({ kind: 'waiting', retryInMs: this.retryMs_, reason });
    this.timer_ = setTimeout(() => this.start(), this.retryMs_);
    this.retryMs_ = Math.min(this.retryMs_ * 2, kRetryMaxMs);
  }
}
