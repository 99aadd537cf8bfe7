import { describe, expect, it } from 'vitest';
import { agoText, clockText, db, dbm, durationText, percent, shortDigest } from './text';

describe('text', () => {
  it('writes the clock', () => {
    expect([0, 999_999, 83_402_000, 3_600_000_000].map((t) => clockText(t))).toEqual(['0:00.000', '0:00.999', '1:23.402', '1:00:00.000']);
    expect(clockText(83_402_000, 0)).toBe('1:23');
    expect(clockText(-5)).toBe('0:00.000');
  });

  it('writes durations in the unit that fits', () => {
    expect([0, 900, 1500, 100_600, 1_234_000, 36_000_000, 180_000_000].map(durationText))
      .toEqual(['0 µs', '900 µs', '1.5 ms', '101 ms', '1.23 s', '36.0 s', '3.0 min']);
  });

  it('writes how long ago', () => {
    expect([-5, 900_000, 1e6, 119e6, 120e6, 7199e6, 7200e6].map(agoText))
      .toEqual(['just now', 'just now', '1 s ago', '119 s ago', '2 min ago', '119 min ago', '2 h ago']);
  });

  it('writes levels from hundredths', () => {
    expect([db(-525), db(315), db(0), dbm(-10780)]).toEqual(['−5.3 dB', '+3.1 dB', '0.0 dB', '−107.8 dBm']);
    expect(percent(987)).toBe('99 %');
  });

  it('shortens a digest so that both ends can be compared', () => {
    expect(shortDigest('0123456789abcdef')).toBe('0123…cdef');
    expect(shortDigest('0123')).toBe('0123');
  });
});
