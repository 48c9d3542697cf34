import { describe, expect, it } from 'vitest';
import { leadScale, valueScale } from '../../../web/components/lab/heat-scale.ts';

const rgb = (color: string) => (color.match(/\d+/g) ?? []).map(Number);

function luminance(color: string): number {
  const values = color === '#000' ? [0, 0, 0] : color === '#fff' ? [255, 255, 255] : rgb(color);
  const [r = 0, g = 0, b = 0] = values.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const SCALES = (['accuracy', 'loss'] as const).flatMap((quantity) => [
  valueScale(quantity),
  leadScale(quantity),
]);

describe('heat maps’ colours', () => {
  it('keep the number in the cell readable wherever it stands', () => {
    for (const { from, to, color } of SCALES) {
      for (let i = 0; i <= 200; i++) {
        const { background, text } = color(from + ((to - from) * i) / 200);
        expect(contrast(background, text)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('rise in lightness towards the good end, so that they are told apart without hue', () => {
    const { color } = valueScale('accuracy');
    const shades = Array.from({ length: 21 }, (_, i) => luminance(color(i / 20).background));
    expect(shades).toEqual(shades.toSorted((a, b) => a - b));
    expect(valueScale('loss').color(0.001)).toEqual(color(1));
    expect(valueScale('loss').color(10)).toEqual(color(0));
  });

  it('are the same for the same value, however far beyond the ends', () => {
    const { color } = leadScale('accuracy');
    expect(color(0.5)).toEqual(color(0.9));
    expect(color(-Infinity)).toEqual(color(-0.5));
    expect(color(0).background).toBe('rgb(247 247 247)');
  });
});
