/** Starts and stops the real server, and asks it what a page cannot know. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const kTop = fileURLToPath(new URL('../..', import.meta.url));
const kProgram = process.env.COMPOTASTIC ?? `${kTop}build/release/compotastic`;
const kStartMs = 20_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until `ask` gives something true; its last answer when `ms` have passed. */
export async function until(ask, ms = 10_000) {
  const last = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() > last) return answer;
    await pause(50);
  }
}

/** Below those that the system hands out itself: there a client that waits may talk to itself. */
export function freePort() {
  const server = createServer();
  return new Promise((resolve) => {
    const listen = () => server.listen(10_000 + Math.floor(Math.random() * 20_000), '127.0.0.1');
    server.on('error', listen).once('listening', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
    listen();
  });
}

export class Swarm {
  constructor(port) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  async start() {
    const command = ['sim', 'scenarios/blocked-cat.toml', '--seed', '1', '--serve', `127.0.0.1:${this.port}`, '--page', `${kTop}ui/dist`];
    this.process = spawn(kProgram, command, { cwd: kTop, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    let over = false;
    this.process.stderr.on('data', (data) => { said += data; });
    this.process.once('error', (error) => { said += error.message; over = true; });
    this.process.once('exit', () => { over = true; });
    const up = await until(async () => over || (await fetch(`${this.url}/health`).then((answer) => answer.ok, () => false)), kStartMs);
    if (!up || over) throw new Error(`the server did not start: ${said.trim() || 'it says nothing'}`);
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await Promise.race([gone, pause(3000).then(() => this.process.kill('SIGKILL'))]);
  }

  async control(body) {
    const answer = await fetch(`${this.url}/api/control`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${body.do}: ${await answer.text()}`);
  }

  get = (path) => fetch(`${this.url}${path}`).then((answer) => answer.json());
}
