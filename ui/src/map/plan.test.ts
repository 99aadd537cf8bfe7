import { describe, expect, it } from 'vitest';
import { card } from '../feed/fixture';
import { kEmptyWorld, type World } from '../feed/reduce';
import type { Card } from '../feed/types';
import { lengthText, named, planOf, radioBeyond, radioNear, roundLength } from './plan';

const kSide = 1024;
const radio = (name: string, x: number, y: number, role = 'client'): Card =>
  card({ id: `!0000000${name}`, name, role, at: undefined, place_m: [x, y] });

function worldOf(...cards: Card[]): World {
  return { ...kEmptyWorld, nodes: Object.fromEntries(cards.map((one) => [one.id, one])) };
}

function plan(...cards: Card[]) {
  const made = planOf(worldOf(...cards));
  if (!made) throw new Error('no plan');
  return made;
}

describe('a plan', () => {
  it('is there where somebody has a place in metres', () => {
    expect(planOf(worldOf(card()))).toBeNull();
    expect(planOf(kEmptyWorld)).toBeNull();
  });

  it('holds everybody, north up and to scale, on a grid of round lengths', () => {
    const made = plan(radio('1', -4000, 0), radio('2', 4000, 3000), radio('3', 0, 1500));
    for (const { x, y } of made.places.values()) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(kSide);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(kSide);
    }
    const [west, east, between] = ['!00000001', '!00000002', '!00000003'].map((id) => made.places.get(id));
    expect((east?.x ?? 0) - (west?.x ?? 0)).toBeCloseTo(8000 * made.unitsPerM);
    expect((east?.y ?? 0) - (west?.y ?? 0)).toBeCloseTo(3000 * made.unitsPerM);
    expect(between?.x).toBeCloseTo(((west?.x ?? 0) + (east?.x ?? 0)) / 2);
    expect(made.gridM).toBe(1000);
  });

  it('is one of a few metres for a radio alone', () => {
    expect(plan(radio('1', 77, -3)).gridM).toBe(1);
  });

  it('stays as it is when somebody moves within it', () => {
    const before = plan(radio('1', 0, 0), radio('2', 5000, 5000), radio('3', 900, 100));
    const after = plan(radio('1', 0, 0), radio('2', 5000, 5000), radio('3', 4100, 2000));
    expect(after.places.get('!00000001')).toEqual(before.places.get('!00000001'));
    expect(after.unitsPerM).toBe(before.unitsPerM);
  });
});

describe('a length', () => {
  it('is rounded down to 1, 2 or 5 of something', () => {
    expect([1, 1.9, 2, 4.99, 5, 10, 1499, 0.3].map(roundLength)).toEqual([1, 1, 2, 2, 5, 10, 1000, 0.2]);
    expect([500, 1000, 20_000].map(lengthText)).toEqual(['500 m', '1 km', '20 km']);
  });
});

describe('radios on a plan', () => {
  const made = plan(radio('1', 0, 0), radio('2', 1000, 0), radio('3', 2000, 100), radio('4', 0, 1000));

  it('are found by pointing near them', () => {
    const at = made.places.get('!00000002') ?? { x: 0, y: 0 };
    expect(radioNear(made, { x: at.x + 5, y: at.y - 5 }, 10)).toBe('!00000002');
    expect(radioNear(made, { x: at.x + 5, y: at.y - 50 }, 10)).toBeNull();
  });

  it('are reached one after the other', () => {
    expect(radioBeyond(made, '!00000001', [1, 0])).toBe('!00000002');
    expect(radioBeyond(made, '!00000002', [1, 0])).toBe('!00000003');
    expect(radioBeyond(made, '!00000003', [1, 0])).toBeNull();
    expect(radioBeyond(made, '!00000001', [0, 1])).toBe('!00000004');
    expect(radioBeyond(made, '!00000002', [-1, 0])).toBe('!00000001');
  });
});

describe('names', () => {
  const near = [radio('1', 0, 0), radio('2', 10, 0, 'router'), radio('3', 5000, 0)];
  const names = (first: string | null) => [...named(near, plan(...near), () => 80, 20, first)].sort();

  it('stand where there is room, those of routers first', () => {
    expect(names(null)).toEqual(['!00000002', '!00000003']);
  });

  it('always stand at the one that was chosen', () => {
    expect(names('!00000001')).toContain('!00000001');
  });
});
