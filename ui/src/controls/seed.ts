/** A new world from a seed. */
import { h, setText } from '../app/dom';
import type { State } from '../app/store';
import { can } from '../feed/reduce';
import type { Do } from './transport';

/** A seed as typed; null when it is none. */
export function readSeed(text: string): number | null {
  const seed = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(seed) && seed >= 0 && seed <= Number.MAX_SAFE_INTEGER ? seed : null;
}

export function seedForm(parent: HTMLElement, act: Do, complain: (text: string) => void): (state: State) => void {
  const input = h('input', { attrs: { inputmode: 'numeric', 'aria-label': 'Seed', autocomplete: 'off', size: 6 } });
  const reset = h('button', { attrs: { type: 'submit' } }, 'Reset');
  const form = h('form', { class: 'row', attrs: { novalidate: true } },
    h('span', { class: 'quiet small', attrs: { 'aria-hidden': 'true' } }, 'Seed'), input, reset);
  parent.append(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const seed = readSeed(input.value);
    if (seed === null) complain(`"${input.value}" is no seed: type a whole number, 0 or more`);
    else void act({ do: 'reset', seed });
  });
  let known = -1;
  return ({ world, link }) => {
    parent.hidden = !can(world, 'reset');
    reset.disabled = link.kind !== 'open';
    setText(reset, world.clock.finished ? 'Again' : 'Reset');
    if (world.seed === known) return;
    known = world.seed;
    input.value = String(world.seed);
  };
}
