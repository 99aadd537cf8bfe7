/** A person with a stock Meshtastic app is asked by text what a swarm is unsure of, and answers with a
 *  picture; usage: node asked.mjs PROGRAM SCENARIO */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.mjs';
import { Swarm } from './swarm.mjs';
import { atLeast, atMost, check, equal } from './tally.mjs';

const [program, scenario] = process.argv.slice(2);
const kFog = ['--set', 'field.fog_percent=90'];
const kSeed = '1'; // the one that Swarm starts with
const kHour = '3600';
const kSpeed = 30;
const kPatienceMs = 120_000;
const kTextBytesMost = 100;
const kTextsAnHour = 3;
const kAppeal = /^(?:Unsure what stands on|Nothing to be seen on) (\d+),(\d+) (?:\(\d+ %, [A-Z]+\?\)|where something stands)\. beta waits\. Send a picture, or look\.$/;

const run = (...words) => spawnSync(program, words, { encoding: 'utf8', maxBuffer: 1e8 });

async function until(ask) {
  for (const last = Date.now() + kPatienceMs; Date.now() < last;) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return undefined;
}

/** An hour of the same swarm with nobody who looks. */
function hourOfBeingBlocked() {
  const report = JSON.parse(run('sim', scenario, '--seed', kSeed, ...kFog, '--until', kHour, '--json').stdout);
  equal('after an hour in which nobody looks Beta is', report.outcome, 'blocked');
  const texts = report.messages.text?.messages ?? 0;
  atLeast('texts in that hour', texts, 1);
  atMost('texts in that hour', texts, kTextsAnHour);
  equal('the purse is exceeded', report.purse_exceeded, false);
}

/** What anybody would photograph there in clear weather: the picture that Compot takes then. */
function clearPicture() {
  const folder = mkdtempSync(join(tmpdir(), 'compot-asked-'));
  try {
    const file = join(folder, 'clear.ndjson');
    run('sim', scenario, '--seed', kSeed, '--record', file);
    const events = readFileSync(file, 'utf8').split('\n').filter(Boolean).flatMap((line) => JSON.parse(line).events ?? []);
    const photos = events.filter((event) => event.e === 'photo');
    return photos.sort((a, b) => b.confidence_permille - a.confidence_permille)[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const control = (swarm, what) => fetch(`${swarm.page}api/control`, { method: 'POST', body: JSON.stringify(what) });

async function asked(swarm, app) {
  const cards = await swarm.get('api/nodes');
  const compot = Number.parseInt(cards.find((card) => card.name === 'compot').id.slice(1), 16);
  const text = await until(() => app.texts.find((packet) => packet.from === compot));
  const said = text?.data ?? 'nothing';
  check("what alpha's app shows as a text of compot", said, `${kAppeal}`, kAppeal.test(said));
  atMost('its bytes', Buffer.byteLength(said), kTextBytesMost);
  equal('its channel', text?.channel, 0);
  return said.match(kAppeal)?.slice(1, 3).map(Number) ?? [];
}

async function handIn(swarm, [tileX, tileY], picture) {
  const form = new FormData();
  form.append('metadata', JSON.stringify({ tileX, tileY }));
  form.append('file', new Blob([Buffer.from(picture.png, 'base64')]), 'seen.png');
  const { task_id: task } = await fetch(`${swarm.page}api/tasks`, { method: 'POST', body: form }).then((answer) => answer.json());
  const ended = await until(async () => {
    const state = await swarm.get(`api/tasks/${task}`);
    return ['completed', 'failed'].includes(state.status) && state;
  });
  check('the picture that a person hands in', `${ended?.status}: ${ended?.result?.classification}`, `completed: ${picture.label}`,
    ended?.status === 'completed' && ended.result.classification === picture.label);
}

async function answered(swarm) {
  const steps = async () => (await swarm.get('api/jobs')).flatMap((job) => job.steps);
  const ended = await until(async () => (await steps()).find((step) => step.step === 'ended'));
  equal("the job's end", ended?.text, 'resumed');
  equal('times that a person was asked', (await steps()).filter((step) => step.step === 'person asked').length, 1);
  const digests = async () => new Set((await swarm.get('api/nodes')).map((card) => card.digests.ledger));
  await until(async () => (await digests()).size === 1);
  equal('different ledgers among the nodes', (await digests()).size, 1);
  const checked = run('ledger', 'verify', '--at', new URL(swarm.page).host);
  check('compotastic ledger verify', (checked.stdout.split('\n')[0] || checked.stderr).trim(), 'signatures and chains hold', checked.status === 0);
}

/** The same swarm once more, where somebody ends the job that Beta has asked for help with. */
async function cancelled(swarm) {
  await control(swarm, { do: 'reset' });
  const job = await until(async () => (await swarm.get('api/jobs')).find((each) => each.steps.some((step) => step.step === 'asked')));
  const done = run('job', 'cancel', job.nonce, '--at', new URL(swarm.page).host);
  check('compotastic job cancel', done.stderr.trim() || done.status, 'exactly 0', done.status === 0);
  const last = await until(async () => (await swarm.get('api/jobs')).find((each) => each.nonce === job.nonce)?.steps.find((step) => step.step === 'ended'));
  equal("that job's end", last?.text, 'withdrawn');
}

hourOfBeingBlocked();
const picture = clearPicture();
await new Swarm(program, scenario, kFog).tell(async (swarm) => {
  const app = await Client.connect(swarm.ports[0]);
  equal('the app is configured', await app.configure(), true);
  await control(swarm, { do: 'speed', value: kSpeed });
  const tile = await asked(swarm, app);
  equal('it names the tile', tile.join(), picture?.at.join());
  await handIn(swarm, tile, picture);
  await answered(swarm);
  await cancelled(swarm);
});
