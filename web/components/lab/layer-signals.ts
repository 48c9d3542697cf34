import type { ResultOf } from '../../protocol/operations.ts';
import { formatNumber } from '../format-number.ts';
import type { Block } from './layer-names.ts';

type Observed = ResultOf<'model_observe'>;
type Histograms = 'output' | 'xhat' | 'gradient';

export type SignalName = 'pre' | 'xhat' | 'output' | 'gradient';

/** What flows through a block, each with the colour it has on every page. */
export interface Signal {
  name: SignalName;
  label: string;
  token: `--${string}`;
  /** Of powers of ten: log10 |value|. */
  log: boolean;
  about: string;
}

export const SIGNALS: readonly Signal[] = [
  {
    name: 'pre',
    label: 'Pre-activation',
    token: '--x',
    log: false,
    about: 'what the linear layer gives, before any normalisation',
  },
  {
    name: 'xhat',
    label: 'x̂',
    token: '--xhat',
    log: false,
    about: 'the normalised values, before γ and β',
  },
  { name: 'output', label: 'Output', token: '--y', log: false, about: 'what the next layer gets' },
  {
    name: 'gradient',
    label: 'Gradient',
    token: '--grad',
    log: true,
    about: 'log₁₀ |∂L/∂(pre-activation)|, with zeros at the left end',
  },
];

/** From 10⁻¹² to 10²: the engine's fixed range for gradients. */
export const GRADIENT_RANGE = { min: -12, max: 2 };

/** One axis of values for all layers and steps: what a histogram's ends are, and how they are written. */
export interface Axis {
  min: number;
  max: number;
  text: (value: number) => string;
}

export function axisOf({ log }: Signal, range: number): Axis {
  return log
    ? { ...GRADIENT_RANGE, text: (value) => (value < 0 ? '10⁻¹²' : '10²') }
    : { min: -range, max: range, text: formatNumber };
}

/** Which histogram of which layer shows the signal; undefined where the block has none. */
export function placeOf(signal: SignalName, block: Block): { of: Histograms; layer: number } | undefined {
  switch (signal) {
    case 'pre':
      return block.weight === undefined ? undefined : { of: 'output', layer: block.weight };
    case 'xhat':
      return block.norm === undefined ? undefined : { of: 'xhat', layer: block.norm };
    case 'output':
      return { of: 'output', layer: block.output };
    case 'gradient':
      return { of: 'gradient', layer: block.weight ?? block.output };
  }
}

/** One layer's counts, or what was made of them, out of a (L, bins) array. */
export function rowOf<A extends Int32Array | Uint8Array>(all: A, layer: number, bins: number): A {
  return all.subarray(layer * bins, (layer + 1) * bins) as A;
}

export function countsOf(signal: SignalName, observed: Observed, block: Block): Int32Array | undefined {
  const place = placeOf(signal, block);
  if (!place) return undefined;
  const counts = observed[place.of];
  return rowOf(counts.data, place.layer, counts.shape[1] ?? 0);
}

/** The share of values in one bin that fills the height. */
const FULL = 0.5;

/**
 * How high each bin of each row stands, 0 to 255: the square root of its share of the row's values, on one scale for all
 * layers and steps. Linear heights would show nothing beside the spike of a ReLU's zeros.
 */
export function heightsOf(counts: Int32Array, bins: number): Uint8Array {
  const heights = new Uint8Array(counts.length);
  for (let from = 0; from < counts.length; from += bins) {
    let total = 0;
    for (let at = from; at < from + bins; at++) total += counts[at] ?? 0;
    if (total === 0) continue;
    for (let at = from; at < from + bins; at++) {
      const share = (counts[at] ?? 0) / total;
      heights[at] = share === 0 ? 0 : Math.max(1, Math.round(255 * Math.min(1, Math.sqrt(share / FULL))));
    }
  }
  return heights;
}

/** Which entry each of `width` columns shows, when steps run evenly from the first entry to the last. */
export function columnsOf(steps: readonly number[], width: number): Int32Array {
  const columns = new Int32Array(width);
  const first = steps[0] ?? 0;
  const span = (steps.at(-1) ?? 0) - first;
  let entry = 0;
  for (let column = 0; column < width; column++) {
    const step = first + (width > 1 ? (span * column) / (width - 1) : span);
    while (entry < steps.length - 1 && (steps[entry + 1] as number) <= step) entry++;
    columns[column] = entry;
  }
  return columns;
}

/** The edges of a bin, as the engine counts them. */
export function binEdges(
  at: number,
  bins: number,
  { min, max }: { min: number; max: number },
): [number, number] {
  const width = (max - min) / bins;
  return [min + at * width, min + (at + 1) * width];
}
