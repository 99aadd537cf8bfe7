import { describe, expect, it } from 'vitest';
import { classify, type Fetch } from './tasks';

const file = new File([new Uint8Array([0xff, 0xd8])], 'crate.jpg', { type: 'image/jpeg' });
const upload = { tile: [3, 4] as const, prompt: 'What is it?', file };
const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const result = { classification: 'MOVABLE', confidence_permille: 930, value: 15, tile: [3, 4] };

function server(...answers: Response[]): { ask: Fetch; calls: { url: string; init: RequestInit | undefined }[] } {
  const calls: { url: string; init: RequestInit | undefined }[] = [];
  const ask: Fetch = (url, init) => {
    calls.push({ url, init });
    return Promise.resolve(answers.shift() ?? reply(500, {}));
  };
  return { ask, calls };
}

const run = (ask: Fetch, said: string[] = []) => classify(upload, (text) => said.push(text), ask, () => Promise.resolve());

describe('classify', () => {
  it('sends picture and tile, waits, and gives the result', async () => {
    const { ask, calls } = server(
      reply(202, { task_id: 'a/b' }), reply(200, { status: 'pending' }), reply(200, { status: 'processing' }),
      reply(200, { status: 'completed', result, error: '' }));
    const said: string[] = [];
    expect(await run(ask, said)).toEqual(result);
    const form = calls[0]?.init?.body as FormData;
    expect(JSON.parse(String(form.get('metadata')))).toEqual({ tileX: 3, tileY: 4, prompt: 'What is it?' });
    expect((form.get('file') as File).name).toBe('crate.jpg');
    expect(calls[1]?.url).toBe('/api/tasks/a%2Fb');
    expect(said.at(-1)).toContain('a/b');
  });

  it.each([
    ['the reason it gives', reply(400, { error: 'file is neither JPEG nor PNG' }), 'file is neither JPEG nor PNG'],
    ['the status where it gives none', reply(413, []), 'the server answered 413'],
    ['the status where it speaks no JSON', new Response('<html>', { status: 502 }), 'the server answered 502'],
    ['that no task came of it', reply(202, {}), 'the server answered 202'],
  ])('says when the server refuses: %s', async (_, answer, text) => {
    await expect(run(server(answer).ask)).rejects.toThrow(text);
  });

  it('says when the task failed, is unknown, has an odd result or never ends', async () => {
    const taken = () => reply(202, { task_id: 't' });
    await expect(run(server(taken(), reply(200, { status: 'failed', error: 'no backend' })).ask)).rejects.toThrow('no backend');
    expect(await run(server(taken(), reply(200, { status: 'failed', result, error: 'leaves doubt' })).ask)).toEqual({ ...result, unused: 'leaves doubt' });
    await expect(run(server(taken(), reply(404, { error: 'no task t' })).ask)).rejects.toThrow('no task t');
    await expect(run(server(taken(), reply(200, { status: 'completed', result: { tile: 3 } })).ask)).rejects.toThrow('could not be read');
    const forever: Fetch = (url) => Promise.resolve(url.endsWith('tasks') ? taken() : reply(200, { status: 'pending' }));
    await expect(run(forever)).rejects.toThrow('has not ended');
  });
});
