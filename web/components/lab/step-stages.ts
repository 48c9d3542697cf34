import type { Experiment, LayerSpec } from '../../protocol/experiment.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import {
  close,
  equals,
  fraction,
  guarded,
  index,
  joined,
  minus,
  num,
  open,
  operator,
  parenthesised,
  plus,
  power,
  root,
  row,
  symbol,
  times,
  type Expression,
  type Role,
} from '../math.ts';
import {
  BETA,
  DBETA,
  DGAMMA,
  DX,
  DY,
  EPS,
  GAMMA,
  MU,
  SIGMA_SQUARED,
  X,
  XHAT,
  Y,
} from '../worked-example/symbols.ts';
import { kindName } from './layer-names.ts';
import { channelOf, unitOf, type Moved, type NormRecord, type StepRecord } from './step-record.ts';
import { armName, formatFloat } from './words.ts';

/** A quantity of every example of the batch. */
export interface StageColumn {
  name: string;
  role?: Role | undefined;
  values: readonly number[];
  /** Whole numbers that name something. */
  label?: boolean;
}

export interface StageNumber {
  name: string;
  role?: Role | undefined;
  value: number;
}

/** One of the nine things that happen to a mini-batch, with what it adds to the numbers known so far. */
export interface Stage {
  short: string;
  title: string;
  text: string;
  /** Why this arm has no such stage; then there is nothing else. */
  skipped?: string;
  formulas: readonly Expression[];
  columns: readonly StageColumn[];
  numbers: readonly StageNumber[];
  /** Tensors that move, as rows: before, what moves them, after. */
  moved?: { by: string; rows: readonly { name: string; before: number; by: number; after: number }[] };
  /** The column on the number line; a mean and a variance to mark there. */
  line?: { column: StageColumn; mean?: number; variance?: number };
}

const SHOWN_INPUTS = 3;
const SUM = operator('∑', '\\sum');
const ONE = num(1);
const U = symbol('u');
const W = symbol('w');
const B = symbol('b');
const M = symbol('m');
const ARROW = operator('←', '\\leftarrow');

const n = (value: number, role?: Role): Expression =>
  num(Number.isFinite(value) ? Number(value.toPrecision(7)) : value, undefined, role);
const first = (base: Expression): Expression => index(base, ONE);

/** The pipeline of one mini-batch for one unit of the recorded block. */
export function stagesOf(record: StepRecord, unit: number): readonly Stage[] {
  const view = viewOf(record, unit);
  return [
    draw(view),
    forward(view),
    measure(view),
    normalise(view),
    scale(view),
    loss(view),
    backward(view),
    update(view),
    running(view),
  ];
}

function viewOf(record: StepRecord, unit: number) {
  const { norm } = record;
  const column = (name: string, tensor: Tensor | undefined, role?: Role): StageColumn | undefined =>
    tensor && { name, role, values: unitOf(tensor, unit) };
  const { shape } = norm?.input ?? record.pre;
  const pre = column('x', record.pre, 'x') as StageColumn;
  const normInput = norm && norm.layer !== (record.block.weight ?? -2) + 1 ? column('a', norm.input) : pre;
  return {
    record,
    unit,
    arm: armName(record.arm),
    norm,
    plain: norm?.spec.kind === 'batch_norm' && !norm.spec.frozen && !norm.spec.ghost ? norm : undefined,
    pre,
    /** What the normalising layer gets, and its letter. */
    normInput: normInput as StageColumn,
    inputSymbol: normInput === pre ? X : symbol('a'),
    mean: channelOf(norm?.mean, unit),
    variance: channelOf(norm?.var, unit),
    eps: norm ? epsOf(norm.spec) : NaN,
    gamma: channelOf(norm?.tensors.get('weight')?.before, unit),
    beta: channelOf(norm?.tensors.get('bias')?.before, unit),
    xhat: column('x̂', norm?.xhat, 'xhat'),
    y: column('y', norm?.output, 'y'),
    dy: column('dL/dy', norm?.doutput, 'grad'),
    dnorm: column(normInput === pre ? 'dL/dx' : 'dL/da', norm?.dinput, 'grad'),
    dpre: column('dL/dx', record.dpre, 'grad') as StageColumn,
    output: column('output', record.output) as StageColumn,
    /** Values that share one mean: all of a channel's. */
    count: shape.filter((_, axis) => axis !== 1).reduce((all, extent) => all * extent, 1),
    spatial: (shape[2] ?? 1) * (shape[3] ?? 1),
  };
}

type View = ReturnType<typeof viewOf>;

function draw({ record }: View): Stage {
  const { x, y, members } = record;
  const [examples = 0] = x.shape;
  const width = x.data.length / Math.max(1, examples);
  const inputs = Array.from({ length: Math.min(SHOWN_INPUTS, width) }, (_, input): StageColumn => ({
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
    text: `The next ${examples} examples in this epoch’s order, out of the training set. Only these decide about this step.${width > SHOWN_INPUTS ? ` Each has ${width} inputs, of which the first ${SHOWN_INPUTS} are shown.` : ''}`,
    formulas: [],
    columns: [
      { name: 'number', label: true, values: Array.from(members, (member) => member + 1) },
      target,
      ...inputs,
    ],
    numbers: [{ name: 'examples in the batch, m', value: examples }],
  };
}

function forward({ record, unit, pre, norm, normInput, output, spatial, arm }: View): Stage {
  const { block, linear, input } = record;
  const columns = [pre];
  const follows = record.experiment.model.layers[block.output] as LayerSpec;
  const after = norm ? normInput !== pre : block.output !== block.weight;
  if (norm && normInput !== pre) columns.push(normInput);
  if (!norm && after) columns.push({ ...output, name: kindName(follows) });
  const weight = linear.get('weight')?.before;
  const bias = linear.get('bias')?.before;
  const formulas: Expression[] = [];
  if (weight?.shape.length === 2) {
    const width = weight.shape[1] ?? 0;
    const terms = Array.from({ length: width }, (_, j) =>
      row(guarded(n(weight.data[unit * width + j] ?? NaN)), times, guarded(n(input.data[j] ?? NaN))),
    );
    const sum = joined(terms, plus, 3);
    formulas.push(
      row(
        first(X),
        equals,
        SUM,
        W,
        U,
        ...(bias ? [plus, B] : []),
        equals,
        sum,
        ...(bias ? [plus, guarded(n(channelOf(bias, unit)))] : []),
        equals,
        n(pre.values[0] ?? NaN, 'x'),
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
    }${!norm && after ? ` In ${arm} nothing normalises here: x goes straight into ${kindName(follows)}.` : ''}`,
    formulas,
    columns,
    numbers: [],
    line: { column: pre },
  };
}

/** Why there is no statistics stage here, where that is so. */
function unmeasured({ norm, arm, record }: View): string | undefined {
  if (!norm) return `${arm} does not normalise in ${record.block.name}.`;
  if (norm.mean) return undefined;
  if (norm.spec.kind === 'batch_norm')
    return `This BN is frozen: it uses the running statistics in training too.`;
  return `${kindName(norm.spec)} measures every example by itself, so there are no statistics of the batch.`;
}

function skip(short: string, title: string, skipped: string): Stage {
  return { short, title, text: '', skipped, formulas: [], columns: [], numbers: [] };
}

function measure(view: View): Stage {
  const { norm, plain, mean, variance, normInput, inputSymbol, count, spatial, unit } = view;
  const title = 'Measure the batch: μ and σ²';
  const why = unmeasured(view);
  if (why !== undefined || !norm) return skip('μ, σ²', title, why ?? '');
  const { values } = normInput;
  const formulas: Expression[] = [];
  if (plain && spatial === 1) {
    const distance = (value: number) => power(parenthesised(row(n(value), minus, guarded(n(mean)))), num(2));
    formulas.push(
      row(
        MU,
        equals,
        fraction(row(SUM, inputSymbol), M),
        equals,
        fraction(
          joined(
            values.map((value, at) => (at === 0 ? n(value) : guarded(n(value)))),
            plus,
            4,
          ),
          num(count),
        ),
        equals,
        n(mean, 'training'),
      ),
      row(
        SIGMA_SQUARED,
        equals,
        fraction(row(SUM, power(parenthesised(row(inputSymbol, minus, MU)), num(2))), M),
        equals,
        fraction(joined(values.map(distance), plus, 3), num(count)),
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

function normalise({
  norm,
  plain,
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
  const formulas = plain
    ? [
        row(
          first(XHAT),
          equals,
          fraction(row(first(inputSymbol), minus, MU), root(row(SIGMA_SQUARED, plus, EPS))),
          equals,
          fraction(
            row(n(normInput.values[0] ?? NaN), minus, guarded(n(mean))),
            root(row(n(variance), plus, n(eps))),
          ),
          equals,
          n(xhat.values[0] ?? NaN, 'xhat'),
        ),
      ]
    : [];
  return {
    short: 'x̂',
    title,
    text: plain
      ? 'Subtract the mean, divide by the standard deviation: over the batch, x̂ has mean 0 and variance 1. The order of the examples and the shape of their distribution stay.'
      : `${kindName(norm.spec)} shifts and scales its input to x̂.`,
    formulas,
    columns: [xhat],
    numbers: plain ? [{ name: 'ε', value: eps }] : [],
    line: { column: xhat, ...(plain && { mean: 0, variance: 1 }) },
  };
}

function scale({ norm, xhat, y, gamma, beta, output, record, arm }: View): Stage {
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
            first(Y),
            equals,
            GAMMA,
            first(XHAT),
            plus,
            BETA,
            equals,
            guarded(n(gamma)),
            times,
            guarded(n(xhat.values[0] ?? NaN)),
            plus,
            guarded(n(beta)),
            equals,
            n(y.values[0] ?? NaN, 'y'),
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

function loss({ record }: View): Stage {
  const { prediction, experiment } = record;
  const [examples = 0, outputs = 1] = prediction.shape;
  const columns = Array.from({ length: Math.min(SHOWN_INPUTS, outputs) }, (_, output): StageColumn => ({
    name:
      experiment.loss === 'mse'
        ? `prediction${outputs > 1 ? ` ${output}` : ''}`
        : `logit${outputs > 1 ? ` ${output}` : ''}`,
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
    text: `The rest of the network turns the outputs into predictions. ${names[experiment.loss]}${outputs > SHOWN_INPUTS ? ` Of ${outputs} outputs, ${SHOWN_INPUTS} are shown.` : ''}`,
    formulas: [],
    columns,
    numbers: [{ name: 'L', value: record.loss }],
  };
}

function backward({
  norm,
  plain,
  dy,
  dnorm,
  dpre,
  xhat,
  gamma,
  variance,
  eps,
  normInput,
  pre,
  count,
  unit,
  record,
  spatial,
}: View): Stage {
  const gradient = (name: string) => channelOf(norm?.tensors.get(name)?.gradient, unit);
  const [dgamma, dbeta] = [gradient('weight'), gradient('bias')];
  const columns = dy && norm ? [dy, ...(dnorm ? [dnorm] : []), ...(normInput === pre ? [] : [dpre])] : [dpre];
  const formulas: Expression[] = [];
  if (norm && !Number.isNaN(dgamma)) {
    formulas.push(
      row(DBETA, equals, SUM, DY, equals, n(dbeta, 'grad')),
      row(DGAMMA, equals, SUM, DY, times, XHAT, equals, n(dgamma, 'grad')),
    );
    if (plain && dy && dnorm && xhat && spatial === 1)
      formulas.push(
        row(
          first(DX),
          equals,
          fraction(GAMMA, root(row(SIGMA_SQUARED, plus, EPS))),
          open,
          first(DY),
          minus,
          fraction(DBETA, M),
          minus,
          first(XHAT),
          fraction(DGAMMA, M),
          close,
          equals,
          fraction(n(gamma), root(row(n(variance), plus, n(eps)))),
          open,
          n(dy.values[0] ?? NaN),
          minus,
          fraction(n(dbeta), num(count)),
          minus,
          guarded(n(xhat.values[0] ?? NaN)),
          fraction(n(dgamma), num(count)),
          close,
          equals,
          n(dnorm.values[0] ?? NaN, 'grad'),
        ),
      );
  }
  return {
    short: 'backward',
    title: 'Backward: how the loss changes with each number',
    text: plain
      ? 'The gradient comes back from the loss. Through BN every example’s gradient depends on the whole batch: the shared μ and σ² take the part away that would only move or stretch all of them.'
      : `The gradient comes back from the loss to the pre-activation of every example${norm ? '' : '; each example has its own, whoever else is in the batch'}.`,
    formulas,
    columns,
    numbers: Number.isNaN(dgamma)
      ? []
      : [
          { name: 'dL/dγ', role: 'grad', value: dgamma },
          { name: 'dL/dβ', role: 'grad', value: dbeta },
        ],
    line: { column: record.norm && dnorm ? dnorm : dpre },
  };
}

function update({ record, norm, unit }: View): Stage {
  const { optimizer = {} } = record.experiment;
  const { momentum = 0, weight_decay: decay = 0, clip = 0 } = optimizer;
  const rows: { name: string; before: number; by: number; after: number }[] = [];
  const add = (name: string, moved: Moved | undefined, at: number) => {
    if (moved?.gradient)
      rows.push({
        name,
        before: moved.before.data[at] ?? NaN,
        by: moved.gradient.data[at] ?? NaN,
        after: moved.after.data[at] ?? NaN,
      });
  };
  const weight = record.linear.get('weight');
  if (weight) {
    const per = weight.before.data.length / (weight.before.shape[0] ?? 1);
    for (let j = 0; j < Math.min(SHOWN_INPUTS, per); j++) add(`w${sub(j + 1)}`, weight, unit * per + j);
  }
  add('b', record.linear.get('bias'), unit);
  if (norm && unit < (norm.tensors.get('weight')?.before.data.length ?? 0)) {
    add('γ', norm.tensors.get('weight'), unit);
    add('β', norm.tensors.get('bias'), unit);
  }
  const [shown] = rows;
  const pure = momentum === 0 && decay === 0 && clip === 0;
  const formulas =
    shown && pure
      ? [
          row(
            first(W),
            ARROW,
            first(W),
            minus,
            symbol('η', '\\eta'),
            times,
            fraction(symbol('dL'), row(symbol('d'), first(W))),
            equals,
            n(shown.before),
            minus,
            n(record.lr),
            times,
            guarded(n(shown.by, 'grad')),
            equals,
            n(shown.after),
          ),
        ]
      : [];
  const extras = [
    momentum > 0 ? `momentum ${formatFloat(momentum)}` : '',
    decay > 0 ? `weight decay ${formatFloat(decay)}` : '',
    clip > 0 ? `a gradient of length ${formatFloat(clip)} at most` : '',
  ].filter(Boolean);
  return {
    short: 'update',
    title: 'Update: a step downhill',
    text: `Every parameter moves against its gradient${extras.length > 0 ? `; here also with ${extras.join(', ')}` : ', by the learning rate'}. On the same batch the loss is then ${formatFloat(record.lossAfter)}; it was ${formatFloat(record.loss)}.`,
    formulas,
    columns: [],
    numbers: [
      { name: 'learning rate η', value: record.lr },
      { name: 'L after the update', value: record.lossAfter },
    ],
    moved: { by: 'gradient', rows },
  };
}

function running(view: View): Stage {
  const { norm, plain, unit, mean, variance, count } = view;
  const title = 'Running statistics';
  const means = norm?.tensors.get('running_mean');
  const spreads = norm?.tensors.get('running_var') ?? norm?.tensors.get('running_std');
  const why = unmeasured(view);
  if (why !== undefined || !norm) return skip('running', title, why ?? '');
  if (!means || !spreads)
    return skip(
      'running',
      title,
      'This layer keeps no running statistics: inference mode measures its batch too.',
    );
  const pair = ({ before, after }: Moved, by: number, name: string) => ({
    name,
    before: channelOf(before, unit),
    by,
    after: channelOf(after, unit),
  });
  const rows = [pair(means, mean, 'M'), pair(spreads, variance, 'V')];
  const k = plain ? weightOfNewest(plain) : NaN;
  const unbiased = plain?.spec.kind === 'batch_norm' && (plain.spec.convention ?? 'pytorch') === 'pytorch';
  const [meanRow, varRow] = rows;
  const formulas =
    plain && meanRow && varRow && !Number.isNaN(k)
      ? [
          row(
            symbol('M', 'M', 'inference'),
            ARROW,
            parenthesised(row(ONE, minus, n(k))),
            times,
            guarded(n(meanRow.before)),
            plus,
            n(k),
            times,
            guarded(n(mean, 'training')),
            equals,
            n(meanRow.after, 'inference'),
          ),
          row(
            symbol('V', 'V', 'inference'),
            ARROW,
            parenthesised(row(ONE, minus, n(k))),
            times,
            n(varRow.before),
            plus,
            n(k),
            times,
            ...(unbiased ? [fraction(num(count), num(count - 1)), times] : []),
            n(variance, 'training'),
            equals,
            n(varRow.after, 'inference'),
          ),
        ]
      : [];
  return {
    short: 'running',
    title: 'Running statistics: what inference mode will use',
    text: `Training never uses these. They follow the batches’ statistics slowly, so that later a single example can be normalised without a batch.${unbiased ? ' What is stored is the unbiased variance, m/(m − 1)·σ².' : ''}`,
    formulas,
    columns: [],
    numbers: [],
    moved: { by: 'of this batch', rows },
  };
}

/** The weight the newest batch gets in the running statistics. */
function weightOfNewest({ spec, tensors }: NormRecord): number {
  if (spec.kind !== 'batch_norm') return NaN;
  const { convention = 'pytorch', momentum } = spec;
  // The plain average of all batches: the newest of t weighs 1/t.
  if (momentum === 'cumulative') return 1 / channelOf(tensors.get('num_batches_tracked')?.after, 0);
  if (convention === 'pytorch') return momentum ?? 0.1;
  return Number((1 - (momentum ?? (convention === 'keras' ? 0.99 : 0.9))).toPrecision(12));
}

function epsOf(spec: LayerSpec): number {
  if (!('eps' in spec) || spec.eps === undefined)
    return spec.kind === 'batch_norm' && spec.convention === 'keras' ? 1e-3 : 1e-5;
  return spec.eps;
}

function sub(index_: number): string {
  return [...String(index_)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');
}
