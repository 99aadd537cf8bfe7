/** The newest picture over a corner of the field, from when it comes until it is put away. */
import { h } from '../app/dom';
import type { State } from '../app/store';
import { figure, photoKey, showPhoto } from './photos';

export function photoInset(box: HTMLElement): (state: State) => void {
  let dismissed = '';
  let shown = '';
  const close = h('button', { class: 'plain', attrs: { type: 'button', 'aria-label': 'Put the picture away' } }, '×');
  const body = figure();
  box.append(h('div', { class: 'row apart' }, h('span', { class: 'small quiet' }, 'Camera'), close), body);
  close.addEventListener('click', () => {
    dismissed = shown;
    box.hidden = true;
  });
  return ({ world }) => {
    const photo = world.photos.at(-1);
    shown = photo ? photoKey(photo) : '';
    box.hidden = !photo || shown === dismissed;
    if (photo) showPhoto(body, photo, world);
  };
}
