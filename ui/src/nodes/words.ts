/** A node in words and in a face. What a face shows is the mood that the feed gives, nothing more. */
import { agoText, db } from '../app/text';
import type { World } from '../feed/reduce';
import type { Card, Mood, NodeId, Purse } from '../feed/types';

/** A log line of the world itself carries no node. */
const kNobody = '!00000000';

/** Names begin with a capital on the page, however a scenario writes them. */
export const called = (card: Card): string => card.name.charAt(0).toUpperCase() + card.name.slice(1);

export function nameOf(world: World, id: NodeId): string {
  const card = world.nodes[id];
  return card ? called(card) : id === kNobody ? 'World' : id;
}

/** Who transmitted a frame: a real node does not know which relay it was. */
export const senderOf = (world: World, id: NodeId): string => (id === kNobody ? 'a relay' : nameOf(world, id));

export const isCompot = (card: Card): boolean => card.role === 'compot';

/** What a node is known to be at; nothing where it has not said. */
export const moodOf = (card: Card): Mood | undefined => (card.alive === false ? 'off' : card.mood);

/** A plain radio has no mood: what it is set to be stands there instead. */
export function moodWord(card: Card): string {
  if (card.place_m && card.alive !== false) return card.role.replaceAll('_', ' ');
  if (card.heard === null) return 'not heard yet';
  return moodOf(card)?.replaceAll('_', ' ') ?? 'state unknown';
}

/** How and when a real node has heard this one, in words; '' for a node that speaks for itself. */
export function heardWords({ heard }: Card, t: number): string {
  if (!heard) return '';
  const relays = heard.hops === 1 ? 'over 1 relay' : `over ${heard.hops} relays`;
  const way = { radio: heard.hops > 0 ? relays : 'directly', mqtt: 'by MQTT', network: 'by the local network' }[heard.by];
  const level = heard.snr_cdb === undefined ? '' : `, ${db(heard.snr_cdb)}`;
  return `heard ${agoText(t - heard.t_us)} ${way}${level}`;
}

/** What is left of what its purse can hold. */
export const pursePermille = (purse: Purse): number =>
  purse.capacity_us > 0 ? Math.max(0, Math.min(1000, (purse.balance_us / purse.capacity_us) * 1000)) : 0;

export const nodesInOrder = (world: World): Card[] =>
  Object.values(world.nodes).sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));

/** Parts of a face that come and go: eyes shut for a blink, mouth open, alert on. */
export interface Expression {
  readonly blink: boolean;
  readonly mouth: boolean;
  readonly alert: boolean;
}

export const kCalm: Expression = { blink: false, mouth: false, alert: true };

const kUnknownEyes = '?.?';

function catFace(mood: Mood | undefined, look: Expression): string {
  switch (mood) {
    case undefined: return kUnknownEyes;
    case 'off': return 'x.x';
    case 'blocked': return look.alert ? '/!\\' : 'o.o';
    case 'working': return '^O^';
    case 'waiting': return look.blink ? '-.-' : 'o.o';
    case 'streaming': return look.mouth ? '^o^' : '^.^';
    case 'resumed': return '^o^';
    default: return look.blink ? '-.-' : look.mouth ? '^o^' : '^.^';
  }
}

function dogEyes(mood: Mood | undefined, look: Expression): string {
  if (mood === undefined) return kUnknownEyes;
  if (mood === 'off') return 'x.x';
  if (look.blink) return '-.-';
  if (mood === 'assisting') return '^o^';
  return look.mouth ? 'oUo' : 'o.o';
}

/** One line for a Cat, two for Compot. */
export function face(card: Card, look: Expression = kCalm): string {
  const mood = moodOf(card);
  return isCompot(card) ? `/\\_/\\\n( ${dogEyes(mood, look)} )` : catFace(mood, look);
}
