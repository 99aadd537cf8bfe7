/** The page's colours (theme.css) as numbers and as CSS, so that canvas and HTML never differ. */
import { kFamilies, type Family } from '../packets/kinds';
import type { Fate, Mood } from '../feed/types';

const kNames = [
  'paper', 'surface', 'land', 'land2', 'grid', 'line', 'edge', 'ink', 'ink2', 'accent', 'alert', 'warn', 'ok', ...kFamilies,
] as const;
export type ColorName = (typeof kNames)[number];

export class Palette {
  private readonly css_ = new Map<string, string>();

  constructor() {
    const style = getComputedStyle(document.documentElement);
    for (const name of kNames) this.css_.set(name, style.getPropertyValue(`--${name}`).trim());
  }

  css(name: ColorName): string {
    return this.css_.get(name) ?? '#000000';
  }

  num(name: ColorName): number {
    return Number.parseInt(this.css(name).slice(1), 16);
  }
}

const kMoodColors: Readonly<Partial<Record<Mood, ColorName>>> = {
  blocked: 'alert', waiting: 'warn', streaming: 'sensing', working: 'sensing', en_route: 'help', assisting: 'help', resumed: 'ok',
};

export const moodColor = (mood: Mood | undefined): ColorName => (mood && kMoodColors[mood]) ?? 'ink2';

const kFateColors: Readonly<Record<Fate, ColorName>> = {
  decoded: 'ok', duplicate: 'presence', collided: 'alert', weak: 'warn', deaf: 'ink2', off: 'ink2',
};

export const fateColor = (fate: Fate): ColorName => kFateColors[fate];
export const familyColor = (family: Family): ColorName => family;
