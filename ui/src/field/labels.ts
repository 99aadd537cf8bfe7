/** Where each node's name stands: below it, above it when something would be hidden, and further out
    when the name of a neighbour is there already. */
import type { World } from '../feed/reduce';
import type { NodeId } from '../feed/types';

const kBelow = 46;
const kAbove = -44;
/** A name is about this high, and this many tiles wide. */
const kLine = 23;
const kWideTiles = 2;

/** Tiles on which something stands that a label must not hide. */
function things(world: World): Set<string> {
  const standing = Object.values(world.obstacles).filter((one) => one.present);
  return new Set([...standing, ...world.sites].map((one) => one.at.join()));
}

/** From the middle of a node's tile to the middle of its name, in units of the field, by node. */
export function labelOffsets(world: World): Map<NodeId, number> {
  const taken = things(world);
  const offsets = new Map<NodeId, number>();
  const placed: { x: number; y: number; above: boolean; level: number }[] = [];
  const order = Object.values(world.nodes)
    .flatMap(({ id, at }) => (at ? [{ id, x: at[0], y: at[1] }] : []))
    .sort((a, b) => a.x - b.x || a.id.localeCompare(b.id));
  for (const { id, x, y } of order) {
    const above = taken.has(`${x},${y + 1}`);
    let level = 0;
    while (placed.some((one) => one.y === y && x - one.x <= kWideTiles && one.above === above && one.level === level)) level++;
    placed.push({ x, y, above, level });
    offsets.set(id, above ? kAbove - kLine * level : kBelow + kLine * level);
  }
  return offsets;
}
