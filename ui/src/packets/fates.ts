/** What became of a transmission at each receiver, in a mark and in words. */
import type { Fate, Packet } from '../feed/types';

export const kFateMarks: Readonly<Record<Fate, string>> = {
  decoded: '✓', duplicate: '=', collided: '×', weak: '~', deaf: '∅', off: '–',
};

export const kFateWords: Readonly<Record<Fate, string>> = {
  decoded: 'decoded', duplicate: 'decoded, had it already', collided: 'lost in a collision', weak: 'too weak to decode',
  deaf: 'was transmitting itself', off: 'was off',
};

/** A packet whose sender is not its author is being relayed. */
export const isRelay = (packet: Packet): boolean => packet.tx !== packet.from;
