import type { ResultOf } from '../../protocol/operations.ts';
import type { Block } from './layer-names.ts';
import { armName, formatRough, formatShare, listed, times } from './words.ts';

/** What the engine observed of each layer, without the histograms. */
export type LayerNumbers = Pick<
  ResultOf<'model_observe'>,
  | 'output_mean'
  | 'output_std'
  | 'gradient_rms'
  | 'dead'
  | 'saturated'
  | 'weight_norm'
  | 'weight_gradient_norm'
  | 'effective_lr'
>;

export type MeasureName =
  'gradient' | 'signal_gradient' | 'dead' | 'saturated' | 'weight_norm' | 'effective_lr' | 'spread';

export interface Measure {
  name: MeasureName;
  /** Of the choice, of the axis. */
  label: string;
  axis: string;
  /** Values that differ by factors stand on an axis of powers of ten. */
  log: boolean;
  share: boolean;
  token: `--${string}`;
  /** The one number of a block; NaN where it has none. */
  of(numbers: LayerNumbers, block: Block): number;
  /** What the measure tells, for a reader who meets it for the first time. */
  about: string;
}

function at(values: { data: ArrayLike<number> }, layer: number | undefined): number {
  return layer === undefined ? NaN : (values.data[layer] ?? NaN);
}

/** The first layer of the block that has the number. */
function firstOf(values: { data: ArrayLike<number> }, { layers }: Block): number {
  return layers.map((layer) => at(values, layer)).find((value) => !Number.isNaN(value)) ?? NaN;
}

export const MEASURES: readonly Measure[] = [
  {
    name: 'gradient',
    label: 'Gradient of the weights',
    axis: '‖∂L/∂W‖',
    log: true,
    share: false,
    token: '--grad',
    of: (numbers, { weight }) => at(numbers.weight_gradient_norm, weight),
    about:
      'The length of the loss’s gradient with respect to a layer’s weights. Where it is far smaller than elsewhere, that layer hardly learns; where it is far larger, one step throws it off.',
  },
  {
    name: 'signal_gradient',
    label: 'Gradient of the pre-activation',
    axis: 'rms ∂L/∂(pre-activation)',
    log: true,
    share: false,
    token: '--grad',
    of: (numbers, { weight, output }) => at(numbers.gradient_rms, weight ?? output),
    about:
      'The size of the gradient as it passes a layer on its way back: the root mean square over the batch and the units.',
  },
  {
    name: 'spread',
    label: 'Spread of the pre-activation',
    axis: 'standard deviation',
    log: true,
    share: false,
    token: '--x',
    of: (numbers, { weight, output }) => at(numbers.output_std, weight ?? output),
    about:
      'The standard deviation, over the batch and the units, of what the linear layer gives, before any normalisation.',
  },
  {
    name: 'dead',
    label: 'Dead units',
    axis: 'share of units',
    log: false,
    share: true,
    token: '--text',
    of: (numbers, block) => firstOf(numbers.dead, block),
    about: 'Units with ReLU that are 0 for every example of the batch: no gradient reaches their weights.',
  },
  {
    name: 'saturated',
    label: 'Saturated values',
    axis: 'share of values',
    log: false,
    share: true,
    token: '--text',
    of: (numbers, block) => firstOf(numbers.saturated, block),
    about:
      'Outputs of sigmoid or tanh so near a limit that the slope there, and with it the gradient, is almost 0.',
  },
  {
    name: 'weight_norm',
    label: 'Size of the weights',
    axis: '‖W‖',
    log: false,
    share: false,
    token: '--text',
    of: (numbers, { weight }) => at(numbers.weight_norm, weight),
    about:
      'The norm of a layer’s weights. Before BN their scale changes no output, so nothing but weight decay holds it.',
  },
  {
    name: 'effective_lr',
    label: 'Effective learning rate',
    axis: 'lr / ‖W‖²',
    log: true,
    share: false,
    token: '--text',
    of: (numbers, { weight }) => at(numbers.effective_lr, weight),
    about:
      'The learning rate over the squared norm of the weights. Before BN only the direction of the weights matters, and this is how fast it turns.',
  },
];

/** A measure of one arm: a value per block, by the block's name; and where it stood when it was first seen. */
export interface ArmMeasure {
  values: ReadonlyMap<string, number>;
  first?: ReadonlyMap<string, number>;
}

export function measured(
  measure: Measure,
  numbers: LayerNumbers,
  blocks: readonly Block[],
): ReadonlyMap<string, number> {
  return new Map(blocks.map((block) => [block.name, measure.of(numbers, block)]));
}

const SAME = 1.25;

function usable(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

/** How A compares with B in one layer. */
function compared(what: string, place: string, a: number, b: number): string {
  const name = what.toLowerCase();
  if (a === b) return `The ${name} of ${place} is ${formatRough(a)} in both A and B.`;
  const [more, less, most, least] = a > b ? ['A', 'B', a, b] : ['B', 'A', b, a];
  const values = `${formatRough(most)} and ${formatRough(least)}`;
  if (least > 0 && most / least < SAME)
    return `The ${name} of ${place} is about the same in A and B (${formatRough(a)} and ${formatRough(b)}).`;
  return least === 0
    ? `The ${name} of ${place} is 0 in ${less} and ${formatRough(most)} in ${more}.`
    : `In ${place}, ${more}’s ${name} is ${times(most / least)} ${less}’s (${values}).`;
}

/** What happens to a gradient between the last and the first layer. */
function alongDepth(arm: number, values: ReadonlyMap<string, number>): string | undefined {
  const found = [...values].filter(([, value]) => usable(value) && value > 0);
  const [first, last] = [found[0], found.at(-1)];
  if (!first || !last || found.length < 3) return undefined;
  const ratio = last[1] / first[1];
  const way = `From ${last[0]} back to ${first[0]}, ${armName(arm)}’s`;
  if (ratio > 2) return `${way} shrinks to one part in ${times(ratio).replace(' times', '')}.`;
  if (ratio < 1 / 2) return `${way} grows to ${times(1 / ratio)} its size.`;
  const [[low, least], [high, most]] = [
    found.reduce((best, other) => (other[1] < best[1] ? other : best)),
    found.reduce((best, other) => (other[1] > best[1] ? other : best)),
  ];
  return most / least > 2
    ? `${way} is ${formatRough(least)} at least (${low}) and ${formatRough(most)} at most (${high}).`
    : `${way} stays within a factor of 2.`;
}

function mostOf(measure: Measure, arms: readonly ArmMeasure[]): string {
  const parts = arms.map(({ values }, arm) => {
    const found = [...values].filter(([, value]) => usable(value));
    const [first] = found;
    if (!first) return `none of ${armName(arm)}’s layers can have any`;
    const [place, most] = found.reduce((best, other) => (other[1] > best[1] ? other : best), first);
    return most === 0 ? `none in ${armName(arm)}` : `${formatShare(most)} in ${place} of ${armName(arm)}`;
  });
  if (arms.every(({ values }) => [...values.values()].every((value) => !usable(value))))
    return measure.name === 'dead'
      ? 'There is no layer with ReLU here.'
      : 'There is no layer with sigmoid or tanh here.';
  return `${measure.label}, in the layer with most of them: ${listed(parts)}.`;
}

function sinceStart(what: string, place: string, arms: readonly ArmMeasure[]): string {
  const parts = arms.flatMap(({ values, first }, arm) => {
    const [now, then] = [values.get(place), first?.get(place)];
    if (!usable(now)) return [];
    if (!usable(then)) return [`${formatRough(now)} in ${armName(arm)}`];
    return [`from ${formatRough(then)} to ${formatRough(now)} in ${armName(arm)}`];
  });
  return parts.length === 0
    ? `${place} has no weights to measure.`
    : `${what} of ${place}: ${listed(parts)}.`;
}

/** What the picture of a measure shows, in one or two sentences; `place` is the chosen block. */
export function conclusion(measure: Measure, arms: readonly ArmMeasure[], place: string): string {
  if (measure.share) return mostOf(measure, arms);
  if (measure.name === 'weight_norm' || measure.name === 'effective_lr')
    return sinceStart(measure.label, place, arms);
  const sentences: string[] = [];
  const [a, b] = arms;
  const [here, there] = [a?.values.get(place), b?.values.get(place)];
  if (usable(here) && usable(there)) sentences.push(compared(measure.label, place, here, there));
  else if (usable(here)) sentences.push(`${measure.label} of ${place}: ${formatRough(here)}.`);
  if (measure.name !== 'spread')
    sentences.push(
      ...arms.map(({ values }, arm) => alongDepth(arm, values)).filter((text) => text !== undefined),
    );
  return sentences.length === 0 ? 'There is no number to show here yet.' : sentences.join(' ');
}

/** How the spread of a signal changes with depth, arm by arm; `of` gives a block's number. */
export function acrossLayers(
  what: string,
  arms: readonly { blocks: readonly Block[]; of: (block: Block) => number }[],
): string {
  const parts = arms.flatMap(({ blocks, of }, arm) => {
    const found = blocks
      .map((block) => ({ name: block.name, value: of(block) }))
      .filter(({ value }) => usable(value));
    const [first, last] = [found[0], found.at(-1)];
    if (!first || !last) return [];
    if (first === last) return [`${formatRough(first.value)} in ${armName(arm)}`];
    return [
      `${formatRough(first.value)} (${first.name}) to ${formatRough(last.value)} (${last.name}) in ${armName(arm)}`,
    ];
  });
  return parts.length === 0 ? 'There is no number to show here yet.' : `${what}: ${listed(parts)}.`;
}

/** Which blocks normalise. */
export function whereNormalised(arms: readonly (readonly Block[])[]): string {
  const parts = arms.map((blocks, arm) => {
    const names = blocks.filter(({ norm }) => norm !== undefined).map(({ name }) => name);
    if (names.length === 0) return `nowhere in ${armName(arm)}`;
    return `in ${names.length > 3 ? `${names.length} layers, ${names[0]} to ${names.at(-1)},` : listed(names)} of ${armName(arm)}`;
  });
  return `Values are normalised ${listed(parts)}.`;
}

/** What an arm's entries hold, as far as these sentences need it. */
interface Seen {
  arm: number;
  block: Block | undefined;
  entries: readonly { step: number; value: { numbers: LayerNumbers } }[];
}

/** From where to where a measure of the chosen block has gone. */
export function measureOverTime(measure: Measure, arms: readonly Seen[], place: string): string {
  const write = measure.share ? formatShare : formatRough;
  const parts = arms.flatMap(({ arm, block, entries }) => {
    const [start, end] = [entries[0], entries.at(-1)];
    if (!block || !start || !end) return [];
    const [then, now] = [start, end].map(({ value }) => measure.of(value.numbers, block)) as [number, number];
    if (Number.isNaN(now)) return [];
    if (start === end) return [`${write(now)} in ${armName(arm)}`];
    return [
      `from ${write(then)} (step ${start.step}) to ${write(now)} (step ${end.step}) in ${armName(arm)}`,
    ];
  });
  return parts.length === 0
    ? `${place} has no such number.`
    : `${measure.label} of ${place}: ${listed(parts)}.`;
}

/** How the spread before the normalisation has changed over the steps seen. */
export function stepAfterStep(arms: readonly Seen[]): string {
  const spread = MEASURES.find(({ name }) => name === 'spread') as Measure;
  const place = arms.find(({ block }) => block)?.block?.name ?? 'This layer';
  return measureOverTime(spread, arms, place);
}
