/** Holds the world, the view and the connection's state, and tells the panels when any has changed. */
import { kEmptyWorld, reduce, type World } from '../feed/reduce';
import type { LinkStatus } from '../feed/socket';
import { Timebase } from '../feed/timebase';
import type { Message } from '../feed/types';
import { kFirstView, type View } from './view';

export interface State {
  readonly world: World;
  readonly view: View;
  readonly link: LinkStatus;
}

/** Panels follow the world at most this often; a person's own doing shows at once. */
const kPanelMs = 100;

export class Store {
  readonly timebase = new Timebase();
  private state_: State = { world: kEmptyWorld, view: kFirstView, link: { kind: 'connecting' } };
  private listeners_: ((state: State) => void)[] = [];
  private eager_: ((state: State) => void)[] = [];
  private timer_: ReturnType<typeof setTimeout> | null = null;
  private toldAt_ = 0;

  get state(): State {
    return this.state_;
  }

  /** Called with every change but batched: what panels want. */
  onChange(listener: (state: State) => void): void {
    this.listeners_.push(listener);
  }

  /** Called with every single change: what the drawing wants to wake up. */
  onAny(listener: (state: State) => void): void {
    this.eager_.push(listener);
  }

  /** false when the message does not continue what is known. */
  take(message: Message): boolean {
    const { world, lost } = reduce(this.state_.world, message);
    if (lost) return false;
    this.set({ ...this.state_, world }, kPanelMs);
    if ('t' in message) this.timebase.hear(message.t, performance.now(), world.clock.running, world.clock.speed);
    return true;
  }

  look(change: Partial<View>): void {
    this.set({ ...this.state_, view: { ...this.state_.view, ...change } }, 0);
  }

  linked(link: LinkStatus): void {
    this.set({ ...this.state_, link }, 0);
  }

  private set(state: State, patienceMs: number): void {
    this.state_ = state;
    for (const listener of this.eager_) listener(state);
    const wait = Math.max(0, this.toldAt_ + patienceMs - performance.now());
    if (this.timer_ !== null) {
      if (wait > 0) return;
      clearTimeout(this.timer_);
    }
    this.timer_ = setTimeout(() => this.tell(), wait);
  }

  private tell(): void {
    this.timer_ = null;
    this.toldAt_ = performance.now();
    for (const listener of this.listeners_) listener(this.state_);
  }
}
