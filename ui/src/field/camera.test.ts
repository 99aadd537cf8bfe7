import { describe, expect, it } from 'vitest';
import { clamp, fit, fitScale, kMarginUnits, kTileUnits, kZoomMax, middleOf, pan, tileAt, toField, zoomAt } from './camera';

const window = { width: 900, height: 700 };
const side = 16;

/** Where a field point is in the window: the inverse of toField. */
function toWindow(eye: { x: number; y: number; scale: number }, at: { x: number; y: number }) {
  return { x: (at.x - eye.x) * eye.scale + window.width / 2, y: (at.y - eye.y) * eye.scale + window.height / 2 };
}

describe('camera', () => {
  it('shows the whole field with its margin at first', () => {
    const eye = fit(window, side);
    const from = toWindow(eye, { x: -kMarginUnits, y: -kMarginUnits });
    const to = toWindow(eye, { x: side * kTileUnits + kMarginUnits, y: side * kTileUnits + kMarginUnits });
    expect(from.y).toBeCloseTo(0);
    expect(to.y).toBeCloseTo(window.height);
    expect(from.x).toBeGreaterThanOrEqual(0);
  });

  it('finds every tile under the pixel that shows its middle, whatever the zoom', () => {
    for (const eye of [fit(window, side), zoomAt(fit(window, side), window, side, 3, 200, 100)]) {
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const at = toWindow(eye, middleOf([x, y]));
          expect(tileAt(eye, window, at.x, at.y, side)).toEqual([x, y]);
        }
      }
    }
  });

  it('finds no tile beside the field', () => {
    const eye = fit(window, side);
    expect(tileAt(eye, window, 1, 350, side)).toBeNull();
    expect(tileAt(eye, window, 450, 3, side)).toBeNull();
  });

  it('keeps the point under the pointer where it is while zooming in', () => {
    const before = fit(window, side);
    const under = toField(before, window, 450, 350);
    const after = zoomAt(before, window, side, 2, 450, 350);
    expect(toField(after, window, 450, 350).x).toBeCloseTo(under.x);
    expect(after.scale).toBeCloseTo(before.scale * 2);
  });

  it('zooms no further than its bounds and never loses the field', () => {
    const near = zoomAt(fit(window, side), window, side, 1000, 0, 0);
    expect(near.scale).toBeCloseTo(fitScale(window, side) * kZoomMax);
    expect(zoomAt(near, window, side, 0.0001, 10, 10)).toEqual(fit(window, side));
    const far = pan(near, window, side, -1e6, -1e6);
    const corner = toWindow(far, { x: side * kTileUnits + kMarginUnits, y: side * kTileUnits + kMarginUnits });
    expect(corner.x).toBeCloseTo(window.width);
    expect(corner.y).toBeCloseTo(window.height);
  });

  it('stands in a window of no size', () => {
    expect(Number.isFinite(clamp(fit({ width: 0, height: 0 }, side), { width: 0, height: 0 }, side).x)).toBe(true);
  });
});
