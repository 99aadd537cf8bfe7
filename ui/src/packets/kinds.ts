/**
 * Families of packets: what a kind is for decides its colour and its shape, never by colour alone.
 * A kind that is not listed is shown under its own name as "other".
 */

export const kFamilies = ['help', 'delta', 'ledger', 'sensing', 'presence', 'other'] as const;
export type Family = (typeof kFamilies)[number];

export type Shape = 'diamond' | 'triangle' | 'square' | 'circle' | 'ring' | 'cross';

export const kShapes: Readonly<Record<Family, Shape>> = {
  help: 'diamond', delta: 'triangle', ledger: 'square', sensing: 'circle', presence: 'ring', other: 'cross',
};

export const kFamilyWords: Readonly<Record<Family, string>> = {
  help: 'asking and helping', delta: 'facts and deltas', ledger: 'ledger', sensing: 'telemetry',
  presence: 'presence', other: 'other',
};

const kFamilyOf: Readonly<Record<string, Family>> = {
  'assist request': 'help', request: 'help', offer: 'help', award: 'help', progress: 'help', result: 'help',
  cancel: 'help', window: 'help', success: 'help',
  facts: 'delta', 'facts query': 'delta', delta: 'delta',
  'ledger entry': 'ledger', 'ledger heads': 'ledger', ledger: 'ledger',
  telemetry: 'sensing',
  beacon: 'presence', capability: 'presence', 'capability query': 'presence',
};

export const family = (kind: string): Family => (Object.hasOwn(kFamilyOf, kind) ? kFamilyOf[kind] : undefined) ?? 'other';
