/** Starts and stops the real server, and asks it what a page cannot know. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const kTop = fileURLToPath(new URL('../..', import.meta.url));
export const kProgram = process.env.COMPOTASTIC ?? `${kTop}build/release/compotastic`;
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

/** The first of so many ports in a row that nobody has now, below those that the system hands out itself: there a client that
    waits may talk to itself. */
export async function freePorts(count) {
  const free = (port) => new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  for (let round = 0; round < 100; round++) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    let all = true;
    for (let port = first; all && port < first + count; port++) all = await free(port);
    if (all) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

export const freePort = () => freePorts(1);

/** A subcommand of the program that serves a page. */
export class Server {
  constructor(port, words) {
    this.port = port;
    this.words = words;
    this.url = `http://127.0.0.1:${port}`;
  }

  async start() {
    const command = [...this.words, '--serve', `127.0.0.1:${this.port}`, '--page', `${kTop}ui/dist`];
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

  ask(body) {
    return fetch(`${this.url}/api/control`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
  }

  async control(body) {
    const answer = await this.ask(body);
    if (!answer.ok) throw new Error(`${body.do}: ${await answer.text()}`);
  }

  get = (path) => fetch(`${this.url}${path}`).then((answer) => answer.json());
}

/** The story of the blocked Cat. */
export class Swarm extends Server {
  constructor(port) {
    super(port, ['sim', 'scenarios/blocked-cat.toml', '--seed', '1']);
  }
}
