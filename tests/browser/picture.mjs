/** Takes the README's picture, doc/screenshot.png: the moment in which the delta has changed Beta's policy. */
import { Eyes } from './eyes.mjs';
import { freePort, kTop, pause, Swarm, until } from './swarm.mjs';

const swarm = new Swarm(await freePort());
const eyes = await Eyes.open();

const reached = async (step) => (await swarm.get('/api/jobs')).some((job) => job.steps.some((one) => one.step === step));

/** Step by step, so that the world stands still exactly there. */
async function stepTo(step) {
  while (!(await reached(step))) await swarm.control({ do: 'step' });
}

try {
  await swarm.start();
  const page = await eyes.page(swarm.url, { width: 1280, height: 800 });
  await swarm.control({ do: 'speed', value: 16 });
  await until(() => reached('photo'), 60_000);
  await swarm.control({ do: 'pause' });
  await stepTo('applied');
  await page.getByRole('tab', { name: 'Jobs' }).click();
  await pause(4000); // the page glides to where the swarm stands
  await page.screenshot({ path: `${kTop}doc/screenshot.png` });
} finally {
  await eyes.close();
  await swarm.stop();
}
