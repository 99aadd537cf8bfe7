/** The ledger as the swarm holds it: each entry once, with those who hold it. */
import type { World } from '../feed/reduce';
import type { NodeId } from '../feed/types';

export interface Entry {
  readonly author: NodeId;
  readonly n: number;
  readonly text: string;
  /** When the first holder had it. */
  readonly t: number;
  readonly holders: ReadonlySet<NodeId>;
}

/** Newest first. */
export function entries(world: World): Entry[] {
  const found = new Map<string, { author: NodeId; n: number; text: string; t: number; holders: Set<NodeId> }>();
  for (const line of world.ledger) {
    const key = `${line.author}/${line.n}`;
    const entry = found.get(key);
    if (entry) entry.holders.add(line.holder);
    else found.set(key, { author: line.author, n: line.n, text: line.text, t: line.t, holders: new Set([line.holder]) });
  }
  return [...found.values()].sort((a, b) => b.t - a.t || b.n - a.n);
}
