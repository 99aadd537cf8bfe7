/** One sentence about what went wrong; it goes by itself. */
import { need } from './dom';

const kShownMs = 6000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string): void {
  const box = need('toast');
  clearTimeout(timer);
  box.textContent = text;
  box.hidden = false;
  timer = setTimeout(() => {
    box.hidden = true;
  }, kShownMs);
}
