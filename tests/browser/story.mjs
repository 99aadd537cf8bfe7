/** A person watches the story of the blocked Cat on a real server, from the first picture to the end. */
import { Eyes } from './eyes.mjs';
import { awayAndBack, controls, explain, inspect, keyboard, phone, upload, watch, world } from './acts.mjs';
import { freePort, Swarm } from './swarm.mjs';
import { equal, verdict } from './tally.mjs';

const swarm = new Swarm(await freePort());
const eyes = await Eyes.open();
try {
  await swarm.start();
  const page = await eyes.page(swarm.url);
  for (const act of [controls, inspect, keyboard, explain, watch, upload, world, phone, awayAndBack]) await act({ page, eyes, swarm });
  const errors = eyes.errors.filter((error) => !/WebSocket|ERR_CONNECTION_REFUSED|status of 400/.test(error));
  equal(`errors on the page${errors.length > 0 ? ` (${errors.join('; ')})` : ''}`, errors.length, 0);
} finally {
  await eyes.close();
  await swarm.stop();
}
process.exit(verdict());
