/** Takes the README's pictures: doc/screenshot.png, the moment in which the delta has changed Beta's policy, and
    doc/map.png, a mesh of a hundred radios. */
import { Eyes } from './eyes.mjs';
import { freePort, kTop, pause, Server, Swarm, until } from './swarm.mjs';

const kSize = { width: 1280, height: 800 };
const kGlideMs = 4000; // the page glides to where the world stands
const eyes = await Eyes.open();

async function story() {
  const swarm = new Swarm(await freePort());
  const reached = async (step) => (await swarm.get('/api/jobs')).some((job) => job.steps.some((one) => one.step === step));
  try {
    await swarm.start();
    const page = await eyes.page(swarm.url, kSize);
    await swarm.control({ do: 'speed', value: 16 });
    await until(() => reached('photo'), 60_000);
    await swarm.control({ do: 'pause' });
    while (!(await reached('applied'))) await swarm.control({ do: 'step' });
    await page.getByRole('tab', { name: 'Jobs' }).click();
    await pause(kGlideMs);
    await page.screenshot({ path: `${kTop}doc/screenshot.png` });
  } finally {
    await swarm.stop();
  }
}

async function map() {
  const mesh = new Server(await freePort(), ['sim', 'scenarios/city-100.toml', '--seed', '1', '--speed', '60']);
  try {
    await mesh.start();
    const west = (await mesh.get('/api/nodes')).find((card) => card.name === 'west');
    const page = await eyes.page(`${mesh.url}/#node=${west.id}`, kSize);
    await until(async () => (await mesh.get('/health')).t > 600e6, 60_000);
    await mesh.control({ do: 'pause' });
    await mesh.control({ do: 'step_packet' });
    await pause(kGlideMs);
    await page.screenshot({ path: `${kTop}doc/map.png` });
  } finally {
    await mesh.stop();
  }
}

try {
  await story();
  await map();
} finally {
  await eyes.close();
}
