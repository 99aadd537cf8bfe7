import { describe, expect, it } from 'vitest';
import { card, kBeta, kCompot, peer } from '../feed/fixture';
import { kEmptyWorld } from '../feed/reduce';
import { readRegistry, type RegistryRecord } from '../feed/registry';
import { abilityRows } from './abilities';

const record = (change: Partial<RegistryRecord> = {}): RegistryRecord => ({ holder: kBeta, node: kCompot, version: 16, can: [], models: [], ...change });

describe('a registry', () => {
  it('is believed only when it is whole', () => {
    expect(readRegistry({ t: 1, records: [record()] })).toEqual([record()]);
    for (const bad of [null, 3, {}, { records: 1 }, { records: [null] }, { records: [{ ...record(), can: [1] }] }, { records: [{ ...record(), cores: '8' }] }])
      expect(readRegistry(bad)).toBeNull();
  });
});

describe('abilities', () => {
  const world = { ...kEmptyWorld, nodes: { [kBeta]: card(), [kCompot]: peer() } };

  it('are those of the newest record, with who holds it', () => {
    const all = [record({ version: 15, can: ['camera'] }), record({ can: ['scene_model', 'moves'], cores: 8, memory_bytes: 8 * 2 ** 30, models: ['1234abcd'] })];
    expect(abilityRows(all, kCompot, world)).toEqual([
      ['Offers', 'scene model, moves'], ['Machine', '8 cores or more, 8 GiB or more'], ['Models', '1234abcd'], ['Record', 'version 16, held by Beta'],
    ]);
  });

  it('say nothing of a machine that nobody told of, and nothing at all without a record', () => {
    expect(abilityRows([record()], kCompot, world)).toEqual([['Offers', 'nothing'], ['Record', 'version 16, held by Beta']]);
    expect(abilityRows([record()], kBeta, world)).toEqual([]);
  });
});
