import { describe, expect, it } from 'vitest';
import { complaint, resultText } from './classify';

describe('the classification dialog', () => {
  it('says what is wrong with a file before it is sent', () => {
    expect(complaint(null)).toContain('Choose');
    expect(complaint({ type: 'image/gif', size: 9 })).toContain('JPEG and PNG');
    expect(complaint({ type: 'image/png', size: 0 })).toContain('empty');
    expect(complaint({ type: 'image/png', size: 9e6 })).toContain('8 MB');
    expect(complaint({ type: 'image/jpeg', size: 9 })).toBeNull();
  });

  it('says what came of it', () => {
    const result = { classification: 'MOVABLE', confidence_permille: 930, value: 15, tile: [1, 2] as const };
    expect(resultText(result)).toBe('Classification: MOVABLE (+15), 93 % sure.');
    expect(resultText({ ...result, classification: 'DANGEROUS', value: -20 })).toContain('DANGEROUS (−20)');
    expect(resultText({ ...result, classification: 'CLEAR', value: 0 })).toContain('CLEAR, 93 %');
    expect(resultText({ ...result, unused: 'it leaves doubt' })).toContain('sure. The swarm makes nothing of it: it leaves doubt.');
  });
});
