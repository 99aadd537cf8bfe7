/** Starts and stops a simulated swarm whose radios have ports of their own. */
import { spawn } from 'node:child_process';
import { equal, verdict } from './tally.mjs';

const kStartMs = 20_000;

export class Swarm {
  #process;

  /** `more`: further words of the command. */
  constructor(program, scenario, more = []) {
    this.program = program;
    this.scenario = scenario;
    this.more = more;
  }

  /** The page's address and the radios' ports, as the program prints them; from `clientPort` on, or any. */
  async start(clientPort = 0) {
    const command = ['sim', this.scenario, '--seed', '1', '--serve', '127.0.0.1:0', '--client-api', `${clientPort}`, ...this.more];
    this.#process = spawn(this.program, command, { stdio: ['ignore', 'inherit', 'pipe'] });
    let said = '';
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the swarm did not start: ${said.trim()}`)), kStartMs);
      this.#process.stderr.on('data', (bytes) => {
        said += bytes;
        if (/http:\/\/\S+/.test(said)) { clearTimeout(late); resolve(); }
      });
      this.#process.once('exit', () => { clearTimeout(late); reject(new Error(said.trim())); });
    });
    this.page = said.match(/http:\/\/[^/]+\//)[0];
    this.ports = [...said.matchAll(/127\.0\.0\.1:(\d+)\n/g)].map((found) => Number(found[1]));
  }

  /** Starts it, tells a story at it, stops it whatever happened, and ends the process by the verdict. */
  async tell(story) {
    const began = Date.now();
    try {
      await this.start();
      await story(this);
    } catch (error) {
      equal('the story', error.message, 'told to its end');
    } finally {
      this.stop();
    }
    console.log(`      it took ${((Date.now() - began) / 1000).toFixed(1)} s`);
    process.exit(verdict());
  }

  stop() {
    if (this.#process.exitCode === null) this.#process.kill('SIGTERM');
  }

  get = (path) => fetch(`${this.page}${path}`).then((answer) => answer.json());
}
