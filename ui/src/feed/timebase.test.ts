import { describe, expect, it } from 'vitest';
import { Timebase } from './timebase';

describe('Timebase', () => {
  it('shows exactly what was heard while the world stands', () => {
    const base = new Timebase();
    base.hear(5000, 100, false, 1);
    expect(base.at(100)).toBe(5000);
    expect(base.at(9999)).toBe(5000);
  });

  it('runs on between messages at the speed of the world, a little behind it', () => {
    const base = new Timebase();
    base.hear(1_000_000, 1000, true, 2);
    expect(base.at(1080)).toBe(1_000_000);
    expect(base.at(1180)).toBe(1_200_000);
  });

  it('stands still when nothing is heard for long', () => {
    const base = new Timebase();
    base.hear(0, 0, true, 1);
    expect(base.at(60_000)).toBe(base.at(400));
  });

  it('never goes back within a world, but does with a new one', () => {
    const base = new Timebase();
    base.hear(1_000_000, 1000, true, 1);
    const shown = base.at(1400);
    base.hear(1_010_000, 1400, true, 1);
    expect(base.at(1400)).toBeGreaterThanOrEqual(shown);
    base.hear(0, 1500, true, 1);
    expect(base.at(1500)).toBeLessThan(shown);
  });

  it('measures the pace of a world that runs as fast as it goes', () => {
    const base = new Timebase();
    base.hear(0, 0, true, 0);
    base.hear(10_000_000, 50, true, 0);
    expect(base.rate).toBe(200_000);
  });
});
