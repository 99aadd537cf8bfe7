import { describe, expect, it } from 'vitest';
import { card } from '../feed/fixture';
import { placeWords, radioWords } from './radio_words';

describe('a radio in words', () => {
  it('says where it is, by its sides of the world', () => {
    expect(placeWords([1234, -300])).toBe('1.2 km east, 300 m north');
    expect(placeWords([-20, 4000])).toBe('20 m west, 4.0 km south');
  });

  it('says what it is set to, and no more than is known', () => {
    expect(radioWords(card({ name: 'tower', role: 'router_late', at: undefined, place_m: [0, 0], busy_permille: 120 })))
      .toBe('Tower, router late; 0 m east, 0 m south; channel 12 % busy');
    expect(radioWords(card({ name: 'n2', role: 'client', alive: false, busy_permille: undefined }))).toBe('N2, client; off');
  });
});
