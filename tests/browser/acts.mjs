/** What a person does with the page, one function an act. Each starts from a page that is live; the
    upload wants a picture that the story brought. */
import { clock, text, violations } from './eyes.mjs';
import { pause, until } from './swarm.mjs';
import { atLeast, atMost, check, equal, holds } from './tally.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const tab = (page, name) => page.getByRole('tab', { name });

async function clean(page, where) {
  const found = await violations(page);
  equal(`serious accessibility violations ${where}${found.length > 0 ? ` (${found.join('; ')})` : ''}`, found.length, 0);
}

const setRunning = async (page, running) => {
  const wanted = running ? 'Pause' : 'Run';
  if ((await text(page, '#transport button')) !== wanted) await page.locator('#transport button').first().click();
  await until(async () => (await text(page, '#transport button')) === wanted);
};

export async function controls({ page, eyes, swarm }) {
  const began = Date.now();
  await until(async () => (await text(page, '#link')).startsWith('Live') && (await page.locator('.node').count()) >= 4, 20_000);
  atMost('seconds until the swarm is on the page', (Date.now() - began) / 1000, 10);
  equal('nodes on the page', await page.locator('.node').count(), (await swarm.get('/api/nodes')).length);
  await setRunning(page, false);
  const stood = await clock(page);
  await pause(700);
  equal('seconds that pass while paused', (await clock(page)) - stood, 0);
  const packets = (await swarm.get('/api/packets')).length;
  await button(page, 'Next packet').click();
  await until(async () => (await swarm.get('/api/packets')).length > packets);
  atLeast('packets after one step to the next', (await swarm.get('/api/packets')).length, Math.min(packets + 1, 200));
  await tab(page, 'Packets').click();
  check('the newest packet while it is in the air', await text(page, '.packets .line .marks'), 'on air', (await text(page, '.packets .line .marks')) === 'on air');
  await eyes.picture(page, 'desktop-packet-in-flight');
  const before = await clock(page);
  for (let step = 0; step < 12; step++) await button(page, 'Step').click();
  await until(async () => (await clock(page)) > before, 4000);
  atLeast('the clock after twelve events', await clock(page), before);
  await page.getByLabel('Speed').selectOption('4');
  await setRunning(page, true);
  const told = async () => (await swarm.get('/health')).t / 1e6;
  const stoodAt = await told();
  await until(async () => (await told()) > stoodAt);
  const [from, since] = [await told(), Date.now()];
  await pause(3000);
  const pace = ((await told()) - from) / ((Date.now() - since) / 1000);
  check('seconds of the swarm in one of ours at speed 4', pace.toFixed(2), 'between 3.5 and 4.5', pace > 3.5 && pace < 4.5);
  await setRunning(page, false);
  equal('the page catches up with the paused swarm', await until(async () => Math.abs((await told()) - (await clock(page))) < 0.01), true);
  await setRunning(page, true);
}

export async function inspect({ page, eyes }) {
  await tab(page, 'Nodes').click();
  await page.locator('.node', { hasText: 'Beta' }).click();
  await page.locator('#inspector').waitFor();
  holds('the inspector', await text(page, '#inspector h2'), 'Beta');
  for (const meter of ['Battery', 'Airtime purse']) {
    const value = Number(await page.getByRole('meter', { name: meter }).getAttribute('aria-valuenow'));
    check(`${meter.toLowerCase()} of Beta in percent`, value, 'within 0..100', value >= 0 && value <= 100);
  }
  await until(async () => (await page.locator('.neighbours li').count()) > 0, 20_000);
  atLeast('neighbours of Beta', await page.locator('.neighbours li').count(), 1);
  holds('a neighbour', await text(page, '.neighbours li'), 'dB');
  holds('what it knows of Beta', await text(page, '#inspector .facts'), 'Policy digest');
  await eyes.picture(page, 'desktop-inspector');
  holds('the address', page.url(), '#node=!');
  await page.reload();
  await page.locator('#inspector h2', { hasText: 'Beta' }).waitFor();
  check('a link opens the same node', await text(page, '#inspector h2'), 'Beta', true);
  await clean(page, 'of the inspector');
}

export async function keyboard({ page }) {
  await setRunning(page, true);
  await page.locator('#tab_nodes').focus();
  await page.keyboard.press('ArrowRight');
  equal('arrow keys move between tabs', await until(async () => (await page.locator('[role=tab][aria-selected=true]').getAttribute('id')) === 'tab_jobs'), true);
  await page.locator('#field').focus();
  await page.keyboard.press('Space');
  equal('the space bar pauses', await until(async () => (await text(page, '#transport button')) === 'Run'), true);
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
  check('arrow keys name the tile', await text(page, '#hint'), 'x,y: what stands there', /^\d+,\d+: .+/.test(await text(page, '#hint')));
  const links = page.locator('#layers input[name=links]');
  await page.locator('#layers summary').focus();
  await page.keyboard.press('Enter');
  await links.focus();
  await page.keyboard.press('Space');
  holds('a layer put away is in the address', await until(() => (page.url().includes('hide') ? page.url() : '')), 'hide=links');
  await page.keyboard.press('Space');
  await page.locator('#layers summary').click();
  const stops = new Set();
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    stops.add(await page.evaluate(() => document.activeElement?.closest('header, #field, #layers, #zoom, #tabs, #panels')?.id || document.activeElement?.closest('header')?.tagName || ''));
  }
  atLeast('parts of the page that Tab reaches', [...stops].filter(Boolean).length, 5);
}

export async function explain({ page, eyes }) {
  await tab(page, 'Nodes').focus();
  await page.keyboard.press('?');
  const dialog = page.locator('#help[open]');
  await dialog.waitFor();
  for (const word of ['blocked', 'en route', 'lost in a collision', 'facts and deltas', 'purse'])
    holds(`the help knows "${word}"`, (await dialog.textContent()) ?? '', word);
  equal('it begins at its beginning', await dialog.evaluate((box) => box.scrollTop), 0);
  await eyes.picture(page, 'desktop-help');
  await clean(page, 'of the help');
  await page.keyboard.press('Escape');
  equal('Escape closes the help', await page.locator('#help[open]').count(), 0);
  await tab(page, 'Packets').click();
  await page.getByLabel('Fate at a receiver').selectOption('decoded');
  const marks = await page.locator('.packets .line .marks').allTextContents();
  equal('packets that nobody decoded, among those that somebody did', marks.filter((text) => !text.includes('✓')).length, 0);
  await page.getByLabel('Fate at a receiver').selectOption('');
}

/** Opens the dialog for a tile on which nobody stands. */
async function openDialog(page) {
  await tab(page, 'Field').click();
  await page.getByLabel('Classify a picture').check();
  await page.getByLabel('x, east').fill('1');
  await page.getByLabel('y, south').fill('14');
  await button(page, 'Classify a picture').click();
  await page.locator('#classify[open]').waitFor();
}

async function hand(page, name, mimeType, buffer) {
  await page.locator('#classify_file').setInputFiles({ name, mimeType, buffer });
  await button(page, 'Classify').click();
}

const said = (page) => text(page, '#classify .said');

export async function upload({ page, eyes }) {
  await openDialog(page);
  await clean(page, 'of the dialog');
  for (let press = 0; press < 12; press++) await page.keyboard.press('Tab');
  const inside = await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement?.closest('#classify')));
  equal('the focus stays in the dialog', inside, true);
  await page.keyboard.press('Escape');
  equal('Escape closes it', await page.locator('#classify[open]').count(), 0);
  equal('the focus returns', await page.evaluate(() => document.activeElement?.textContent), 'Classify a picture');
  await openDialog(page);
  await hand(page, 'cat.gif', 'image/gif', Buffer.from('GIF89a'));
  holds('a GIF is refused before it is sent', await said(page), 'Only JPEG and PNG');
  await hand(page, 'broken.png', 'image/png', Buffer.from('this is no picture'));
  holds('a broken picture is refused by the server', await until(async () => ((await said(page)).startsWith('Not classified') ? said(page) : '')), 'Not classified');
  const src = (await page.locator('#inset img').getAttribute('src')) ?? '';
  const label = await text(page, '#inset .label');
  const buffer = Buffer.from(src.split(',')[1] ?? '', 'base64');
  await page.locator('#classify_file').setInputFiles({ name: 'seen.png', mimeType: 'image/png', buffer });
  await page.locator('#classify .preview img').waitFor();
  await eyes.picture(page, 'desktop-upload');
  await button(page, 'Classify').click();
  holds('the picture that Compot took, handed in again,', await until(async () => (/^Classification|^Not/.test(await said(page)) ? said(page) : ''), 30_000), `Classification: ${label}`);
  await eyes.picture(page, 'desktop-classified');
  await button(page, 'Close').click();
}

async function freeTile(swarm) {
  const taken = new Set((await swarm.get('/api/nodes')).map((card) => card.at.join()));
  for (let x = 1; x < 15; x++) if (!taken.has(`${x},0`)) return [x, 0];
  throw new Error('no tile is free');
}

export async function world({ page, eyes, swarm }) {
  await tab(page, 'Field').click();
  const [x, y] = await freeTile(swarm);
  const use = async (tool, atX, atY) => {
    await page.getByLabel(tool, { exact: true }).check();
    await page.getByLabel('x, east').fill(String(atX));
    await page.getByLabel('y, south').fill(String(atY));
    await button(page, tool).click();
  };
  const rows = page.locator('table.plain').first().locator('tbody tr');
  const row = rows.filter({ hasText: `${x},${y}` });
  await use('Put an obstacle', x, y);
  await row.waitFor();
  holds('what the page says of a new obstacle', await row.textContent(), 'not classified');
  await use('Remove an obstacle', x, y);
  equal('it is gone again', await until(async () => (await row.count()) === 0), true);
  await use('Put an obstacle', 99, 0);
  holds('a tile that is none', await text(page, '#toast'), '0 to 15');
  await clean(page, 'of the field tab');
  await tab(page, 'Nodes').click();
  const gamma = page.locator('.node', { hasText: 'Gamma' });
  await gamma.click();
  await setRunning(page, true);
  await button(page, 'Drop Gamma').click();
  await gamma.getByText('off', { exact: true }).waitFor();
  await eyes.picture(page, 'desktop-gamma-off');
  await button(page, 'Revive Gamma').click();
  equal('Gamma comes back', await until(async () => (await gamma.getByText('off', { exact: true }).count()) === 0), true);
}

export async function watch({ page, eyes }) {
  await tab(page, 'Nodes').click();
  await page.locator('#seed input').fill('1');
  await button(page, await text(page, '#seed button')).click();
  equal('a reset starts the clock again', await until(async () => (await clock(page)) < 5), true);
  await setRunning(page, true);
  await page.getByLabel('Speed').selectOption('8');
  await page.locator('.node', { hasText: 'Beta' }).click();
  const shows = (word) => until(() => page.locator('.node', { hasText: 'Beta' }).getByText(word, { exact: true }).count(), 120_000);
  const blocked = await until(() => page.locator('.node', { hasText: 'Beta' }).getByText(/^(blocked|waiting)$/).count(), 120_000);
  equal('Beta is seen blocked', blocked > 0, true);
  await eyes.picture(page, 'desktop-blocked');
  await page.getByLabel('Speed').selectOption('4');
  equal('Beta is seen resumed', (await shows('resumed')) > 0, true);
  await eyes.picture(page, 'desktop-resumed');
  await page.getByLabel('Speed').selectOption('64');
  equal('the story comes to its end', await until(() => page.locator('#banner[data-kind=over]').isVisible(), 240_000), true);
  holds('the outcome', (await text(page, '#banner')).toLowerCase(), 'resumed');
  await tab(page, 'Jobs').click();
  await page.locator('.job .step').first().waitFor();
  const steps = await page.locator('.job .step').allTextContents();
  check('steps of the job', steps.join(', '), 'from asked to resumed', steps[0] === 'asked' && steps.includes('resumed'));
  await eyes.picture(page, 'desktop-jobs');
  await clean(page, 'of the jobs');
  await tab(page, 'Photos').click();
  atLeast('pictures', await page.locator('.photos .photo').count(), 1);
  await eyes.picture(page, 'desktop-photos');
  await tab(page, 'Ledger').click();
  holds('the newest ledger entry', await text(page, '.ledger .holders'), '4 of 4');
  await eyes.picture(page, 'desktop-ledger');
  await clean(page, 'of the ledger');
}

export async function phone({ eyes, swarm }) {
  for (const dark of [false, true]) {
    const page = await eyes.page(swarm.url, { width: 390, height: 844, dark });
    await until(async () => (await page.locator('.node').count()) >= 4);
    const name = dark ? 'dark' : 'light';
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    atMost(`width of the page on a ${name} phone`, wide, 390);
    await eyes.picture(page, `phone-${name}`);
    await tab(page, 'Jobs').click();
    await page.locator('.job').first().scrollIntoViewIfNeeded();
    await eyes.picture(page, `phone-${name}-jobs`);
    atMost(`width with the jobs on a ${name} phone`, await page.evaluate(() => document.documentElement.scrollWidth), 390);
    await clean(page, `on a ${name} phone`);
    await page.close();
  }
  const page = await eyes.page(swarm.url, { dark: true });
  await until(async () => (await page.locator('.node').count()) >= 4);
  await page.locator('.node', { hasText: 'Beta' }).click();
  await eyes.picture(page, 'desktop-dark');
  await clean(page, 'in the dark');
  await page.close();
}

export async function awayAndBack({ page, eyes, swarm }) {
  await swarm.stop();
  await page.locator('#banner[data-kind=lost]').waitFor();
  holds('what the page says without its server', await text(page, '#banner'), 'Not connected');
  await eyes.picture(page, 'desktop-not-connected');
  await swarm.start();
  equal('it finds back by itself', await until(async () => (await text(page, '#link')).startsWith('Live'), 20_000), true);
  await until(async () => (await clock(page)) < 60);
  atMost('the clock of the new world', await clock(page), 60);
}
