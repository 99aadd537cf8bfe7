/** The shape of a family of packets as a small drawing, for lists and legend. */
import { kShapes, type Family, type Shape } from './kinds';

const kPaths: Readonly<Record<Shape, string>> = {
  diamond: 'M6.5 0.8 12.2 6.5 6.5 12.2 0.8 6.5z',
  triangle: 'M6.5 1.2 12.3 11.6H0.7z',
  square: 'M1.5 1.5h10v10h-10z',
  circle: 'M6.5 1a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z',
  ring: 'M6.5 2.2a4.3 4.3 0 1 1 0 8.6a4.3 4.3 0 1 1 0-8.6z',
  cross: 'M2 2 11 11M11 2 2 11',
};
const kSvg = 'http://www.w3.org/2000/svg';

export const shapePath = (shape: Shape): string => kPaths[shape];

/** Drawn as an outline rather than filled. */
export const isHollow = (shape: Shape): boolean => shape === 'ring' || shape === 'cross';

export function glyph(family: Family): SVGSVGElement {
  const shape = kShapes[family];
  const hollow = isHollow(shape);
  const svg = document.createElementNS(kSvg, 'svg');
  const path = document.createElementNS(kSvg, 'path');
  svg.setAttribute('viewBox', '0 0 13 13');
  svg.setAttribute('class', 'glyph');
  svg.setAttribute('aria-hidden', 'true');
  svg.dataset['family'] = family;
  path.setAttribute('d', kPaths[shape]);
  path.setAttribute('fill', hollow ? 'none' : 'currentColor');
  if (hollow) path.setAttribute('stroke', 'currentColor');
  if (hollow) path.setAttribute('stroke-width', '2.4');
  svg.append(path);
  return svg;
}
