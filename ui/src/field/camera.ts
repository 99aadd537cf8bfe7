/**
 * Which part of the field is in the window. Pure: sizes and positions in, sizes and positions out;
 * lengths are field units, kTileUnits to a tile, and window pixels of CSS.
 */
import type { Tile } from '../feed/types';

export const kTileUnits = 64;
/** Room around the field for the numbers of its rows and columns. */
export const kMarginUnits = 40;
export const kZoomMax = 6;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Eye {
  /** Field point in the middle of the window. */
  readonly x: number;
  readonly y: number;
  /** Window pixels per field unit. */
  readonly scale: number;
}

const extent = (side: number): number => side * kTileUnits + 2 * kMarginUnits;

export const fitScale = (window: Size, side: number): number =>
  Math.max(0.01, Math.min(window.width, window.height) / extent(side));

export function fit(window: Size, side: number): Eye {
  const middle = (side * kTileUnits) / 2;
  return { x: middle, y: middle, scale: fitScale(window, side) };
}

function clampAxis(at: number, windowLength: number, scale: number, side: number): number {
  const from = -kMarginUnits;
  const to = side * kTileUnits + kMarginUnits;
  const half = windowLength / scale / 2;
  if (2 * half >= to - from) return (from + to) / 2;
  return Math.min(to - half, Math.max(from + half, at));
}

/** The nearest eye that shows no more than the field needs and loses none of it for good. */
export function clamp(eye: Eye, window: Size, side: number): Eye {
  const least = fitScale(window, side);
  const scale = Math.min(least * kZoomMax, Math.max(least, eye.scale));
  return {
    scale,
    x: clampAxis(eye.x, window.width, scale, side),
    y: clampAxis(eye.y, window.height, scale, side),
  };
}

export function toField(eye: Eye, window: Size, px: number, py: number): { x: number; y: number } {
  return { x: eye.x + (px - window.width / 2) / eye.scale, y: eye.y + (py - window.height / 2) / eye.scale };
}

export function tileAt(eye: Eye, window: Size, px: number, py: number, side: number): Tile | null {
  const at = toField(eye, window, px, py);
  const x = Math.floor(at.x / kTileUnits);
  const y = Math.floor(at.y / kTileUnits);
  return x >= 0 && y >= 0 && x < side && y < side ? [x, y] : null;
}

/** Zooms by `factor` with the field point under (px, py) staying where it is. */
export function zoomAt(eye: Eye, window: Size, side: number, factor: number, px: number, py: number): Eye {
  const under = toField(eye, window, px, py);
  const least = fitScale(window, side);
  const scale = Math.min(least * kZoomMax, Math.max(least, eye.scale * factor));
  const moved = { scale, x: under.x - (px - window.width / 2) / scale, y: under.y - (py - window.height / 2) / scale };
  return clamp(moved, window, side);
}

export function pan(eye: Eye, window: Size, side: number, dx: number, dy: number): Eye {
  return clamp({ ...eye, x: eye.x - dx / eye.scale, y: eye.y - dy / eye.scale }, window, side);
}

export const middleOf = (tile: Tile): { x: number; y: number } => ({
  x: (tile[0] + 0.5) * kTileUnits, y: (tile[1] + 0.5) * kTileUnits,
});
