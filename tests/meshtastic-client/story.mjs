/** Meshtastic's own client at two simulated radios; usage: node story.mjs PROGRAM SCENARIO VECTORS */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { reads, secondChannel, writes } from './admin.mjs';
import { Client } from './client.mjs';
import { kindsOfAnswer, kindsRecorded } from './handshake.mjs';
import { Swarm } from './swarm.mjs';
import { atLeast, check, equal } from './tally.mjs';

const [program, scenario, vectors] = process.argv.slice(2);
const kOnlyConfig = 69420;
const kPrivateApp = 256;
const kWords = 'hello from a phone';
const kBytes = new TextEncoder().encode('hello mesh, privately');

/** A listener on a port below those that the system hands out itself. */
function listener() {
  const server = createServer();
  return new Promise((resolve) => {
    const listen = () => server.listen(10_000 + Math.floor(Math.random() * 20_000), '127.0.0.1');
    server.on('error', listen).once('listening', () => resolve(server));
    listen();
  });
}

/** Any of the radios' ports may be another program's: then nothing starts, and it says so. */
async function portTaken() {
  const other = await listener();
  const { port } = other.address();
  const said = await new Swarm(program, scenario).start(port - 1).then(() => 'it started', (error) => error.message);
  check('a radio\'s port in use', said, 'one line that names it', said.includes(`${port}`) && !said.trim().includes('\n'));
  await new Promise((resolve) => { other.close(resolve); });
}

async function handshakes(swarm) {
  for (const exchange of JSON.parse(readFileSync(`${vectors}/handshake.json`))) {
    const others = exchange.nonce === kOnlyConfig ? 0 : swarm.ports.length - 1;
    const kinds = await kindsOfAnswer(swarm.ports[0], Buffer.from(exchange.toradio_frame, 'hex'));
    const recorded = kindsRecorded(exchange, others);
    const same = kinds.filter((kind, i) => kind === recorded[i]).length;
    check(`nonce ${exchange.nonce}, messages of the real radio's kind and place`, `${same} of ${kinds.length}`,
      `${recorded.length} of ${recorded.length}`, same === recorded.length && kinds.length === recorded.length);
  }
}

async function messages(swarm) {
  const alpha = await Client.connect(swarm.ports[0]);
  const beta = await Client.connect(swarm.ports[1]);
  const configured = await Promise.all([alpha.configure(), beta.configure()]);
  equal('clients configured', configured.filter(Boolean).length, 2);
  check('nodes the first one sees', `${alpha.nodes.size}: ${[...alpha.nodes.values()].join(' ')}`, `exactly ${swarm.ports.length}`, alpha.nodes.size === swarm.ports.length);

  alpha.device.sendText(kWords, 'broadcast', true).catch(() => {});
  const text = await beta.wait(beta.texts, (packet) => packet.from === alpha.number);
  equal('text at the other radio', text?.data, kWords);
  alpha.device.sendPacket(kBytes, kPrivateApp, 'broadcast', 0, false).catch(() => {});
  const same = (packet) => Buffer.compare(packet.data, kBytes) === 0;
  const bytes = await beta.wait(beta.privates, (packet) => packet.from === alpha.number && same(packet));
  equal('PRIVATE_APP bytes at the other radio', bytes?.data.length, kBytes.length);

  const acknowledged = (to) => alpha.device.sendPacket(kBytes, kPrivateApp, to, 0, true, false).then(() => true, (failed) => failed.error);
  equal('PRIVATE_APP for everybody with want_ack, acknowledged', await acknowledged('broadcast'), true);
  beta.privates.length = 0;
  equal('PRIVATE_APP for the other radio with want_ack, acknowledged', await acknowledged(beta.number), true);
  equal('its bytes there', (await beta.wait(beta.privates, same))?.data.length, kBytes.length);

  await reads(alpha);
  await writes(alpha, beta);
  const second = await secondChannel(alpha, beta);
  alpha.device.sendText(kWords, 'broadcast', true, second).catch(() => {});
  const there = await beta.wait(beta.texts, (packet) => packet.from === alpha.number && packet.channel === second);
  equal('text on the second channel at the other radio', there?.data, kWords);

  const log = await swarm.get('api/packets');
  for (const [what, packet] of [['text', text], ['PRIVATE_APP', bytes]]) {
    const id = (packet?.id ?? 0).toString(16).padStart(8, '0');
    const flights = log.filter((entry) => entry.packet === id && entry.e === 'start');
    atLeast(`flights of the ${what} in the page's packet log`, flights.length, 1);
  }
}

await portTaken();
await new Swarm(program, scenario).tell(async (swarm) => {
  atLeast('radios with a port', swarm.ports.length, 2);
  await handshakes(swarm);
  await messages(swarm);
});
