/**
 * Which transmissions are to be seen at a moment, and how far each has come. A flight is on the air
 * for its true airtime of the swarm's clock; what became of it stays for a moment of the onlooker's.
 */
import type { Packet } from '../feed/types';

/** How long the marks at the receivers stay, in ms of the onlooker's clock while the world runs. */
export const kResidueMs = 1400;
/** At high speeds more would only be noise. */
export const kFlightsMax = 24;

export interface Flight {
  readonly packet: Packet;
  /** 0..1 of its airtime; 1 once it is over. */
  readonly progress: number;
  /** 1 while on the air, then falling to 0. */
  readonly fade: number;
}

export class Flights {
  /** Onlooker's ms since each flight was seen to end. */
  private ages_ = new Map<string, number>();

  /** `elapsedMs` of the onlooker's clock have passed; while the world stands nothing fades. */
  at(packets: readonly Packet[], t: number, elapsedMs: number, rate: number): Flight[] {
    const out: Flight[] = [];
    const ages = new Map<string, number>();
    // While the world stands, what ended in the last instants of its own clock is still shown.
    const fresh_us = Math.max(kResidueMs * rate, 1_500_000);
    for (let index = packets.length - 1; index >= 0 && out.length < kFlightsMax; index--) {
      const packet = packets[index];
      if (!packet || t < packet.t) continue;
      const past = t - (packet.t + packet.air_us);
      if (past > fresh_us) {
        if (past > fresh_us + 5_000_000) break;
        continue;
      }
      if (past < 0) {
        out.push({ packet, progress: (t - packet.t) / Math.max(1, packet.air_us), fade: 1 });
        continue;
      }
      const age = (this.ages_.get(packet.flight) ?? 0) + (rate > 0 ? elapsedMs : 0);
      if (age > kResidueMs) {
        ages.set(packet.flight, age);
        continue;
      }
      ages.set(packet.flight, age);
      out.push({ packet, progress: 1, fade: 1 - age / kResidueMs });
    }
    this.ages_ = ages;
    return out;
  }
}
