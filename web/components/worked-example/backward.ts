import {
  equals,
  fraction,
  guarded,
  index,
  minus,
  num,
  operator,
  parenthesised,
  plus,
  power,
  row,
  symbol,
  times,
  type Expression,
} from '../math.ts';
import { cellsIn, sumOf } from './forward.ts';
import {
  COUNT,
  DBETA,
  DGAMMA,
  DX,
  DY,
  GAMMA,
  HALF,
  I,
  LOSS,
  normalisers,
  of,
  TARGET,
  TWO,
  XHAT,
  Y,
} from './symbols.ts';
import {
  makeColumn,
  makeSingle,
  type Column,
  type FeatureView,
  type Single,
  type Step,
  type WalkTable,
  workedIn,
  type Worked,
} from './walk.ts';

/** The gradients of batch normalization, in seven steps, from dL/dy to dL/dx. */
export function backwardWalk(view: FeatureView): WalkTable {
  const parts = { columns: columns(view), singles: singles(view) };
  return { ...parts, steps: steps(view, workedIn(parts, view)) };
}

const SUM = operator('∑', '\\sum');
/** What the forward walk left is there from the start. */
const FROM_BEFORE = -1;

/** L as a function of the outputs: of their distance from a target, or one whose gradient is the given dy. */
export function lossOf({ state }: FeatureView): Expression {
  const error = parenthesised(row(index(Y, I), minus, index(TARGET, I)));
  return state.gradient === 'target'
    ? row(HALF, SUM, power(error, TWO))
    : row(SUM, index(DY, I), index(Y, I));
}

function factorOf(view: FeatureView): Expression {
  return fraction(GAMMA, normalisers(view.inference).spread);
}

/** What the three terms of dx are sums of: large enough to tell a rounded zero from a small gradient. */
function scaleOf(view: FeatureView): number {
  return Math.max(...view.column(view.walk.dx_direct).map(Math.abs));
}

function columns(view: FeatureView): Column[] {
  const { walk, state, inference, feature } = view;
  const fromTarget = state.gradient === 'target';
  const dy = cellsIn('dy', view.column(walk.dy));
  const xhat = cellsIn('xhat', view.column(walk.xhat));
  const dyXhat = view.column(walk.dy_xhat);
  const y = cellsIn('y', view.column(walk.y));
  const targets = state.target.map((line) => line[feature] ?? NaN);
  const target = cellsIn('target', targets);
  const factor = num(view.number(walk.factor), 'factor');
  const negative = num(-view.number(walk.factor), 'factor');
  const m = num(view.examples);
  const dbeta = num(view.number(walk.dbeta), 'dbeta');
  const dgamma = num(view.number(walk.dgamma), 'dgamma');
  const term = (text: string, latex: string) => symbol(text, latex, 'grad');
  const DIRECT = term('direct', '\\text{direct}');
  const VIA_MEAN = term('via μ', '\\text{via }\\mu');
  const VIA_VARIANCE = term('via σ²', '\\text{via }\\sigma^2');
  const share = (name: Expression) => (at: Expression) => power(index(DX, at), name);
  const parts = {
    direct: cellsIn('dx_direct', view.column(walk.dx_direct)),
    mean: cellsIn('dx_mean', view.column(walk.dx_mean)),
    variance: cellsIn('dx_variance', view.column(walk.dx_variance)),
  };
  return [
    ...(fromTarget
      ? [
          makeColumn({
            id: 'y',
            symbol: Y,
            of: of(Y),
            name: 'y, the output',
            role: 'y' as const,
            step: FROM_BEFORE,
            shownAt: [0],
            values: view.column(walk.y),
          }),
          makeColumn({
            id: 'target',
            symbol: TARGET,
            of: of(TARGET),
            name: 'target t',
            step: 0,
            shownAt: [0],
            values: targets,
            editable: 'target' as const,
          }),
        ]
      : []),
    makeColumn({
      id: 'dy',
      symbol: DY,
      of: of(DY),
      name: 'dL/dy',
      role: 'grad',
      step: 0,
      shownAt: [0, 1, 2, 3, 4],
      values: view.column(walk.dy),
      ...(fromTarget
        ? { from: (at: number) => [row(y(at), minus, guarded(target(at)))] }
        : { editable: 'dy' as const }),
    }),
    makeColumn({
      id: 'xhat',
      symbol: XHAT,
      of: of(XHAT),
      name: 'x̂, from the forward walk',
      role: 'xhat',
      step: FROM_BEFORE,
      shownAt: [2, 5],
      values: view.column(walk.xhat),
    }),
    makeColumn({
      id: 'dy_xhat',
      symbol: row(DY, times, XHAT),
      of: (at) => row(index(DY, at), index(XHAT, at)),
      name: 'dL/dy times x̂',
      role: 'grad',
      step: 2,
      shownAt: [2, 5],
      values: dyXhat,
      from: (at) => [row(dy(at), times, guarded(xhat(at)))],
    }),
    makeColumn({
      id: 'dx_direct',
      symbol: DIRECT,
      of: share(DIRECT),
      name: 'direct term of dL/dx',
      role: 'grad',
      step: 3,
      shownAt: [3, 6],
      values: view.column(walk.dx_direct),
      from: (at) => [row(factor, times, guarded(dy(at)))],
    }),
    makeColumn({
      id: 'dx_mean',
      symbol: VIA_MEAN,
      of: share(VIA_MEAN),
      name: 'term of dL/dx through the mean',
      role: 'grad',
      step: 4,
      shownAt: [4, 6],
      values: view.column(walk.dx_mean),
      idle: inference,
      scale: scaleOf(view),
      from: () => [row(negative, times, fraction(dbeta, m))],
    }),
    makeColumn({
      id: 'dx_variance',
      symbol: VIA_VARIANCE,
      of: share(VIA_VARIANCE),
      name: 'term of dL/dx through the variance',
      role: 'grad',
      step: 5,
      shownAt: [5, 6],
      values: view.column(walk.dx_variance),
      idle: inference,
      scale: scaleOf(view),
      from: (at) => [row(negative, times, guarded(xhat(at)), times, fraction(dgamma, m))],
    }),
    makeColumn({
      id: 'dx',
      symbol: DX,
      of: of(DX),
      name: 'dL/dx',
      role: 'grad',
      step: 6,
      shownAt: [6],
      values: view.column(walk.dx),
      scale: scaleOf(view),
      from: (at) => [
        inference
          ? parts.direct(at)
          : row(parts.direct(at), plus, guarded(parts.mean(at)), plus, guarded(parts.variance(at))),
      ],
    }),
  ];
}

function singles(view: FeatureView): Single[] {
  const { walk } = view;
  return [
    makeSingle({
      id: 'dbeta',
      symbol: DBETA,
      name: 'dL/dβ',
      role: 'grad',
      step: 1,
      column: 'dy',
      place: 'below',
      value: view.number(walk.dbeta),
      scale: Math.max(...view.column(walk.dy).map(Math.abs)),
      from: () => [sumOf('dy', view.column(walk.dy))],
    }),
    makeSingle({
      id: 'dgamma',
      symbol: DGAMMA,
      name: 'dL/dγ',
      role: 'grad',
      step: 2,
      column: 'dy_xhat',
      place: 'below',
      value: view.number(walk.dgamma),
      scale: Math.max(...view.column(walk.dy_xhat).map(Math.abs)),
      from: () => [sumOf('dy_xhat', view.column(walk.dy_xhat))],
    }),
    makeSingle({
      id: 'factor',
      symbol: factorOf(view),
      name: 'γ over the spread, the factor in front of dL/dx',
      step: 3,
      column: 'dx_direct',
      place: 'above',
      value: view.number(walk.factor),
      from: () => [fraction(num(view.gamma), num(view.number(view.inference ? walk.running_std : walk.std)))],
    }),
    makeSingle({
      id: 'dx_sum',
      symbol: row(SUM, DX),
      name: 'sum of dL/dx over the batch',
      role: 'grad',
      step: 6,
      column: 'dx',
      place: 'below',
      value: view.number(walk.dx_sum),
      scale: scaleOf(view),
      from: () => [sumOf('dx', view.column(walk.dx))],
    }),
  ];
}

function steps(view: FeatureView, worked: Worked): Step[] {
  const { state, inference } = view;
  const factor = factorOf(view);
  const constants =
    'In inference mode M and V are constants: no gradient takes this way, and the term is missing.';
  return [
    {
      title: 'The gradient arrives',
      short: 'dL/dy',
      text:
        state.gradient === 'target'
          ? 'The loss compares each output with its target. Its slope, dy for short, says how the loss changes with that output.'
          : 'From the layers behind comes dL/dy, dy for short: how much the loss changes with each output. Set it as you like.',
      formula:
        state.gradient === 'target'
          ? [
              row(
                LOSS,
                equals,
                HALF,
                SUM,
                power(parenthesised(row(index(Y, I), minus, index(TARGET, I))), TWO),
              ),
              row(index(DY, I), equals, index(Y, I), minus, index(TARGET, I)),
            ]
          : [
              row(
                index(DY, I),
                equals,
                fraction(row(symbol('∂', '\\partial'), LOSS), row(symbol('∂', '\\partial'), index(Y, I))),
              ),
            ],
      worked: worked('dy'),
    },
    {
      title: 'Gradient of β',
      short: 'dβ',
      text: 'β was added to every output alike, so its gradient is the sum of all of theirs.',
      formula: [row(DBETA, equals, SUM, index(DY, I))],
      worked: worked('dbeta'),
    },
    {
      title: 'Gradient of γ',
      short: 'dγ',
      text: 'γ multiplied each x̂, so each dy counts with its x̂.',
      formula: [row(DGAMMA, equals, SUM, index(DY, I), times, index(XHAT, I))],
      worked: worked('dgamma'),
    },
    {
      title: 'Back to x: the direct term',
      short: 'Direct',
      text: 'The way straight back: γ, and the division by the spread. If mean and variance were constants, this would be all.',
      formula: [row(factor, times, index(DY, I))],
      worked: worked('dx_direct'),
    },
    {
      title: 'The way through the mean',
      short: 'Via μ',
      text: inference
        ? constants
        : 'Moving one x moves μ, and μ moves every output. This term is the same for all examples; it takes away the mean of dy.',
      formula: [row(minus, factor, times, fraction(DBETA, COUNT))],
      worked: worked('dx_mean'),
    },
    {
      title: 'The way through the variance',
      short: 'Via σ²',
      text: inference
        ? constants
        : 'Moving one x changes the spread as well. This term takes away the part of dy that goes along with x̂.',
      formula: [row(minus, factor, times, index(XHAT, I), times, fraction(DGAMMA, COUNT))],
      worked: worked('dx_variance'),
    },
    {
      title: 'Added up: the gradient of x',
      short: 'dx',
      text: inference
        ? 'Only the direct term is left: each example’s gradient is its own, and Σdx need not be 0.'
        : 'dβ and dγ are sums over the batch, so every example’s gradient depends on all of them; and Σdx = 0, because a shift of the whole batch changes nothing.',
      formula: inference
        ? [row(index(DX, I), equals, factor, times, index(DY, I))]
        : [
            row(
              index(DX, I),
              equals,
              factor,
              parenthesised(
                row(
                  index(DY, I),
                  minus,
                  fraction(DBETA, COUNT),
                  minus,
                  index(XHAT, I),
                  fraction(DGAMMA, COUNT),
                ),
              ),
            ),
          ],
      worked: worked('dx'),
    },
  ];
}
