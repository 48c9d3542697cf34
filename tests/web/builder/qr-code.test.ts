import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { LEGIBLE, qrCode, qrPath, qrSquares, qrSvg } from '../../../web/export/qr-code.ts';

type Reader = (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;
// The package says it is a module and is none.
const read = ((jsQR as unknown as { default?: Reader }).default ?? jsQR) as Reader;

const LINK =
  'https://school.example/batchnorm-lab/embed.html#v=1&figure=study&name=double-well&decimal=comma';
const SCALE = 4;

/** The picture that is downloaded, read as a telephone would. */
function decoded(text: string, correction: 'L' | 'M' | 'Q'): string | undefined {
  const code = qrCode(text, correction);
  if (!code) return undefined;
  const { side, squares } = qrSquares(code, SCALE);
  const pixels = new Uint8ClampedArray(4 * side * side).fill(255);
  for (const [x, y] of squares)
    for (let row = y; row < y + SCALE; row++)
      for (let column = x; column < x + SCALE; column++)
        pixels.fill(0, 4 * (row * side + column), 4 * (row * side + column) + 3);
  return read(pixels, side, side)?.data;
}

describe('a QR code', () => {
  it.each(['L', 'M', 'Q'] as const)('with correction %s holds the link, letter by letter', (correction) => {
    expect(decoded(LINK, correction)).toBe(LINK);
  });

  it('holds a long link, and is then said to be too fine', () => {
    const long = `${LINK}&lab=1;${'hidden=32,32;'.repeat(60)}`;
    expect(decoded(long, 'L')).toBe(long);
    expect(qrCode(long, 'L')!.size).toBeGreaterThan(LEGIBLE);
    expect(qrCode(LINK, 'M')!.size).toBeLessThanOrEqual(LEGIBLE);
  });

  it('is none of what no code can hold', () => {
    expect(qrCode('x'.repeat(3000), 'L')).toBeUndefined();
    expect(qrCode('x'.repeat(2900), 'Q')).toBeUndefined();
  });

  it('is drawn as it is in the picture: the path covers the dark modules', () => {
    const code = qrCode(LINK, 'M')!;
    const covered = [...qrPath(code).matchAll(/h(\d+)v1/g)].reduce(
      (sum, [, width]) => sum + Number(width),
      0,
    );
    expect(covered).toBe(qrSquares(code, 1).squares.length);
    expect(qrSvg(code)).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="-4 -4 /);
  });
});
