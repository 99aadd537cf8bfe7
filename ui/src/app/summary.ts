/** What changed, in a sentence for those who do not see it. Only what matters is said. */
import type { World } from '../feed/reduce';
import { called, moodWord, nameOf } from '../nodes/words';
import { words } from './text';

export function news(before: World, after: World): string[] {
  const out: string[] = [];
  if (!after.ready || !before.ready || before.t > after.t) return out;
  for (const card of Object.values(after.nodes)) {
    const old = before.nodes[card.id];
    if (old && moodWord(old) !== moodWord(card)) {
      const matters = ['blocked', 'resumed', 'off', 'assisting', 'en route'].includes(moodWord(card));
      if (matters || moodWord(old) === 'off') out.push(`${called(card)} is ${moodWord(card)}.`);
    }
  }
  for (const job of Object.values(after.jobs)) {
    const known = before.jobs[job.nonce]?.steps.length ?? 0;
    const last = job.steps.at(-1);
    if (job.steps.length > known && last) out.push(`Job of ${nameOf(after, job.asker)}: ${words(last.step)}.`);
  }
  const photo = after.photos.at(-1);
  if (photo && photo !== before.photos.at(-1)) out.push(`Picture of tile ${photo.at.join(',')}: ${photo.label || 'no label'}.`);
  if (after.clock.finished && !before.clock.finished) out.push(`The story ends: ${after.clock.outcome}. ${after.clock.reason}`.trim());
  return out;
}
