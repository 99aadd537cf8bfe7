/** Uploads a picture to be classified for a tile and waits for what the swarm's classifier says. */
import type { Tile } from './types';

export interface TaskResult {
  readonly classification: string;
  readonly confidence_permille: number;
  readonly value: number;
  readonly tile: Tile;
  /** Why the swarm makes nothing of it, mostly that it leaves doubt. */
  readonly unused?: string;
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export const kPollMs = 600;
export const kPollsMax = 75;

async function body(response: Response): Promise<Record<string, unknown>> {
  try {
    return (await response.json()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function complaint(response: Response, told: Record<string, unknown>): Error {
  const error = told['error'];
  return new Error(typeof error === 'string' && error !== '' ? error : `the server answered ${response.status}`);
}

function result(told: Record<string, unknown>): TaskResult {
  const from = told['result'] as Partial<TaskResult> | null | undefined;
  if (!from || typeof from.classification !== 'string' || typeof from.confidence_permille !== 'number' || !Array.isArray(from.tile)) {
    throw new Error('the result could not be read');
  }
  return {
    classification: from.classification,
    confidence_permille: from.confidence_permille,
    value: typeof from.value === 'number' ? from.value : 0,
    tile: from.tile,
  };
}

export interface Upload {
  readonly tile: Tile;
  readonly prompt: string;
  readonly file: File;
}

/** ERRORS: throws an Error whose message is for the person who uploaded. */
export async function classify(
  upload: Upload,
  progress: (text: string) => void,
  ask: Fetch = fetch.bind(globalThis),
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<TaskResult> {
  const form = new FormData();
  const metadata = { tileX: upload.tile[0], tileY: upload.tile[1], prompt: upload.prompt };
  form.append('metadata', JSON.stringify(metadata));
  form.append('file', upload.file, upload.file.name);
  progress('Sending the picture…');
  const sent = await ask('/api/tasks', { method: 'POST', body: form });
  const told = await body(sent);
  const id = told['task_id'];
  if (sent.status !== 202 || typeof id !== 'string') throw complaint(sent, told);
  progress(`Task ${id}: waiting for the classifier…`);
  for (let poll = 0; poll < kPollsMax; poll++) {
    const answer = await ask(`/api/tasks/${encodeURIComponent(id)}`);
    const state = await body(answer);
    if (!answer.ok) throw complaint(answer, state);
    if (state['status'] === 'completed') return result(state);
    if (state['status'] === 'failed') {
      const why = typeof state['error'] === 'string' && state['error'] ? state['error'] : 'the classifier failed';
      if (!state['result']) throw new Error(why);
      return { ...result(state), unused: why };
    }
    await pause(kPollMs);
  }
  throw new Error(`task ${id} has not ended; it may still complete`);
}
