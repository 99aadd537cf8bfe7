/** Names those whom the field can't show: nobody knows where they are. */
import { setText } from '../app/dom';
import type { State } from '../app/store';
import type { World } from '../feed/reduce';
import { called, nodesInOrder } from '../nodes/words';

export function nowhereText(world: World): string {
  const names = nodesInOrder(world).filter((card) => !card.at && !card.place_m).map(called);
  return names.length > 0 ? `Place unknown: ${names.join(', ')}` : '';
}

export function nowhere(box: HTMLElement): (state: State) => void {
  return ({ world }) => {
    const text = nowhereText(world);
    box.hidden = text === '';
    setText(box, text);
  };
}
