import type { LayerSpec } from '../../protocol/experiment.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { index, num, symbol, type Expression, type Role } from '../math.ts';
import { X } from '../worked-example/symbols.ts';
import { kindName } from './layer-names.ts';
import { channelOf, unitOf, type StepRecord } from './step-record.ts';
import { armName } from './words.ts';

/** A quantity of every example of the batch. */
export interface StageColumn {
  name: string;
  role?: Role | undefined;
  values: readonly number[];
  /** Whole numbers that name something. */
  label?: boolean;
  /** Seen up to this stage, counted from 0; what is not needed any more makes room. */
  until?: number;
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

/** Inputs, weights and outputs that are shown one by one. */
export const MOST_SHOWN = 3;

/** A float32 number as the reader sees it in a formula. */
export const n = (value: number, role?: Role): Expression =>
  num(Number.isFinite(value) ? Number(value.toPrecision(7)) : value, undefined, role);

export type View = ReturnType<typeof viewOf>;

/** What the stages need of a record, for one unit; formulas have one example’s numbers put in. */
export function viewOf(record: StepRecord, unit: number, example: number) {
  const { norm } = record;
  const column = (name: string, tensor: Tensor | undefined, role?: Role): StageColumn | undefined =>
    tensor && { name, role, values: unitOf(tensor, unit) };
  const { shape } = norm?.input ?? record.pre;
  const pre = column('x', record.pre, 'x') as StageColumn;
  const normInput = norm && norm.layer !== (record.block.weight ?? -2) + 1 ? column('a', norm.input) : pre;
  return {
    record,
    unit,
    example,
    /** A quantity of the example, as a symbol and as a number. */
    its: (base: Expression): Expression => index(base, num(example + 1)),
    value: ({ values }: StageColumn): number => values[example] ?? NaN,
    arm: armName(record.arm),
    norm,
    plain: norm?.spec.kind === 'batch_norm' && !norm.spec.frozen && !norm.spec.ghost ? norm : undefined,
    /** BN that uses running statistics in training too: those it used. */
    frozen:
      norm?.spec.kind === 'batch_norm' && norm.spec.frozen
        ? {
            mean: channelOf(norm.tensors.get('running_mean')?.before, unit),
            variance: channelOf(norm.tensors.get('running_var')?.before, unit),
          }
        : undefined,
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

/** Why there is no statistics stage here, where that is so. */
export function unmeasured({ norm, arm, record }: View): string | undefined {
  if (!norm) return `${arm} does not normalise in ${record.block.name}.`;
  if (norm.mean) return undefined;
  if (norm.spec.kind === 'batch_norm')
    return `This BN is frozen: it uses the running statistics in training too.`;
  return `${kindName(norm.spec)} measures every example by itself, so there are no statistics of the batch.`;
}

export function skip(short: string, title: string, skipped: string): Stage {
  return { short, title, text: '', skipped, formulas: [], columns: [], numbers: [] };
}

function epsOf(spec: LayerSpec): number {
  if (!('eps' in spec) || spec.eps === undefined)
    return spec.kind === 'batch_norm' && spec.convention === 'keras' ? 1e-3 : 1e-5;
  return spec.eps;
}
