/** Where those who share a tile stand. */
import type { World } from '../feed/reduce';
import type { Card } from '../feed/types';
import { isOn } from './tiles';

/** Between two that share a tile, in field units. */
const kAsideUnits = 80;

/** Those who share a tile stand side by side: how far this one is from the tile's middle. */
export function aside(world: World, card: Card): number {
  const here = Object.values(world.nodes).filter((other) => isOn(other, card.at));
  return (here.findIndex((other) => other.id === card.id) - (here.length - 1) / 2) * kAsideUnits;
}
