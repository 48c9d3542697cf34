/**
 * Colours of heat maps: fixed, the same in light and dark, and in an order that people with any kind of colour vision see.
 * Sequential is cividis (Nuñez, Anderton & Renslow 2018), made for that; diverging runs from orange over white to blue.
 */

type Rgb = readonly [number, number, number];

const SEQUENTIAL: readonly Rgb[] = [
  [0, 34, 78],
  [67, 78, 108],
  [125, 124, 120],
  [188, 174, 108],
  [254, 232, 56],
];
const DIVERGING: readonly Rgb[] = [
  [179, 88, 6],
  [241, 163, 64],
  [247, 247, 247],
  [103, 169, 207],
  [33, 102, 172],
];

export interface HeatColor {
  background: string;
  /** Black or white, whichever is easier to read on it: at least 4.5 to 1. */
  text: string;
}

/** `share` from 0 to 1; beyond counts as the end. */
function colorAt(stops: readonly Rgb[], share: number): HeatColor {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[low]!, stops[low + 1]!];
  const rgb = from.map((value, i) => Math.round(value + (place - low) * (to[i]! - value))) as unknown as Rgb;
  return { background: `rgb(${rgb.join(' ')})`, text: luminance(rgb) > 0.179 ? '#000' : '#fff' };
}

/** WCAG's relative luminance. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export interface HeatScale {
  /** The values at both ends; what lies beyond has the end's colour. */
  from: number;
  to: number;
  color(value: number): HeatColor;
  /** CSS for the legend's bar, from `from` to `to`. */
  gradient: string;
}

const gradientOf = (stops: readonly Rgb[]) =>
  `linear-gradient(90deg, ${stops.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;

/** Accuracy 0 … 1; loss 10 … 0.001 by powers of ten, so that the good end is the bright one. */
export function valueScale(quantity: 'accuracy' | 'loss'): HeatScale {
  const gradient = gradientOf(SEQUENTIAL);
  if (quantity === 'accuracy') {
    return { from: 0, to: 1, color: (value) => colorAt(SEQUENTIAL, value), gradient };
  }
  const share = (loss: number) => (1 - Math.log10(Math.max(loss, 1e-3))) / 4;
  return { from: 10, to: 0.001, color: (value) => colorAt(SEQUENTIAL, share(value)), gradient };
}

/** How far A is ahead: orange below 0, blue above. */
export function leadScale(quantity: 'accuracy' | 'loss'): HeatScale {
  const end = quantity === 'accuracy' ? 0.5 : 1;
  return {
    from: -end,
    to: end,
    color: (value) => colorAt(DIVERGING, (value / end + 1) / 2),
    gradient: gradientOf(DIVERGING),
  };
}
