import type { Experiment, LayerSpec } from '../../protocol/experiment.ts';
import {
  dots,
  equals,
  fraction,
  guarded,
  joined,
  minus,
  num,
  operator,
  parenthesised,
  plus,
  power,
  root,
  row,
  symbol,
  times,
  type Expression,
} from '../math.ts';
import {
  BETA,
  EPS,
  GAMMA,
  MU,
  RUNNING_MEAN,
  RUNNING_VAR,
  SIGMA_SQUARED,
  X,
  XHAT,
  Y,
} from '../worked-example/symbols.ts';
import { kindName } from './layer-names.ts';
import { channelOf } from './step-record.ts';
import { MOST_SHOWN, n, skip, unmeasured, type Stage, type StageColumn, type View } from './step-view.ts';

const SUM = operator('∑', '\\sum');
const TWO = num(2);
const U = symbol('u');
const W = symbol('w');
const B = symbol('b');
const M = symbol('m');

export function draw({ record }: View): Stage {
  const { x, y, members } = record;
  const [examples = 0] = x.shape;
  const width = x.data.length / Math.max(1, examples);
  const inputs = Array.from({ length: Math.min(MOST_SHOWN, width) }, (_, input): StageColumn => ({
    name: `input ${input + 1}`,
    values: Array.from({ length: examples }, (_unused, example) => x.data[example * width + input] ?? NaN),
  }));
  const target: StageColumn = {
    name: y.data instanceof Int32Array ? 'class' : 'target',
    label: y.data instanceof Int32Array,
    values: Array.from(
      { length: examples },
      (_, example) => y.data[(example * y.data.length) / examples] ?? NaN,
    ),
  };
  return {
    short: 'draw',
    title: 'Draw a mini-batch',
    text: `The next ${examples} examples in this epoch’s order, out of the training set. Only these decide about this step.${width > MOST_SHOWN ? ` Each has ${width} inputs, of which the first ${MOST_SHOWN} are shown.` : ''}`,
    formulas: [],
    columns: [
      { name: 'number', label: true, values: Array.from(members, (member) => member + 1) },
      target,
      ...inputs,
    ],
    numbers: [{ name: 'examples in the batch, m', value: examples }],
  };
}

export function forward({
  record,
  unit,
  example,
  its,
  value,
  pre,
  norm,
  normInput,
  output,
  spatial,
  arm,
}: View): Stage {
  const { block, linear, input } = record;
  const columns = [pre];
  const { layers } = record.experiment.model;
  const follows = layers[(block.weight ?? block.output) + 1];
  const after = norm ? normInput !== pre : block.output !== block.weight;
  if (norm && normInput !== pre) columns.push(normInput);
  if (!norm && after) columns.push({ ...output, name: kindName(layers[block.output] as LayerSpec) });
  const weight = linear.get('weight')?.before;
  const bias = linear.get('bias')?.before;
  const formulas: Expression[] = [];
  if (weight?.shape.length === 2) {
    const width = weight.shape[1] ?? 0;
    const terms = Array.from({ length: width }, (_, j) =>
      row(
        guarded(n(weight.data[unit * width + j] ?? NaN)),
        times,
        guarded(n(input.data[example * width + j] ?? NaN)),
      ),
    );
    const sum = joined(terms, plus, 3);
    formulas.push(
      row(
        its(X),
        equals,
        SUM,
        W,
        U,
        ...(bias ? [plus, B] : []),
        equals,
        sum,
        ...(bias ? [plus, guarded(n(channelOf(bias, unit)))] : []),
        equals,
        n(value(pre), 'x'),
      ),
    );
  }
  return {
    short: 'forward',
    title: `Forward to unit ${unit}`,
    text: `Unit ${unit} of ${block.name} weighs what the layer before gives: the pre-activation x of every example.${
      spatial > 1
        ? ' A unit of a convolution has a value at every pixel; the one in the middle is shown.'
        : ''
    }${!norm && after && follows ? ` In ${arm} nothing normalises here: x goes straight into ${kindName(follows)}.` : ''}`,
    formulas,
    columns,
    numbers: [],
    line: { column: pre },
  };
}

export function measure(view: View): Stage {
  const { norm, plain, mean, variance, normInput, inputSymbol, count, spatial, unit } = view;
  const title = 'Measure the batch: μ and σ²';
  const why = unmeasured(view);
  if (why !== undefined || !norm) return skip('μ, σ²', title, why ?? '');
  const { values } = normInput;
  const formulas: Expression[] = [];
  if (plain && spatial === 1) {
    const distance = (value: number) => power(parenthesised(row(n(value), minus, guarded(n(mean)))), TWO);
    const [start = NaN, end = NaN] = [values[0], values.at(-1)];
    const through = values.length > 2 ? [plus, dots, plus] : [plus];
    formulas.push(
      row(
        MU,
        RUNNING_MEAN,
        RUNNING_VAR,
        equals,
        fraction(row(SUM, inputSymbol), M),
        equals,
        fraction(row(n(start), ...through, guarded(n(end))), num(count)),
        equals,
        n(mean, 'training'),
      ),
      row(
        SIGMA_SQUARED,
        equals,
        fraction(row(SUM, power(parenthesised(row(inputSymbol, minus, MU)), TWO)), M),
        equals,
        fraction(row(distance(start), ...through, distance(end)), num(count)),
        equals,
        n(variance, 'training'),
      ),
    );
  }
  return {
    short: 'μ, σ²',
    title,
    text: plain
      ? `The mean and the variance of unit ${unit} over the ${count} values of this batch${spatial > 1 ? ` (${count / spatial} examples, ${spatial} pixels each)` : ''}. Other units have their own; other batches would give others.`
      : `${kindName(norm.spec)} measures a mean and a spread of unit ${unit}${norm.spec.kind === 'batch_norm' ? ' in each group of examples; those of the first group are shown' : ' over the batch'}.`,
    formulas,
    columns: [],
    numbers: [
      { name: 'μ', role: 'training', value: mean },
      { name: spreadOf(norm.spec), role: 'training', value: variance },
    ],
    line: { column: normInput, mean, ...(plain && { variance }) },
  };
}

function spreadOf({ kind }: LayerSpec): string {
  return kind === 'batch_renorm' ? 'σ' : kind === 'lp_norm' ? 'spread' : 'σ²';
}

export function normalise({
  its,
  value,
  norm,
  plain,
  frozen,
  xhat,
  mean,
  variance,
  eps,
  normInput,
  inputSymbol,
  arm,
  record,
}: View): Stage {
  const title = 'Normalise: x̂';
  if (!norm || !xhat) return skip('x̂', title, `${arm} does not normalise in ${record.block.name}.`);
  const by = (middle: Expression, spread: Expression, m: number, v: number) =>
    row(
      its(XHAT),
      equals,
      fraction(row(its(inputSymbol), minus, middle), root(row(spread, plus, EPS))),
      equals,
      fraction(row(n(value(normInput)), minus, guarded(n(m))), root(row(n(v), plus, n(eps)))),
      equals,
      n(value(xhat), 'xhat'),
    );
  return {
    short: 'x̂',
    title,
    text: plain
      ? 'Subtract the mean, divide by the standard deviation: over the batch, x̂ has mean 0 and, but for ε, variance 1. The order of the examples and the shape of their distribution stay.'
      : frozen
        ? 'The running statistics M and V take the place of the batch’s: what the other examples are makes no difference.'
        : howNormalised(norm.spec),
    formulas: plain
      ? [by(MU, SIGMA_SQUARED, mean, variance)]
      : frozen
        ? [by(RUNNING_MEAN, RUNNING_VAR, frozen.mean, frozen.variance)]
        : [],
    columns: [xhat],
    numbers: plain || frozen ? [{ name: 'ε', value: eps }] : [],
    line: { column: xhat, ...(plain && { mean: 0, variance: 1 }) },
  };
}

function howNormalised(spec: LayerSpec): string {
  switch (spec.kind) {
    case 'batch_renorm':
      return 'Batch Renorm divides by the batch’s spread and then corrects towards the running statistics, within its bounds: early on it is BN, later training and inference mode agree.';
    case 'lp_norm':
      return `${kindName(spec)} subtracts the mean and divides by its own measure of spread.`;
    case 'batch_norm':
      return 'Each group of examples is normalised by its own mean and variance.';
    default:
      return `${kindName(spec)} uses the mean and the spread of the example itself, over several units.`;
  }
}

export function scale({ its, value, norm, xhat, y, gamma, beta, output, record, arm }: View): Stage {
  const title = 'Scale and shift: y = γx̂ + β';
  if (!norm || !y || !xhat)
    return skip('γx̂ + β', title, `Without normalisation, ${arm} has no γ and β in ${record.block.name}.`);
  const affine = !Number.isNaN(gamma);
  const last = record.experiment.model.layers[record.block.output] as LayerSpec;
  const more = record.block.output > norm.layer;
  return {
    short: 'γx̂ + β',
    title,
    text: `${affine ? 'γ and β are learned, one pair per unit: the network may choose another scale and centre.' : 'γ and β are off here: y is x̂.'}${more ? ` Then ${kindName(last)} gives the output of the block.` : ''}`,
    formulas: affine
      ? [
          row(
            its(Y),
            equals,
            GAMMA,
            its(XHAT),
            plus,
            BETA,
            equals,
            guarded(n(gamma)),
            times,
            guarded(n(value(xhat))),
            plus,
            guarded(n(beta)),
            equals,
            n(value(y), 'y'),
          ),
        ]
      : [],
    columns: [y, ...(more ? [{ ...output, name: kindName(last) }] : [])],
    numbers: affine
      ? [
          { name: 'γ', role: 'y' as const, value: gamma },
          { name: 'β', role: 'y' as const, value: beta },
        ]
      : [],
    line: { column: y },
  };
}

export function loss({ record }: View): Stage {
  const { prediction, experiment } = record;
  const [examples = 0, outputs = 1] = prediction.shape;
  const columns = Array.from({ length: Math.min(MOST_SHOWN, outputs) }, (_, output): StageColumn => ({
    name:
      experiment.loss === 'mse'
        ? `prediction${outputs > 1 ? ` ${output}` : ''}`
        : `logit${outputs > 1 ? ` ${output}` : ''}`,
    until: 5,
    values: Array.from(
      { length: examples },
      (_unused, example) => prediction.data[example * outputs + output] ?? NaN,
    ),
  }));
  const names: Record<Experiment['loss'], string> = {
    cross_entropy:
      'The cross-entropy: the mean over the batch of −log of the probability given to the right class.',
    bce_with_logits:
      'The binary cross-entropy: the mean over the batch of −log of the probability given to what is true.',
    mse: 'The mean squared distance between prediction and target.',
  };
  return {
    short: 'loss',
    title: 'The loss of the batch',
    text: `The rest of the network turns the outputs into predictions. ${names[experiment.loss]}${outputs > MOST_SHOWN ? ` Of ${outputs} outputs, ${MOST_SHOWN} are shown.` : ''}`,
    formulas: [],
    columns,
    numbers: [{ name: 'L', value: record.loss }],
  };
}
