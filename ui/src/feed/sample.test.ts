import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from './parse';
import { kEmptyWorld, reduce, type World } from './reduce';

const lines = readFileSync(new URL('../../../tests/data/sample_feed.ndjson', import.meta.url), 'utf8').trim().split('\n');

/** A recording is the feed itself but for its last line, which closes the file. */
function replay(): World {
  let world = kEmptyWorld;
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const parsed = parse(line);
    if (!parsed.ok) throw new Error(`line ${index + 1}: ${parsed.error}`);
    const heard = reduce(world, parsed.message);
    if (heard.lost) throw new Error(`line ${index + 1} does not continue what was before it`);
    world = heard.world;
  }
  return world;
}

describe('a recording made by the server side', () => {
  it('is read from its first line to its last', () => {
    const world = replay();
    expect(Object.values(world.nodes).map((card) => card.name).sort()).toEqual(['Alpha', 'Beta', 'Compot', 'Gamma']);
    expect(world.t).toBeGreaterThan(0);
  });

  it('tells the story of a blocked Cat', () => {
    const world = replay();
    const [job] = Object.values(world.jobs);
    expect(job?.steps[0]?.step).toBe('asked');
    expect(job?.steps.at(-1)?.step).toBe('ended');
    expect(world.photos).toHaveLength(1);
    expect(world.packets.every((packet) => packet.fates)).toBe(true);
  });

  it('gives the same world twice', () => {
    expect(replay()).toEqual(replay());
  });
});
