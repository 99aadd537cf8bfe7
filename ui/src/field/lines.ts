/** Lines on the field: radio links, transmissions, what became of them at each receiver. */
import type * as Phaser from 'phaser';
import type { World } from '../feed/reduce';
import type { Fate, NodeId } from '../feed/types';
import type { Flight } from '../packets/flights';
import { isRelay } from '../packets/fates';
import { family } from '../packets/kinds';
import { kTileUnits } from './camera';
import { familyColor, fateColor, type Palette } from './palette';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Places = ReadonlyMap<NodeId, Point>;
type Pen = Phaser.GameObjects.Graphics;

const kSegments = 28;
/** Links weaker than this are dashed. */
const kWeakSnr_cdb = -1000;

/** A point of the bow from `from` to `to`, `lift` units off the straight line at its middle. */
function bow(from: Point, to: Point, lift: number, share: number): Point {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const height = 4 * lift * share * (1 - share);
  return { x: from.x + dx * share + (dy / length) * height, y: from.y + dy * share - (dx / length) * height };
}

/** `on` of every `of` segments are drawn; 1 of 1 is a whole line. */
function stroke(pen: Pen, from: Point, to: Point, lift: number, on: number, of: number): void {
  pen.beginPath();
  for (let segment = 0; segment < kSegments; segment++) {
    if (segment % of >= on) continue;
    const start = bow(from, to, lift, segment / kSegments);
    const end = bow(from, to, lift, (segment + 1) / kSegments);
    pen.moveTo(start.x, start.y);
    pen.lineTo(end.x, end.y);
  }
  pen.strokePath();
}

interface Pair {
  readonly from: NodeId;
  readonly to: NodeId;
  snr_cdb: number;
}

/** Each pair of nodes that hear each other, with the better of the two directions. */
export function linkPairs(world: World): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const card of Object.values(world.nodes)) {
    if (card.alive === false) continue;
    for (const one of card.neighbours ?? []) {
      const other = world.nodes[one.id];
      if (!other || other.alive === false) continue;
      const [from, to] = card.id < one.id ? [card.id, one.id] : [one.id, card.id];
      const known = pairs.get(from + to);
      if (known) known.snr_cdb = Math.max(known.snr_cdb, one.snr_cdb);
      else pairs.set(from + to, { from, to, snr_cdb: one.snr_cdb });
    }
  }
  return [...pairs.values()];
}

/** In a crowd those of the chosen node alone. */
export function drawLinks(
  pen: Pen, world: World, places: Places, selected: NodeId | null, crowded: boolean, palette: Palette,
): void {
  for (const pair of linkPairs(world)) {
    const from = places.get(pair.from);
    const to = places.get(pair.to);
    if (!from || !to) continue;
    // From -20 dB (hardly decodable) to +10 dB.
    const strength = Math.max(0, Math.min(1, (pair.snr_cdb + 2000) / 3000));
    const lit = selected === pair.from || selected === pair.to;
    if (crowded && !lit) continue;
    pen.lineStyle(1.5 + strength * 3.5, palette.num(lit ? 'accent' : 'edge'), (lit ? 0.5 : 0.28) + strength * 0.35);
    stroke(pen, from, to, 0, 1, pair.snr_cdb < kWeakSnr_cdb ? 2 : 1);
  }
}

const kFateStroke: Readonly<Record<Fate, readonly [on: number, of: number, width: number]>> = {
  decoded: [1, 1, 3.5], duplicate: [1, 1, 1.5], collided: [2, 4, 3], weak: [1, 3, 2], deaf: [1, 4, 1.5], off: [1, 4, 1],
};

/** How far its rings spread: to everybody, or in a crowd only so far that they are seen. */
function reach(flight: Flight, places: Places, crowded: boolean): number {
  if (crowded) return 1.5 * kTileUnits;
  const from = places.get(flight.packet.tx);
  if (!from) return 0;
  let far = 3 * kTileUnits;
  for (const place of places.values()) far = Math.max(far, Math.hypot(place.x - from.x, place.y - from.y));
  return far + kTileUnits / 2;
}

function drawOnAir(pen: Pen, flight: Flight, from: Point, far: number, still: boolean, palette: Palette): void {
  const color = palette.num(familyColor(family(flight.packet.kind)));
  const radius = still ? far : kTileUnits * 0.6 + flight.progress * (far - kTileUnits * 0.6);
  pen.fillStyle(color, 0.07);
  pen.fillCircle(from.x, from.y, radius);
  const rings = isRelay(flight.packet) ? 2 : 3;
  for (let ring = 0; ring < rings; ring++) {
    const inner = radius - ring * 18;
    if (inner < 24) break;
    pen.lineStyle(isRelay(flight.packet) ? 2.5 : 4, color, 0.85 - ring * 0.27);
    pen.strokeCircle(from.x, from.y, inner);
  }
}

/** In a crowd only who has it now, thinly, unless the flight is the chosen one. */
export function drawFlight(
  pen: Pen, flight: Flight, places: Places, lit: boolean, crowded: boolean, still: boolean, palette: Palette,
): void {
  const { packet } = flight;
  const from = places.get(packet.tx);
  if (!from) return;
  if (flight.progress < 1) {
    drawOnAir(pen, flight, from, reach(flight, places, crowded), still, palette);
    return;
  }
  for (const rx of packet.fates ?? []) {
    const to = places.get(rx.id);
    if (!to) continue;
    if (crowded && !lit && rx.fate !== 'decoded') continue;
    const [on, of, width] = kFateStroke[rx.fate];
    const good = rx.fate === 'decoded' || rx.fate === 'duplicate';
    const color = palette.num(good ? familyColor(family(packet.kind)) : fateColor(rx.fate));
    pen.lineStyle(lit ? width + 2 : width, color, (good ? 0.9 : 0.7) * (lit ? 1 : flight.fade) * (crowded && !lit ? 0.4 : 1));
    stroke(pen, from, to, 26, on, of);
  }
}

/** Where the mark of a receiver's fate goes: on the bow, short of the face. */
export function markPlace(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return bow(from, to, 26, Math.max(0.5, 1 - 70 / length));
}
