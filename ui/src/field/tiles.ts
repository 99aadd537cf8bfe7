/** What is on a tile, in words, as far as the swarm knows. */
import type { World } from '../feed/reduce';
import type { Card, Obstacle, Tile } from '../feed/types';
import { called, moodWord } from '../nodes/words';

const same = (a: Tile, b: Tile): boolean => a[0] === b[0] && a[1] === b[1];

/** A node whose place is not known stands on no tile. */
export const isOn = ({ at }: Card, tile: Tile | undefined): boolean => at !== undefined && tile !== undefined && same(at, tile);

export function describeTile(world: World, tile: Tile, believed: (obstacle: Obstacle) => string): string {
  const parts: string[] = [];
  for (const card of Object.values(world.nodes)) if (isOn(card, tile)) parts.push(`${called(card)}, ${moodWord(card)}`);
  for (const one of Object.values(world.obstacles)) {
    if (one.present && same(one.at, tile)) parts.push(`an obstacle, ${believed(one)}`);
  }
  for (const site of world.sites) if (same(site.at, tile)) parts.push(site.done ? 'a site, sample taken' : 'a site to be sampled');
  return parts.length > 0 ? parts.join('; ') : 'nothing stands here';
}

export const nodeOn = (world: World, tile: Tile): string | null =>
  Object.values(world.nodes).find((card) => isOn(card, tile))?.id ?? null;
