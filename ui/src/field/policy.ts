/** Whose policy the field shows: the chosen node's, else the one that changed last. */
import type { PolicyView, World } from '../feed/reduce';
import type { NodeId } from '../feed/types';

export interface ShownPolicy {
  readonly id: NodeId;
  readonly policy: PolicyView;
}

export function shownPolicy(world: World, selected: NodeId | null): ShownPolicy | null {
  const own = selected === null ? undefined : world.policies[selected];
  if (selected !== null && own) return { id: selected, policy: own };
  let best: ShownPolicy | null = null;
  for (const [id, policy] of Object.entries(world.policies)) {
    const newer = best === null || policy.changed.length > 0 && policy.at >= best.policy.at;
    if (newer) best = { id, policy };
  }
  return best;
}
