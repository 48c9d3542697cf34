import {
  close,
  equals,
  fraction,
  guarded,
  index,
  minus,
  num,
  open,
  operator,
  parenthesised,
  plus,
  root,
  row,
  symbol,
  times,
  type Expression,
} from '../math.ts';
import { DBETA, DGAMMA, DX, DY, EPS, GAMMA, SIGMA_SQUARED, XHAT } from '../worked-example/symbols.ts';
import { channelOf, type Moved, type NormRecord } from './step-record.ts';
import { MOST_SHOWN, n, skip, unmeasured, type Stage, type View } from './step-view.ts';
import { formatFloat } from './words.ts';

const SUM = operator('∑', '\\sum');
const ONE = num(1);
const W = symbol('w');
const M = symbol('m');
const ARROW = operator('←', '\\leftarrow');

export function backward({
  its,
  value,
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
          its(DX),
          equals,
          fraction(GAMMA, root(row(SIGMA_SQUARED, plus, EPS))),
          open,
          its(DY),
          minus,
          fraction(DBETA, M),
          minus,
          its(XHAT),
          times,
          fraction(DGAMMA, M),
          close,
          equals,
          fraction(n(gamma), root(row(n(variance), plus, n(eps)))),
          open,
          n(value(dy)),
          minus,
          fraction(n(dbeta), num(count)),
          minus,
          guarded(n(value(xhat))),
          times,
          fraction(n(dgamma), num(count)),
          close,
          equals,
          n(value(dnorm), 'grad'),
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

export function update({ record, norm, plain, unit }: View): Stage {
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
    for (let j = 0; j < Math.min(MOST_SHOWN, per); j++) add(`w${sub(j + 1)}`, weight, unit * per + j);
  }
  add('b', record.linear.get('bias'), unit);
  if (norm && unit < (norm.tensors.get('weight')?.before.data.length ?? 0)) {
    add('γ', norm.tensors.get('weight'), unit);
    add('β', norm.tensors.get('bias'), unit);
  }
  // The mean takes the bias away again, so nothing depends on it.
  const idle = plain && plain.layer === (record.block.weight ?? -2) + 1 && record.linear.has('bias');
  const [shown] = rows;
  const pure = momentum === 0 && decay === 0 && clip === 0;
  const formulas =
    shown && pure
      ? [
          row(
            index(W, ONE),
            ARROW,
            index(W, ONE),
            minus,
            symbol('η', '\\eta'),
            times,
            fraction(symbol('dL'), row(symbol('d'), index(W, ONE))),
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
    text: `Every parameter moves against its gradient${extras.length > 0 ? `; here also with ${extras.join(', ')}` : ', by the learning rate'}. On the same batch the loss is then ${formatFloat(record.lossAfter)}; it was ${formatFloat(record.loss)}.${idle ? ' The bias b has no gradient but rounding: whatever it adds, μ takes away.' : ''}`,
    formulas,
    columns: [],
    numbers: [
      { name: 'learning rate η', value: record.lr },
      { name: 'L after the update', value: record.lossAfter },
    ],
    moved: { by: 'gradient', rows },
  };
}

export function running(view: View): Stage {
  const { norm, plain, unit, mean, variance, count } = view;
  const title = 'Running statistics';
  const means = norm?.tensors.get('running_mean');
  const spreads = ['running_var', 'running_std', 'running_scale']
    .map((name) => norm?.tensors.get(name))
    .find(Boolean);
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
  const rows = [pair(means, mean, 'M'), pair(spreads, variance, plain ? 'V' : 'spread')];
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
    text: `${norm.spec.kind === 'batch_renorm' ? '' : 'Training never uses these. '}They follow the batches’ statistics slowly, so that later a single example can be normalised without a batch.${unbiased ? ' What is stored is the unbiased variance, m/(m − 1)·σ².' : ''}`,
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

function sub(index_: number): string {
  return [...String(index_)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');
}
