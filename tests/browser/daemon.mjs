/** A person opens the page of a real node: Beta as a daemon of its own, attached by TCP to a radio and a body of the story.
    The page shows what Beta knows of the others, and offers nothing that a real node can't do. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Eyes, text, violations } from './eyes.mjs';
import { freePort, freePorts, kProgram, kTop, Server, until } from './swarm.mjs';
import { atLeast, atMost, check, equal, holds, verdict } from './tally.mjs';

const kScenario = 'scenarios/blocked-cat.toml';
const kOthers = ['alpha', 'compot', 'gamma'];
/** The longest silence of a node is two minutes, and it must be heard twice to be known as live. */
const kPatienceMs = 420_000;
const kGraphics = {
  'WebGL in software': ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  'no WebGL': ['--disable-gpu'],
};

const folder = mkdtempSync(`${tmpdir()}/daemon-`);
const radios = await freePorts(20); // clients of four radios, then the body of one
const world = new Server(await freePort(), ['sim', kScenario, '--seed', '4', '--client-api', String(radios), '--body-api', String(radios + 10), '--external', 'beta']);
const node = new Server(await freePort(), ['node', '--scenario', kScenario, '--name', 'beta', '--radio', `tcp:127.0.0.1:${radios + 1}`,
  '--body', `tcp:127.0.0.1:${radios + 10}`, '--data-dir', `${folder}/beta`, '--record', `${folder}/night`]);

const peers = async () => (await node.get('/api/nodes')).filter((card) => 'heard' in card);
const byName = (cards) => Object.fromEntries(cards.map((card) => [card.name, card]));
const far = (a, b) => Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]));
const shownNodes = (page, wanted) => page.locator('.node').filter({ hasText: wanted }).count();
const tab = (page, name) => page.getByRole('tab', { name });

async function silent(page) {
  const cards = await peers();
  equal('others enrolled, while there is no radio', cards.map((card) => card.name).sort().join(), kOthers.join());
  const known = new Set(cards.flatMap((card) => Object.keys(card)));
  equal('what their cards say before anything was heard', [...known].sort().join(), 'heard,id,name,role');
  await until(async () => (await page.locator('.node').count()) === 4);
  equal('nodes on the page that are not heard yet', await shownNodes(page, 'not heard yet'), 3);
  holds('whom the field can not show', await text(page, '#nowhere'), 'Alpha, Beta, Compot, Gamma');
}

/** Against what the world knows of them. */
function compare(told, truth) {
  for (const name of kOthers) {
    const [card, real] = [told[name], truth[name]];
    equal(`${name}'s number`, card.id, real.id);
    equal(`${name}'s role`, card.role, real.role);
    const said = ['airtime_us', 'alive', 'busy_permille', 'digests', 'dropped', 'neighbours', 'purse', 'queue', 'sites_left'].filter((key) => key in card);
    equal(`what ${name}'s card says that no frame said`, said.join(), '');
    atMost(`percent between ${name}'s battery as heard and its real one`, Math.abs(card.battery_permille - real.battery_permille) / 10, 2);
    atMost(`relays on the way of ${name}'s last frame`, card.heard.hops, 3);
    if ('snr_cdb' in card.heard) check(`dB of it`, (card.heard.snr_cdb / 100).toFixed(1), 'between -25 and 20', Math.abs(card.heard.snr_cdb) < 2500);
  }
  for (const name of ['alpha', 'gamma']) // they stand still; a fix is off by a tile at most
    atMost(`tiles between ${name}'s place as heard and its real one`, far(told[name].at, truth[name].at), 1);
}

async function others(page) {
  const began = Date.now();
  const known = (cards) => cards.length === 3 && cards.every((card) => card.heard?.live && card.at && card.mood);
  const told = await until(async () => { const cards = await peers(); return known(cards) && cards; }, kPatienceMs);
  if (!check('seconds until all three others are heard and live', Math.round((Date.now() - began) / 1000), `at most ${kPatienceMs / 1000}`, Boolean(told))) {
    console.log(JSON.stringify(await peers()));
    return;
  }
  compare(byName(told), byName(await world.get('/api/nodes')));
  await until(async () => (await shownNodes(page, /heard .*(directly|over \d relays?)/)) === 3);
  equal('nodes on the page with when and how they were heard', await shownNodes(page, /heard .*(directly|over \d relays?)/), 3);
  const nowhere = async () => (await text(page, '#nowhere')).trim();
  await until(async () => (await nowhere()) === ''); // the page is told a moment after the API
  equal('whom the field can not show now', await nowhere(), '');
  const cards = await node.get('/api/nodes');
  const own = byName(cards).beta;
  const direct = cards.filter((card) => card.heard?.by === 'radio' && card.heard.hops === 0).map((card) => card.id);
  const linked = new Set(own.neighbours.map((one) => one.id));
  atLeast('neighbours of Beta, to which links are drawn', linked.size, 1);
  equal('of those last heard directly, without a link', direct.filter((id) => !linked.has(id)).length, 0);
  await page.locator('.node', { hasText: 'Compot' }).click();
  await until(async () => (await text(page, '#inspector .facts')) !== '');
  holds('Compot in the inspector', await text(page, '#inspector .facts'), 'Last frame');
  equal('gauges of Compot\'s purse', await page.locator('#inspector .gauge', { hasText: 'purse' }).filter({ visible: true }).count(), 0);
}

async function noControls(page) {
  const hello = await page.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/ws`);
    socket.onmessage = (event) => { resolve(JSON.parse(event.data)); socket.close(); };
  }));
  equal('source of the feed', hello.source, 'node');
  equal('controls of the feed', hello.controls.join(), 'cancel');
  equal('buttons for time on the page', await page.locator('#transport :is(button, select)').filter({ visible: true }).count(), 0);
  equal('fields for a seed', await page.getByLabel('Seed').filter({ visible: true }).count(), 0);
  equal('buttons to drop or revive', await page.getByRole('button', { name: /^(Drop|Revive) / }).filter({ visible: true }).count(), 0);
  await tab(page, 'Field').click();
  equal('tools for tiles', await page.locator('.field-form').filter({ visible: true }).count(), 0);
  await tab(page, 'Nodes').click();
  const [x, y] = [1, 14];
  const wishes = [{ do: 'pause' }, { do: 'run' }, { do: 'step' }, { do: 'step_packet' }, { do: 'speed', value: 4 }, { do: 'reset' }, { do: 'seek', t_us: 0 },
    { do: 'drop', node: '!00000001' }, { do: 'revive', node: '!00000001' }, { do: 'put', at: [x, y], what: 'MOVABLE' }, { do: 'remove', at: [x, y] }];
  const answers = await Promise.all(wishes.map(async (wish) => (await node.ask(wish)).status));
  equal('controls that the server refuses with 409', answers.filter((status) => status === 409).length, wishes.length);
  holds('title', await page.title(), 'beta, a real node');
  holds('the connection', await text(page, '#link'), 'Real node');
  check('the clock', await text(page, '.clock'), 'up for minutes and seconds', /^up for \d+:\d\d/.test(await text(page, '.clock')));

}

async function registry(page) {
  const ask = (...words) => {
    const done = spawnSync(kProgram, ['registry', ...words, '--at', `127.0.0.1:${node.port}`], { cwd: kTop, encoding: 'utf8' });
    return done.status === 0 ? done.stdout : `${done.status}: ${done.stderr}`;
  };
  await until(async () => (await node.get('/api/registry')).records.length === 4, kPatienceMs);
  const list = ask('list').split('\n');
  equal('nodes that `registry list` has', list.filter((line) => line.startsWith('!')).length, 4);
  const at = list.findIndex((line) => line.includes(' compot '));
  holds('what Compot can do by Beta\'s registry', (list[at + 1] ?? '').trim(), 'scene model');
  const offers = () => page.locator('#inspector .facts').last().textContent();
  await until(async () => (await offers()).includes('scene model'), 30_000);
  holds('what Compot offers, on the page', await offers(), 'scene model');
  holds('`registry show compot`', ask('show', 'compot'), 'registry of beta: version');
}

/** What was recorded of it is a recording like any other. */
function recording() {
  const done = spawnSync(kProgram, ['replay', `${folder}/night`, '--events'], { cwd: kTop, encoding: 'utf8' });
  equal('exit status of a replay of what the daemon recorded', `${done.status} ${done.stderr}`.trim(), '0');
  const cards = done.stdout.split('\n').filter((line) => line.includes('"heard":')).length;
  atLeast('lines of it with what was heard of others', cards, 3);
}

/** Shares of the field's picture that are almost black, and that are not the ground's own colour. */
async function fieldFigures(eyes, page) {
  const png = (await page.locator('#field').screenshot()).toString('base64');
  const blank = await eyes.browser.newPage();
  const figures = await blank.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
    let black = 0;
    const colors = new Set();
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at] + pixels[at + 1] + pixels[at + 2] < 60) black++;
      colors.add(`${pixels[at] >> 4},${pixels[at + 1] >> 4},${pixels[at + 2] >> 4}`);
    }
    return { black: (100 * black) / (pixels.length / 4), colors: colors.size };
  }, png);
  await blank.close();
  return figures;
}

async function drawn(name, graphics) {
  const eyes = await Eyes.open(graphics);
  try {
    const page = await eyes.page(node.url);
    await until(async () => (await page.locator('.node').count()) === 4 && (await page.locator('#field canvas').count()) === 1);
    let figures = { black: 100, colors: 0 };
    await until(async () => { figures = await fieldFigures(eyes, page); return figures.black < 5 && figures.colors >= 20; }, 20_000);
    atMost(`percent of the field that is black (${name})`, Number(figures.black.toFixed(1)), 5);
    atLeast(`colours on the field (${name})`, figures.colors, 20);
    await eyes.picture(page, `daemon-${name.replaceAll(' ', '-')}`);
  } finally {
    await eyes.close();
  }
}

async function phone(eyes) {
  for (const dark of [false, true]) {
    const page = await eyes.page(node.url, { width: 390, height: 844, dark });
    const name = dark ? 'dark' : 'light';
    await until(async () => (await page.locator('.node').count()) === 4);
    atMost(`width of the page on a ${name} phone`, await page.evaluate(() => document.documentElement.scrollWidth), 390);
    holds(`the connection on a ${name} phone`, await text(page, '#link'), 'Real node');
    await eyes.picture(page, `daemon-phone-${name}`);
    await page.locator('.node', { hasText: 'Compot' }).click();
    await page.locator('#inspector').scrollIntoViewIfNeeded();
    await eyes.picture(page, `daemon-phone-${name}-compot`);
    const found = await violations(page);
    equal(`serious accessibility violations on a ${name} phone${found.length > 0 ? ` (${found.join('; ')})` : ''}`, found.length, 0);
    await page.close();
  }
}

const eyes = await Eyes.open();
try {
  await node.start();
  const page = await eyes.page(node.url);
  await silent(page);
  await eyes.picture(page, 'daemon-silent');
  await world.start();
  await others(page);
  await eyes.picture(page, 'daemon-desktop');
  const found = await violations(page);
  equal(`serious accessibility violations${found.length > 0 ? ` (${found.join('; ')})` : ''}`, found.length, 0);
  await noControls(page);
  await registry(page);
  await phone(eyes);
  for (const [name, graphics] of Object.entries(kGraphics)) await drawn(name, graphics);
  await node.stop();
  recording();
  const errors = eyes.errors.filter((error) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(error));
  equal(`errors on the page${errors.length > 0 ? ` (${errors.join('; ')})` : ''}`, errors.length, 0);
} finally {
  await eyes.close();
  await node.stop();
  await world.stop();
  rmSync(folder, { recursive: true });
}
process.exit(verdict());
