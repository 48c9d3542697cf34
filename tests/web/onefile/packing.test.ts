import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compress } from '../../../scripts/vite/compress.ts';
import { decompress } from '../../../web/onefile/lzma.ts';
import { fromText, toText } from '../../../web/onefile/text-code.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('bytes as printable text', () => {
  test('come back as they were, whatever becomes of line ends', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const text = toText(some);
        expect(fromText(text, some.length)).toEqual(some);
        expect(fromText(`\r\n${text.replaceAll(/(.{7})/g, '$1\r\n')}  `, some.length)).toEqual(some);
      }),
    );
  });

  // As unlike as packed bytes are.
  const all = Uint8Array.from({ length: 100_000 }, (_, i) => Math.imul(i ^ (i >> 7), 0x9e3779b1) >>> 24);

  test('have no control character, nor the one that would end the text in a page', () => {
    expect(toText(all)).toMatch(/^[\n!-;=-~\u00a1-\u07e0]*$/);
  });

  test('take 19 % more bytes of UTF-8 than there are bytes', () => {
    const size = new TextEncoder().encode(toText(all)).length;
    expect(size).toBeLessThan(all.length * 1.19);
  });
});

describe('what was packed', () => {
  test('comes back as it was', () => {
    const few = fc
      .array(fc.integer({ min: 0, max: 3 }), { maxLength: 3000 })
      .map((some) => Uint8Array.from(some));
    fc.assert(
      fc.property(fc.oneof(bytes, few), (some) => {
        expect(decompress(compress(some), some.length)).toEqual(some);
      }),
      { numRuns: 30 },
    );
  });

  test('may repeat itself from near and from far, in short and in long pieces', () => {
    const noise = Uint8Array.from({ length: 150_000 }, (_, i) => Math.imul(i ^ (i >> 7), 0x9e3779b1) >>> 24);
    const again = [noise, noise.subarray(5, 40_000), new Uint8Array(5000), noise.subarray(70_001, 70_300)];
    const all = Uint8Array.from(again.flatMap((piece) => [...piece]));
    const packed = compress(all);
    expect(packed.length).toBeLessThan(noise.length * 1.05);
    expect(decompress(packed, all.length)).toEqual(all);
  });

  test('is refused where it is damaged beyond sense, and never read for ever', () => {
    const outcome = (packed: Uint8Array) => {
      try {
        return decompress(packed, 5000).length;
      } catch (error) {
        return error instanceof RangeError ? 'refused' : String(error);
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 200 }), (some) => {
        expect([5000, 'refused']).toContain(outcome(some));
      }),
    );
    expect(outcome(Uint8Array.of(0, 255, 255, 255, 255, 255, 255, 255))).toBe('refused');
  });
});
