/** What registries hold (GET /api/registry): who says that it can do what. Asked for, not told by the feed. */
import type { NodeId } from './types';

export interface RegistryRecord {
  readonly holder: NodeId;
  readonly node: NodeId;
  readonly version: number;
  readonly can: readonly string[];
  readonly models: readonly string[];
  /** At least so many; absent where the node says nothing of its machine. */
  readonly cores?: number | undefined;
  readonly memory_bytes?: number | undefined;
}

const texts = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');
const maybe = (value: unknown): value is number | undefined => value === undefined || typeof value === 'number';

/** What the server said, if it is a registry; null when it is not. */
export function readRegistry(json: unknown): readonly RegistryRecord[] | null {
  const records = typeof json === 'object' && json !== null ? (json as { records?: unknown }).records : undefined;
  if (!Array.isArray(records)) return null;
  const good = records.every((one: Partial<RegistryRecord> | null) =>
    typeof one?.holder === 'string' && typeof one.node === 'string' && typeof one.version === 'number' &&
    texts(one.can) && texts(one.models) && maybe(one.cores) && maybe(one.memory_bytes));
  return good ? (records as RegistryRecord[]) : null;
}
