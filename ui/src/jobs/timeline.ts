/** Each job as its steps with their moments: who asked, who helped, what came of it. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State } from '../app/store';
import { clockText, durationText, words } from '../app/text';
import type { Do } from '../controls/transport';
import { can, type World } from '../feed/reduce';
import type { Job, JobStep } from '../feed/types';
import { nameOf } from '../nodes/words';

/** Newest first: by its last step, then by its name so that the order never flickers. */
export function jobsInOrder(world: World): Job[] {
  const last = (job: Job) => job.steps.at(-1)?.t ?? 0;
  return Object.values(world.jobs).sort((a, b) => last(b) - last(a) || a.nonce.localeCompare(b.nonce));
}

export function jobTitle(job: Job, world: World): string {
  const asker = nameOf(world, job.asker);
  const helped = /^!?0*$/.test(job.helper) || job.helper === '' ? null : nameOf(world, job.helper);
  return helped ? `${helped} helps ${asker}` : `${asker} asks for help`;
}

export function spanText(job: Job): string {
  const first = job.steps[0];
  const last = job.steps.at(-1);
  return first && last && last.t > first.t ? durationText(last.t - first.t) : '';
}

/** Ends of a job as its steps name them. */
const kEnds: ReadonlySet<string> = new Set(['resumed', 'ended']);

/** A person may end a job that is not over, where that can be done. */
export const canCancel = (job: Job, world: World): boolean =>
  can(world, 'cancel') && job.steps.length > 0 && !job.steps.some((one) => kEnds.has(one.step));

const makeStep = (): HTMLLIElement => h('li', {}, h('time'), h('div', {}, h('span', { class: 'step' }), h('span', { class: 'text' })));

function updateStep(item: HTMLElement, step: JobStep): void {
  const time = item.firstElementChild as HTMLElement;
  const [name, text] = Array.from(item.lastElementChild?.children ?? []);
  setText(time, clockText(step.t, 2));
  if (name) setText(name, words(step.step));
  if (text) setText(text, step.text);
}

function makeJob(job: Job, act: Do): HTMLElement {
  const cancel = () => void act({ do: 'cancel', nonce: job.nonce });
  return h('article', { class: 'job' },
    h('header', {}, h('h3'), h('span', { class: 'quiet small' })), h('ol', { class: 'steps' }),
    h('button', { attrs: { type: 'button' }, on: { click: cancel } }));
}

function updateJob(element: HTMLElement, job: Job, world: World): void {
  const [header, steps, cancel] = Array.from(element.children) as HTMLElement[];
  const [title, note] = Array.from(header?.children ?? []);
  setAttr(element, 'data-nonce', job.nonce);
  if (title) setText(title, jobTitle(job, world));
  if (note) setText(note, [spanText(job), `job ${job.nonce}`].filter(Boolean).join(' · '));
  if (steps) keyed(steps, job.steps.map((step, index) => ({ step, index })), (one) => String(one.index), makeStep, (item, one) => updateStep(item, one.step));
  if (!cancel) return;
  cancel.hidden = !canCancel(job, world);
  setText(cancel, `Cancel the job of ${nameOf(world, job.asker)}`);
}

export function jobTimeline(parent: HTMLElement, act: Do): (state: State) => void {
  const list = h('div', { attrs: { 'aria-label': 'Jobs' } });
  const empty = h('p', { class: 'empty' }, h('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }, '^.^'),
    'Nobody has asked for help. A Cat asks once it has made no progress for a while.');
  parent.append(list, empty);
  return ({ world }) => {
    const jobs = jobsInOrder(world);
    empty.hidden = jobs.length > 0;
    keyed(list, jobs, (job) => job.nonce, (job) => makeJob(job, act), (element, job) => updateJob(element, job, world));
  };
}
