/** A radio on the map in words. */
import { percent } from '../app/text';
import type { Card } from '../feed/types';
import { called } from '../nodes/words';

/** "1.2 km east, 300 m south" of the scenario's origin. */
export function placeWords([x, y]: readonly [number, number]): string {
  const length = (metres: number) => (Math.abs(metres) < 1000 ? `${Math.abs(metres)} m` : `${(Math.abs(metres) / 1000).toFixed(1)} km`);
  return `${length(x)} ${x < 0 ? 'west' : 'east'}, ${length(y)} ${y < 0 ? 'north' : 'south'}`;
}

export function radioWords(card: Card): string {
  const parts = [`${called(card)}, ${card.role.replaceAll('_', ' ')}`];
  if (card.alive === false) parts.push('off');
  if (card.place_m) parts.push(placeWords(card.place_m));
  if (card.busy_permille !== undefined) parts.push(`channel ${percent(card.busy_permille)} busy`);
  return parts.join('; ');
}
