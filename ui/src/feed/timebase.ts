/**
 * Which moment of the swarm's clock the page draws now. Messages come at most twenty times a second;
 * between them the clock is carried forward at the pace the world runs at, never past what a short
 * silence allows, and never backwards within one world.
 */

/** The drawing stays this far behind the feed, so that most of a flight is known before it is drawn. */
const kLagMs = 80;
/** A world from which nothing is heard for this long is drawn as standing still. */
const kCarryMs = 400;

export class Timebase {
  private heardT_ = 0;
  private heardWall_ = 0;
  private rate_ = 0;
  private shown_ = 0;

  /** A message of moment `t` came at `wall` ms; `speed` 0 means as fast as it goes. */
  hear(t: number, wall: number, running: boolean, speed: number): void {
    const elapsed = wall - this.heardWall_;
    if (t < this.heardT_) this.shown_ = t;
    if (!running) this.rate_ = 0;
    else if (speed > 0) this.rate_ = speed * 1000;
    else if (elapsed > 0) this.rate_ = Math.max(0, (t - this.heardT_) / elapsed);
    this.heardT_ = t;
    this.heardWall_ = wall;
  }

  /** Microseconds of the swarm's clock that pass in one millisecond here; 0 while it stands. */
  get rate(): number {
    return this.rate_;
  }

  /** The moment to draw at `wall`. */
  at(wall: number): number {
    if (this.rate_ === 0) {
      this.shown_ = this.heardT_;
      return this.shown_;
    }
    const ahead = Math.min(wall - this.heardWall_, kCarryMs) - kLagMs;
    this.shown_ = Math.max(this.shown_, this.heardT_ + ahead * this.rate_);
    return this.shown_;
  }
}
