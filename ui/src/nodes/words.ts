/** A node in words and in a face. What a face shows is the mood that the feed gives, nothing more. */
import type { World } from '../feed/reduce';
import type { Card, Mood, NodeId } from '../feed/types';

/** A log line of the world itself carries no node. */
const kNobody = '!00000000';

/** Names begin with a capital on the page, however a scenario writes them. */
export const called = (card: Card): string => card.name.charAt(0).toUpperCase() + card.name.slice(1);

export function nameOf(world: World, id: NodeId): string {
  const card = world.nodes[id];
  return card ? called(card) : id === kNobody ? 'World' : id;
}

export const isCompot = (card: Card): boolean => card.role !== 'cat';

export const moodWord = (card: Card): string => (card.alive ? card.mood.replaceAll('_', ' ') : 'off');

/** What is left of what its purse can hold. */
export const pursePermille = ({ purse }: Card): number =>
  purse.capacity_us > 0 ? Math.max(0, Math.min(1000, (purse.balance_us / purse.capacity_us) * 1000)) : 0;

export const nodesInOrder = (world: World): Card[] =>
  Object.values(world.nodes).sort((a, b) => a.name.localeCompare(b.name));

/** Parts of a face that come and go: eyes shut for a blink, mouth open, alert on. */
export interface Expression {
  readonly blink: boolean;
  readonly mouth: boolean;
  readonly alert: boolean;
}

export const kCalm: Expression = { blink: false, mouth: false, alert: true };

function catFace(mood: Mood, look: Expression): string {
  switch (mood) {
    case 'off': return 'x.x';
    case 'blocked': return look.alert ? '/!\\' : 'o.o';
    case 'working': return '^O^';
    case 'waiting': return look.blink ? '-.-' : 'o.o';
    case 'streaming': return look.mouth ? '^o^' : '^.^';
    case 'resumed': return '^o^';
    default: return look.blink ? '-.-' : look.mouth ? '^o^' : '^.^';
  }
}

function dogEyes(mood: Mood, look: Expression): string {
  if (mood === 'off') return 'x.x';
  if (look.blink) return '-.-';
  if (mood === 'assisting') return '^o^';
  return look.mouth ? 'oUo' : 'o.o';
}

/** One line for a Cat, two for Compot. */
export function face(card: Card, look: Expression = kCalm): string {
  const mood = card.alive ? card.mood : 'off';
  return isCompot(card) ? `/\\_/\\\n( ${dogEyes(mood, look)} )` : catFace(mood, look);
}
