/** A person opens a recording at a moment that somebody sent as a link, drags through it, and reads its report. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { clock, Eyes, violations } from './eyes.mjs';
import { freePort, kTop, until } from './swarm.mjs';
import { atLeast, atMost, check, equal, holds, verdict } from './tally.mjs';

const kProgram = process.env.COMPOTASTIC ?? `${kTop}build/release/compotastic`;
const folder = mkdtempSync(`${tmpdir()}/replay-`);
const run = (...terms) => {
  const done = spawnSync(kProgram, terms, { cwd: kTop, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};

const near = (page, wanted) => until(async () => Math.abs((await clock(page)) - wanted) <= 2);

async function recording(eyes) {
  const port = await freePort();
  const server = spawn(kProgram, ['replay', `${folder}/run`, '--serve', `127.0.0.1:${port}`, '--page', `${kTop}ui/dist`], { cwd: kTop, stdio: 'ignore' });
  try {
    await until(() => fetch(`http://127.0.0.1:${port}/health`).then((answer) => answer.ok, () => false), 20_000);
    const page = await eyes.page(`http://127.0.0.1:${port}/#t=60&tab=jobs`, { width: 1280, height: 800 });
    await near(page, 60);
    equal('seconds at which a link to 60 s opens', await clock(page), 60);
    equal('button to go on', await page.locator('#transport .main').textContent(), 'Run');
    const steps = () => page.locator('#panels').getByText('en route').count();
    await until(async () => (await steps()) > 0);
    atLeast('steps of the job "en route" at 60 s', await steps(), 1);
    const track = await page.locator('.timeline .track').boundingBox();
    await page.mouse.move(track.x + track.width * 0.5, track.y + 12);
    await page.mouse.down();
    await page.mouse.move(track.x + track.width * 0.05, track.y + 12, { steps: 25 });
    await page.mouse.up();
    await near(page, 5.75);
    atMost('seconds after dragging to a twentieth', await clock(page), 8);
    await until(async () => (await steps()) === 0);
    equal('steps of the job "en route" there', await steps(), 0);
    await page.getByRole('button', { name: 'To the next step' }).click();
    await near(page, 11.6);
    check('seconds at the next step of a job', await clock(page), 'from 11 to 12', Math.abs((await clock(page)) - 11.6) < 0.5);
    await page.locator('.seek').focus();
    await page.keyboard.press('Home');
    await until(async () => (await clock(page)) === 0);
    equal('seconds after the key Home', await clock(page), 0);
    await page.getByRole('button', { name: 'Next packet' }).click();
    await until(async () => (await clock(page)) > 0);
    const packet = await clock(page);
    await page.getByRole('button', { name: 'Run' }).click();
    await until(async () => (await clock(page)) > packet + 1);
    atLeast('seconds after running on', await clock(page), packet + 1);
    await page.keyboard.press('End');
    await page.getByRole('slider', { name: 'Moment of the recording' }).press('End');
    await until(() => page.locator('#banner').isVisible());
    holds('outcome at the end', (await page.locator('#banner').textContent()).toLowerCase(), 'resumed');
    await eyes.picture(page, 'replay');
    await page.close();
  } finally {
    server.kill();
  }
}

async function report(eyes, dark) {
  const page = await eyes.page(`file://${folder}/run.html`, { width: 1280, height: 900, dark });
  const scheme = dark ? 'dark' : 'light';
  atLeast(`pictures of the report (${scheme})`, await page.locator('figure svg').count(), 9);
  equal('pictures that say nothing to a screen reader', await page.locator('svg[role=img]:not([aria-label])').count(), 0);
  const map = page.locator('figure', { hasText: 'Who had it when' });
  const before = await map.locator('svg line').count();
  await map.getByRole('slider').fill('0');
  equal('lines on the map before anybody has it', await map.locator('svg line').count(), 0);
  atLeast('lines on the map in the end', before, 1);
  await map.getByRole('combobox').selectOption({ index: 0 });
  atLeast('rows of who had the first packet', await map.locator('tbody tr').count(), 1);
  const found = await violations(page);
  equal(`things that axe-core finds (${scheme})${found.length > 0 ? `: ${found.join('; ')}` : ''}`, found.length, 0);
  await eyes.picture(page, `report-${scheme}`);
  await page.close();
}

const eyes = await Eyes.open();
try {
  run('sim', 'scenarios/blocked-cat.toml', '--seed', '7', '--record', `${folder}/run`, '--report', `${folder}/run`);
  await recording(eyes);
  await report(eyes, false);
  await report(eyes, true);
  const errors = eyes.errors.filter((error) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(error));
  equal(`errors on the pages${errors.length > 0 ? ` (${errors.join('; ')})` : ''}`, errors.length, 0);
} finally {
  await eyes.close();
  rmSync(folder, { recursive: true });
}
process.exit(verdict());
