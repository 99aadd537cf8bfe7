/** Pictures that were taken or uploaded, with the label each got. */
import { h, keyed, setAttr, setText } from '../app/dom';
import type { State } from '../app/store';
import { clockText, percent, tileText } from '../app/text';
import type { World } from '../feed/reduce';
import type { Photo } from '../feed/types';
import { nameOf } from '../nodes/words';

/** `t` and tile name a picture: a camera takes one at a time. */
export const photoKey = (photo: Photo): string => `${photo.t}/${photo.by}/${tileText(photo.at)}`;

export const labelText = (photo: Photo): string =>
  photo.label === '' ? 'No label' : photo.label;

export const sureText = (photo: Photo): string =>
  photo.label === '' ? photo.backend : `${percent(photo.confidence_permille)} sure, by ${photo.backend}`;

export const altText = (photo: Photo, world: World): string =>
  `Tile ${tileText(photo.at)}, pictured for ${nameOf(world, photo.by)}${photo.label === '' ? '' : `, labelled ${photo.label}`}`;

export function figure(): HTMLElement {
  return h('figure', { class: 'photo' }, h('img'),
    h('figcaption', {}, h('span', { class: 'label' }), h('span'), h('span')));
}

export function showPhoto(element: HTMLElement, photo: Photo, world: World): void {
  const image = element.querySelector('img');
  const [label, where, how] = Array.from(element.querySelectorAll('figcaption > span'));
  if (image) {
    setAttr(image, 'src', `data:image/png;base64,${photo.png}`);
    setAttr(image, 'alt', altText(photo, world));
  }
  if (label) setText(label, labelText(photo));
  if (where) setText(where, `tile ${tileText(photo.at)} · ${nameOf(world, photo.by)} · ${clockText(photo.t, 1)}`);
  if (how) setText(how, sureText(photo));
}

export function photoGallery(parent: HTMLElement): (state: State) => void {
  const list = h('div', { class: 'photos' });
  const empty = h('p', { class: 'empty' }, h('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }, 'o.o'),
    'No picture yet. Compot takes one when it reaches a blocked Cat; you can upload one for any tile.');
  parent.append(list, empty);
  return ({ world }) => {
    empty.hidden = world.photos.length > 0;
    keyed(list, [...world.photos].reverse(), photoKey, figure, (element, photo) => showPhoto(element, photo, world));
  };
}
