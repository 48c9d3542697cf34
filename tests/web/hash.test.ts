import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHash, writeHash } from '../../web/protocol/hash.ts';

describe('several figures in one address', () => {
  it('keep out of each other’s way', () => {
    let hash = writeHash('', 'we', '1;x=2,4');
    expect(hash).toBe('#we=1;x=2,4');
    hash = writeHash(hash, 'b', '1');
    expect(hash).toBe('#we=1;x=2,4&b=1');
    hash = writeHash(hash, 'we', '1;x=3');
    expect(readHash(hash, 'we')).toBe('1;x=3');
    expect(readHash(hash, 'b')).toBe('1');
    hash = writeHash(writeHash(hash, 'we', undefined), 'b', undefined);
    expect(hash).toBe('');
  });

  it('take the name of a heading for nobody’s state', () => {
    expect(readHash('#epsilon', 'we')).toBeUndefined();
    expect(readHash('#we', 'we')).toBeUndefined();
    expect(writeHash('#epsilon', 'we', '1')).toBe('#we=1');
  });

  it('understand what mail and chat programs make of a link', () => {
    expect(readHash('#we=1%3Bx%3D2%2C4', 'we')).toBe('1;x=2,4');
    expect(readHash('#we=1;x=%E0%A4%A', 'we')).toBe('1;x=%E0%A4%A');
  });

  it('read back whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const hash = writeHash('#other=1', 'we', text);
        expect(readHash(hash, 'we')).toBe(text);
        expect(readHash(hash, 'other')).toBe('1');
      }),
    );
  });
});
