/** A person looks at a mesh of plain radios: on a map in metres, with Meshtastic's roles. */
import { Eyes, text, violations } from './eyes.mjs';
import { freePort, Server, until } from './swarm.mjs';
import { atLeast, check, equal, holds, verdict } from './tally.mjs';

const server = new Server(await freePort(), ['sim', 'scenarios/city-100.toml', '--seed', '1', '--speed', '20']);
const eyes = await Eyes.open();
const chosen = (page) => text(page, '#inspector h2');

async function desktop() {
  const page = await eyes.page(`${server.url}/`);
  const nodes = await server.get('/api/nodes');
  await until(async () => (await page.locator('.node-list li').count()) === nodes.length);
  equal('radios in the list', await page.locator('.node-list li').count(), 100);
  const router = nodes.find((card) => card.role === 'router');
  equal(`what stands beside ${router.name}`, await page.locator('.node', { hasText: new RegExp(router.name, 'i') }).locator('.chip').first().textContent(), 'router');
  equal('tabs that a mesh of plain radios has', (await page.locator('[role=tab]:visible').allTextContents()).map((tab) => tab.replace(/\d+$/, '')).join(' '), 'Nodes Packets Log');
  equal('layers that a map has', (await page.locator('#layers input').evaluateAll((all) => all.filter((one) => !one.parentElement.hidden).map((one) => one.name))).join(' '),
    'links packets names');
  await page.locator('#field').focus();
  await page.keyboard.press('ArrowRight');
  await until(async () => (await chosen(page)) !== '');
  const first = await chosen(page);
  await page.keyboard.press('ArrowDown');
  await until(async () => (await chosen(page)) !== first);
  check('radio after an arrow key', await chosen(page), `another than ${first}`, (await chosen(page)) !== first);
  holds('words about it for who does not see', await text(page, '#summary'), await chosen(page));
  holds('where it is', await text(page, '#inspector'), 'south');
  await until(async () => (await server.get('/api/packets')).length > 20, 30_000);
  await page.getByRole('tab', { name: /Packets/ }).click();
  atLeast('packets in the log', await page.locator('#panel_packets tbody tr, #panel_packets li').count(), 5);
  await page.getByRole('tab', { name: /Nodes/ }).click();
  const found = await violations(page);
  equal(`things that axe-core finds${found.length > 0 ? `: ${found.join('; ')}` : ''}`, found.length, 0);
  await eyes.picture(page, 'map');
  const zoomed = page.getByRole('button', { name: 'Zoom in' });
  await zoomed.click();
  await zoomed.click();
  await eyes.picture(page, 'map-near');
  await page.close();
}

async function phone() {
  const page = await eyes.page(`${server.url}/`, { width: 400, height: 860, dark: true });
  await until(async () => (await page.locator('.node-list li').count()) === 100);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  equal('pixels that a phone would have to scroll sideways', wide, 0);
  await eyes.picture(page, 'map-phone');
  await page.close();
}

try {
  await server.start();
  await desktop();
  await phone();
  const errors = eyes.errors.filter((error) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(error));
  equal(`errors on the pages${errors.length > 0 ? ` (${errors.join('; ')})` : ''}`, errors.length, 0);
} catch (error) {
  equal('the visit', error.message, 'to its end');
} finally {
  await eyes.close();
  await server.stop();
}
process.exit(verdict());
