/** What one sees and how to move in it, in a dialog of its own. It explains signs; it shows no data. */
import { face, kCalm, moodWord } from '../nodes/words';
import { kFateMarks, kFateWords } from '../packets/fates';
import { glyph } from '../packets/glyph';
import { kFamilies, kFamilyWords } from '../packets/kinds';
import { kFates, type Card, type Mood } from '../feed/types';
import { h, need } from './dom';

const kCatMoods: readonly (readonly [Mood, string])[] = [
  ['working', 'goes to its sites by its policy'],
  ['streaming', 'sends its readings'],
  ['blocked', 'stands before something that nobody has classified, and asks'],
  ['waiting', 'has taken an offer, or holds readings back for another'],
  ['resumed', 'goes on with what it was told'],
  ['off', 'is switched off, or its battery is empty'],
];
const kCompotMoods: readonly (readonly [Mood, string])[] = [
  ['patrolling', 'drives between its waypoints'],
  ['en_route', 'looks for the Cat by the strength of its frames'],
  ['assisting', 'takes a picture and has it classified'],
];
const kKeys: readonly (readonly [string, string])[] = [
  ['Space', 'runs and pauses, where time can be held'], ['.', 'one event of the world'], ['n', 'to the start of the next packet'],
  ['Arrows', 'on the field: move the cursor; on the tabs: between them'], ['Enter', 'on the field: use the chosen tool'],
  ['+ − 0', 'on the field: zoom in, out, all of it'], ['?', 'this page'],
];

/** The parts of a card that a face is drawn from. */
const card = (role: string, mood: Mood): Card => ({ role, mood, alive: mood !== 'off' }) as Card;

const moods = (role: string, list: readonly (readonly [Mood, string])[]): HTMLElement[] => list.map(([mood, text]) => {
  const one = card(role, mood);
  return h('li', {}, h('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }, face(one, kCalm).replace('\n', ' ')),
    h('span', {}, h('strong', {}, moodWord(one)), ` ${text}`));
});

function packets(): HTMLElement[] {
  return kFamilies.map((family) => {
    const item = h('li', { attrs: { 'data-family': family } });
    item.append(glyph(family), kFamilyWords[family]);
    return item;
  });
}

const section = (title: string, ...children: (Node | string)[]) => h('section', {}, h('h3', {}, title), ...children);
const list = (items: HTMLElement[]) => h('ul', { class: 'signs' }, ...items);

/** Fills the dialog and the button that opens it; "?" opens it too. */
export function help(parent: HTMLElement): void {
  const dialog = need<HTMLDialogElement>('help');
  const close = h('button', { class: 'main', attrs: { type: 'button' }, on: { click: () => dialog.close() } }, 'Close');
  const button = h('button', { attrs: { type: 'button', 'aria-haspopup': 'dialog' }, on: { click: () => dialog.showModal() } }, 'Help');
  parent.append(button);
  dialog.append(
    h('h2', { id: 'help_title', attrs: { tabindex: -1, autofocus: true } }, 'What you see'),
    section('The swarm',
      h('p', {}, 'Cats are small robots on Meshtastic radios, Compot is a strong computer that comes and goes. Everything between them travels as encrypted Meshtastic packets through a mesh, simulated or real; what is drawn here was sent, heard or done, and nothing else is.'),
      h('p', {}, 'A Cat follows its policy, the arrows on the field. Where something stands that nobody has classified it must not go. It asks; who knows the object answers with facts that it has signed, else Compot comes and takes a picture. The Cat checks the signature, plans again, and applies the new policy only when its digest is the one that was promised. The outcome goes into everybody’s ledger.')),
    section('Cats', list(moods('cat', kCatMoods))),
    section('Compot', list(moods('compot', kCompotMoods))),
    section('Packets in flight', h('p', {}, 'Each is drawn for as long as it is on the air, with a line to everybody in reach and, at its end, the mark of what became of it there.'), list(packets())),
    section('What became of it at a receiver', list(kFates.map((fate) =>
      h('li', { attrs: { 'data-fate': fate } }, h('span', { class: 'fate', attrs: { 'aria-hidden': 'true' } }, kFateMarks[fate]), kFateWords[fate])))),
    section('Airtime purse', h('p', {}, 'Every frame is paid for before it is sent, its relays included. A purse fills slowly and is never overdrawn: that keeps the swarm a polite neighbour.')),
    section('Keys', h('dl', { class: 'keys' }, ...kKeys.flatMap(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)]))),
    h('div', { class: 'actions' }, close));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.key !== '?' || document.querySelector('dialog[open]') || target.closest('input, textarea, select')) return;
    dialog.showModal();
  });
}
