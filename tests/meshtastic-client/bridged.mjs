/** A node behind a broker, as Meshtastic's own client at simulated radios sees it.
 *  usage: node bridged.mjs PROGRAM SCENARIO BROKER_URL FOLDER */
import { spawn } from 'node:child_process';
import { Client } from './client.mjs';
import { Swarm } from './swarm.mjs';
import { check, equal, verdict } from './tally.mjs';

const [program, scenario, broker, folder] = process.argv.slice(2);
const kPatienceMs = 40_000;

/** The node that comes by the broker alone: enrolled as compot, and not in the simulated world. */
function nodeBehindBroker() {
  const command = ['node', '--scenario', scenario, '--name', 'compot', '--radio', broker, '--data-dir', folder];
  return spawn(program, command, { stdio: ['ignore', 'inherit', 'ignore'] });
}

/** What a client that connects now is told about the node of that name, or undefined. */
async function told(port, name) {
  const client = await Client.connect(port);
  const configured = await client.configure();
  const found = [...client.infos.values()].find((info) => info.user?.longName === name);
  await client.device.disconnect().catch(() => {});
  return configured ? found : undefined;
}

async function until(ask) {
  for (const last = Date.now() + kPatienceMs; Date.now() < last;) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  return undefined;
}

const swarm = new Swarm(program, scenario, ['--without', 'compot', '--mqtt', broker, '--gateway', 'alpha']);
let bridged;
try {
  await swarm.start();
  bridged = nodeBehindBroker();
  for (const [place, whose] of [[0, 'the gateway'], [1, 'a radio beyond it']]) {
    const info = await until(async () => {
      const node = await told(swarm.ports[place], 'compot');
      return node?.viaMqtt ? node : undefined;
    });
    check(`at ${whose}, the node behind the broker`, info ? `${info.user.id} ${info.user.longName}, viaMqtt ${info.viaMqtt}` : 'not there', 'listed with viaMqtt true', info?.viaMqtt === true);
    const neighbour = await told(swarm.ports[place], place === 0 ? 'beta' : 'alpha');
    equal(`at ${whose}, viaMqtt of a node in the air`, neighbour?.viaMqtt, false);
  }
} catch (error) {
  equal('the story', error.message, 'told to its end');
} finally {
  bridged?.kill('SIGTERM');
  swarm.stop();
}
process.exit(verdict());
