/**
 * Where radios that have a place in metres stand on the map, and for which of their names there is
 * room. Pure: the world in, positions in field units out; the map fills the square that the field
 * would.
 */
import { kTileUnits } from '../field/camera';
import type { Point } from '../field/lines';
import type { World } from '../feed/reduce';
import type { Card, NodeId } from '../feed/types';

/** Squares of the grid across the map, at least. */
const kSquaresLeast = 6;

export interface Plan {
  /** Of the grid's squares, in metres: 1, 2 or 5 times a power of ten. */
  readonly gridM: number;
  readonly unitsPerM: number;
  /** Field units of the map's side. */
  readonly side: number;
  readonly places: ReadonlyMap<NodeId, Point>;
}

/** The largest of 1, 2 and 5 times a power of ten that is no more than `length`. */
export function roundLength(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return [5, 2, 1].map((each) => each * power).find((each) => each <= length * 1.000001) ?? power;
}

export const lengthText = (metres: number): string => (metres >= 1000 ? `${metres / 1000} km` : `${metres} m`);

/** Plans of worlds whose cards have not changed since. */
const kPlans = new WeakMap<World['nodes'], Plan | null>();

/** null where no node has a place in metres: then it is a field of tiles. */
export function planOf(world: World): Plan | null {
  const known = kPlans.get(world.nodes);
  if (known !== undefined) return known;
  const plan = drawUp(world);
  kPlans.set(world.nodes, plan);
  return plan;
}

function drawUp(world: World): Plan | null {
  const side = world.field.side * kTileUnits;
  const placed = Object.values(world.nodes).flatMap(({ id, place_m }) => (place_m ? [{ id, x: place_m[0], y: place_m[1] }] : []));
  if (placed.length === 0) return null;
  const xs = placed.map(({ x }) => x);
  const ys = placed.map(({ y }) => y);
  const [west, north] = [Math.min(...xs), Math.min(...ys)];
  const wide = Math.max(...xs) - west;
  const high = Math.max(...ys) - north;
  const gridM = roundLength(Math.max(wide, high, kSquaresLeast) / kSquaresLeast);
  // A whole number of squares, with a quarter of one for whoever stands at the edge: it changes
  // seldom when radios move.
  const squares = Math.ceil(Math.max(wide, high) / gridM + 0.5) + 1;
  const from = (least: number, length: number) => Math.round((least + length / 2) / gridM - squares / 2) * gridM;
  const left = from(west, wide);
  const top = from(north, high);
  const unitsPerM = side / (squares * gridM);
  const places = new Map(placed.map(({ id, x, y }) => [id, { x: (x - left) * unitsPerM, y: (y - top) * unitsPerM }]));
  return { gridM, unitsPerM, side, places };
}

/** The radio nearest to `at`, within `reach` field units. */
export function radioNear(plan: Plan, at: Point, reach: number): NodeId | null {
  let best: NodeId | null = null;
  let least = reach;
  for (const [id, place] of plan.places) {
    const far = Math.hypot(place.x - at.x, place.y - at.y);
    if (far > least) continue;
    least = far;
    best = id;
  }
  return best;
}

/** The next radio on the way east (1, 0), north (0, -1), ...: near, and not far off that way. */
export function radioBeyond(plan: Plan, from: NodeId, [dx, dy]: readonly [number, number]): NodeId | null {
  const start = plan.places.get(from);
  if (!start) return null;
  let best: NodeId | null = null;
  let least = Infinity;
  for (const [id, place] of plan.places) {
    const along = (place.x - start.x) * dx + (place.y - start.y) * dy;
    const aside = Math.abs((place.x - start.x) * dy) + Math.abs((place.y - start.y) * dx);
    if (id === from || along <= 0 || along + 2 * aside >= least) continue;
    least = along + 2 * aside;
    best = id;
  }
  return best;
}

/** Names that can stand below their radios without hiding another radio or name; `first` has one in any case. */
export function named(cards: readonly Card[], plan: Plan, width: (card: Card) => number, height: number, first: NodeId | null): Set<NodeId> {
  const kept: { x: number; y: number; half: number }[] = [];
  const names = new Set<NodeId>();
  const order = [...cards].sort((a, b) => Number(b.id === first) - Number(a.id === first) || rank(a) - rank(b) || a.id.localeCompare(b.id));
  for (const card of order) {
    const place = plan.places.get(card.id);
    if (!place) continue;
    const box = { x: place.x, y: place.y + height, half: width(card) / 2 };
    const hides = kept.some((one) => Math.abs(one.y - box.y) < height && Math.abs(one.x - box.x) < one.half + box.half);
    const covers = [...plan.places].some(([id, other]) =>
      id !== card.id && Math.abs(other.y - box.y) < height * 0.8 && Math.abs(other.x - box.x) < box.half);
    if (card.id !== first && (hides || covers)) continue;
    kept.push(box);
    names.add(card.id);
  }
  return names;
}

/** Those that others depend on are named before the others. */
export const rank = (card: Card): number => (/router/.test(card.role) ? 0 : 1);
