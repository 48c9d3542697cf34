import {
  comma,
  close,
  dots,
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
  separator,
  symbol,
  times,
  type Expression,
} from '../math.ts';
import { formatFixed } from '../format-number.ts';
import { runningUpdate } from './running.ts';
import {
  BETA,
  COUNT,
  EPS,
  GAMMA,
  I,
  MU,
  normalisers,
  of,
  SIGMA_SQUARED,
  TWO,
  X,
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

/** Batch normalization forward, in seven steps. */
export function forwardWalk(view: FeatureView): WalkTable {
  const parts = { columns: columns(view), singles: singles(view) };
  const worked = workedIn(parts, view);
  return { ...parts, steps: view.inference ? inferenceSteps(view, worked) : trainingSteps(view, worked) };
}

const SUM = operator('∑', '\\sum');
const MOST_LISTED = 8;

/** The numbers of one column, each with the cell it stands in. */
export function cellsIn(id: string, values: readonly number[]): (at: number) => Expression {
  return (at) => num(values[at] ?? NaN, `${id}.${at}`);
}

/** All of a column's numbers in a sum. */
export function sumOf(id: string, values: readonly number[]): Expression {
  const cell = cellsIn(id, values);
  return joined(
    values.map((_, at) => (at === 0 ? cell(at) : guarded(cell(at)))),
    plus,
  );
}

function averageOf(id: string, values: readonly number[], sum: number): Expression[] {
  const m = num(values.length);
  return [fraction(sumOf(id, values), m), ...(values.length > 1 ? [fraction(num(sum), m)] : [])];
}

function mean(of: Expression): Expression {
  return row(symbol('mean', '\\operatorname{mean}'), parenthesised(of));
}

function std(of: Expression): Expression {
  return row(symbol('std', '\\operatorname{std}'), parenthesised(of));
}

/** The numbers the columns share. */
function shared(view: FeatureView) {
  const { walk, inference, state } = view;
  return {
    mean: num(inference ? view.runningMean : view.number(walk.mean), 'mean'),
    variance: num(inference ? view.runningVar : view.number(walk.var), 'var'),
    spread: num(view.number(inference ? walk.running_std : walk.std), 'std'),
    eps: num(state.eps, 'eps'),
    gamma: num(view.gamma, 'gamma'),
    beta: num(view.beta, 'beta'),
  };
}

function columns(view: FeatureView): Column[] {
  const { walk, inference } = view;
  const by = normalisers(inference);
  const batch = normalisers(false);
  const { mean, variance, spread, eps, gamma, beta } = shared(view);
  const x = cellsIn('x', view.x);
  const centered = cellsIn('centered', view.column(walk.centered));
  const xhat = cellsIn('xhat', view.column(walk.xhat));
  const scaled = cellsIn('scaled', view.column(walk.scaled));
  return [
    makeColumn({
      id: 'x',
      symbol: X,
      of: of(X),
      name: 'x',
      role: 'x',
      step: 0,
      shownAt: [0, 1, 2, 6],
      values: view.x,
      editable: 'x',
    }),
    makeColumn({
      id: 'centered',
      symbol: row(X, minus, by.mean),
      of: (at) => by.distance(at),
      name: inference ? 'x minus the running mean' : 'x minus the mean',
      step: 2,
      shownAt: [2, 3],
      values: view.column(walk.centered),
      from: (at) => [row(x(at), minus, guarded(mean))],
    }),
    makeColumn({
      id: 'squared',
      symbol: power(parenthesised(row(X, minus, MU)), TWO),
      of: (at) => power(parenthesised(batch.distance(at)), TWO),
      name: 'squared distance from the mean',
      step: 2,
      shownAt: [2, 3],
      values: view.column(walk.squared),
      idle: inference,
      from: (at) => [power(guarded(centered(at)), TWO)],
    }),
    makeColumn({
      id: 'xhat',
      symbol: XHAT,
      of: of(XHAT),
      name: 'x̂, normalised',
      role: 'xhat',
      step: 3,
      shownAt: [3, 4, 6],
      values: view.column(walk.xhat),
      from: (at) => [
        fraction(row(x(at), minus, guarded(mean)), root(row(variance, plus, eps))),
        fraction(centered(at), spread),
      ],
    }),
    makeColumn({
      id: 'scaled',
      symbol: row(GAMMA, XHAT),
      of: (at) => row(GAMMA, index(XHAT, at)),
      name: 'γ times x̂',
      step: 4,
      shownAt: [4, 5, 6],
      values: view.column(walk.scaled),
      from: (at) => [row(gamma, times, guarded(xhat(at)))],
    }),
    makeColumn({
      id: 'y',
      symbol: Y,
      of: of(Y),
      name: 'y, the output',
      role: 'y',
      step: 5,
      shownAt: [5, 6],
      values: view.column(walk.y),
      from: (at) => [row(scaled(at), plus, guarded(beta))],
    }),
  ];
}

function singles(view: FeatureView): Single[] {
  const { walk, inference, numbers } = view;
  const by = normalisers(inference);
  const { variance, eps } = shared(view);
  const role = inference ? 'inference' : 'training';
  const { xhat, y } = numbers.described;
  return [
    ...(inference ? runningSingles(view) : batchSingles(view)),
    makeSingle({
      id: 'std',
      symbol: by.spread,
      name: inference ? 'root of running variance plus ε' : 'root of variance plus ε',
      role,
      step: 3,
      column: 'squared',
      place: 'below',
      value: view.number(inference ? walk.running_std : walk.std),
      from: () => [root(row(variance, plus, eps))],
    }),
    makeSingle({
      id: 'eps',
      symbol: EPS,
      name: 'ε',
      step: 0,
      column: 'xhat',
      place: 'above',
      value: view.state.eps,
    }),
    makeSingle({
      id: 'gamma',
      symbol: GAMMA,
      name: 'γ, the learned scale',
      step: 0,
      column: 'scaled',
      place: 'above',
      value: view.gamma,
      editable: 'gamma',
    }),
    makeSingle({
      id: 'beta',
      symbol: BETA,
      name: 'β, the learned shift',
      step: 0,
      column: 'y',
      place: 'above',
      value: view.beta,
      editable: 'beta',
    }),
    makeSingle({
      id: 'xhat_mean',
      symbol: mean(XHAT),
      name: 'mean of x̂',
      role: 'xhat',
      step: 3,
      column: 'xhat',
      place: 'below',
      value: view.number(xhat.mean),
      scale: view.number(xhat.abs_max),
      from: () => [fraction(sumOf('xhat', view.column(walk.xhat)), num(view.examples))],
    }),
    makeSingle({
      id: 'xhat_std',
      symbol: std(XHAT),
      name: 'standard deviation of x̂',
      role: 'xhat',
      step: 3,
      column: 'xhat',
      place: 'below',
      value: view.number(xhat.std),
      from: () => spreadOfXhat(view),
    }),
    makeSingle({
      id: 'y_mean',
      symbol: mean(Y),
      name: 'mean of y',
      role: 'y',
      step: 6,
      column: 'y',
      place: 'below',
      value: view.number(y.mean),
      scale: view.number(y.abs_max),
      from: () => [fraction(sumOf('y', view.column(walk.y)), num(view.examples))],
    }),
    makeSingle({
      id: 'y_std',
      symbol: std(Y),
      name: 'standard deviation of y',
      role: 'y',
      step: 6,
      column: 'y',
      place: 'below',
      value: view.number(y.std),
      from: () => spreadOfY(view),
    }),
  ];
}

/** Division by the spread divides the standard deviation, too: what comes out is 1 only if what goes in was all of the spread. */
function spreadOfXhat(view: FeatureView): Expression[] {
  const { variance, spread } = shared(view);
  const of = view.inference ? num(view.number(view.numbers.described.x.std)) : root(variance);
  return [fraction(std(X), spread), fraction(of, spread)];
}

/** γ stretches the standard deviation, whatever its sign; β moves none of it. */
function spreadOfY(view: FeatureView): Expression[] {
  const factor = num(Math.abs(view.gamma), 'gamma');
  const ofXhat = num(view.number(view.numbers.described.xhat.std), 'xhat_std');
  return [row(symbol('|γ|', '|\\gamma|'), times, std(XHAT)), row(factor, times, guarded(ofXhat))];
}

/** μ and σ² of the batch itself. */
function batchSingles(view: FeatureView): Single[] {
  const { walk } = view;
  return [
    makeSingle({
      id: 'mean',
      symbol: MU,
      name: 'μ, the mean of the batch',
      role: 'training',
      step: 1,
      column: 'x',
      place: 'below',
      value: view.number(walk.mean),
      from: () => averageOf('x', view.x, view.number(walk.sum)),
    }),
    makeSingle({
      id: 'var',
      symbol: SIGMA_SQUARED,
      name: 'σ², the variance of the batch',
      role: 'training',
      step: 2,
      column: 'squared',
      place: 'below',
      value: view.number(walk.var),
      from: () => averageOf('squared', view.column(walk.squared), view.number(walk.sum_of_squares)),
    }),
  ];
}

/** M and V, which the batches fed earlier left behind. */
function runningSingles(view: FeatureView): Single[] {
  const update = runningUpdate(view);
  const by = normalisers(true);
  return [
    makeSingle({
      id: 'mean',
      symbol: by.mean,
      name: 'M, the running mean',
      role: 'inference',
      step: 1,
      column: 'x',
      place: 'below',
      value: view.runningMean,
      from: () => update.mean,
    }),
    makeSingle({
      id: 'var',
      symbol: by.variance,
      name: 'V, the running variance',
      role: 'inference',
      step: 2,
      column: 'squared',
      place: 'below',
      value: view.runningVar,
      from: () => update.variance,
    }),
  ];
}

/** `x = (2, 4, 6, 8)`, in parts that can stand on several lines; of many numbers the first and the last. */
function listOf(symbolOf: Expression, id: string, values: readonly number[]): Expression[] {
  const cells = values.map((_, at) => cellsIn(id, values)(at));
  const shown =
    cells.length > MOST_LISTED ? [...cells.slice(0, MOST_LISTED - 2), dots, ...cells.slice(-1)] : cells;
  return shown.map((cell, at) => {
    const after = at === shown.length - 1 ? close : separator();
    return at === 0 ? row(symbolOf, equals, open, cell, after) : row(cell, after);
  });
}

function trainingSteps(view: FeatureView, worked: Worked): Step[] {
  // Where ε is not small beside the variance, the standard deviation of x̂ is not 1.
  const normal = view.number(view.numbers.described.xhat.std) > 0.99;
  const by = normalisers(false);
  const average = (of: Expression) => row(fraction(num(1), COUNT), SUM, of);
  return [
    arrive(view),
    {
      title: 'Mean',
      short: 'Mean',
      text: 'Average the activations over the batch. Every example takes part, so from here on each output depends on all of them.',
      formula: [row(MU, equals, average(index(X, I)))],
      worked: worked('mean'),
    },
    {
      title: 'Variance',
      short: 'Variance',
      text: 'Square each distance from the mean and average the squares. The division is by m, not m − 1: the biased variance is the one that normalises.',
      formula: [row(SIGMA_SQUARED, equals, average(power(parenthesised(by.distance(I)), TWO)))],
      worked: worked('var'),
    },
    {
      title: 'Normalise',
      short: 'Normalise',
      text: `Subtract the mean and divide by the spread. ${
        normal
          ? 'x̂ has mean 0 and standard deviation 1, less a hair for ε.'
          : 'x̂ has mean 0, but not standard deviation 1: beside so small a variance, ε counts.'
      }`,
      formula: [row(index(XHAT, I), equals, fraction(by.distance(I), by.spread))],
      worked: worked('xhat'),
    },
    scale(worked('scaled')),
    shift(view, worked('y')),
    {
      title: 'The next layer receives',
      short: 'Next layer',
      text: normal
        ? 'Whatever the scale of x was, y has mean β and a standard deviation of about |γ|. The next layer can count on that, and SGD moves it through two numbers.'
        : 'y has mean β, but its standard deviation falls short of |γ|: there was too little variance to bring to 1.',
      formula: [row(Y, equals, GAMMA, XHAT, plus, BETA)],
      worked: listOf(Y, 'y', view.column(view.walk.y)),
    },
  ];
}

function inferenceSteps(view: FeatureView, worked: Worked): Step[] {
  const by = normalisers(true);
  const fed = fedText(view);
  return [
    arrive(view),
    {
      title: 'Mean: the running one',
      short: 'Mean',
      text: `In inference mode this batch is not averaged. M is the moving average of the means seen in training (${fed}).`,
      formula: [row(by.mean, equals, symbol('running mean', '\\text{running mean}'))],
      worked: worked('mean'),
    },
    {
      title: 'Variance: the running one',
      short: 'Variance',
      text: `V is the moving average of the variances seen in training (${fed}). No squares are needed here.`,
      formula: [row(by.variance, equals, symbol('running variance', '\\text{running variance}'))],
      worked: worked('var'),
    },
    {
      title: 'Normalise',
      short: 'Normalise',
      text: 'M and V are constants, so each example is treated alone; mean 0 and spread 1 come out only if the batch resembles those in training.',
      formula: [row(index(XHAT, I), equals, fraction(by.distance(I), by.spread))],
      worked: worked('xhat'),
    },
    scale(worked('scaled')),
    shift(view, worked('y')),
    {
      title: 'The next layer receives',
      short: 'Next layer',
      text: 'A fixed line maps each x to its y, alone or in any company. Compare with training mode, where the batch decides.',
      formula: [
        row(Y, equals, fraction(GAMMA, by.spread), parenthesised(row(X, minus, by.mean)), plus, BETA),
      ],
      worked: listOf(Y, 'y', view.column(view.walk.y)),
    },
  ];
}

function fedText({ state }: FeatureView): string {
  const count = state.fed.reduce((sum, run) => sum + (run[0] ?? 0), 0);
  if (count === 0) return 'no batch yet, so it is where it started';
  return count === 1 ? 'one batch so far' : `${count} batches so far`;
}

function arrive(view: FeatureView): Step {
  const { examples, features, feature } = view;
  const batch = examples === 1 ? 'One example reaches' : `A batch of m = ${examples} examples reaches`;
  const which =
    features === 1
      ? 'with one activation for this feature each.'
      : `with ${features} features each. Take feature ${feature + 1}, one column; each other column goes the same way by itself.`;
  return {
    title: 'Activations arrive',
    short: 'Activations',
    text: `${batch} the layer, ${which}`,
    formula: [row(X, equals, open, index(X, num(1)), comma, dots, comma, index(X, COUNT), close)],
    worked: listOf(X, 'x', view.x),
  };
}

function scale(worked: readonly Expression[]): Step {
  return {
    title: 'Scale by γ',
    short: 'Scale',
    text: 'γ is learned, one number per feature. It sets how widely the outputs spread; below zero it mirrors them.',
    formula: [row(GAMMA, index(XHAT, I))],
    worked,
  };
}

function shift(view: FeatureView, worked: readonly Expression[]): Step {
  const note = roundingNote(view);
  return {
    title: 'Shift by β',
    short: 'Shift',
    text: 'β, learned too, sets where the outputs are centred.',
    formula: [row(index(Y, I), equals, GAMMA, index(XHAT, I), plus, BETA)],
    worked,
    ...(note !== undefined && { note }),
  };
}

/** What a text prints that rounds x̂ to two decimals before it goes on. */
function roundingNote(view: FeatureView): string | undefined {
  const xhat = view.column(view.walk.xhat);
  const differing = view.column(view.walk.y).flatMap((y, at) => {
    const early = view.gamma * Number((xhat[at] ?? NaN).toFixed(2)) + view.beta;
    const [late, slip] = [formatFixed(y, 2), formatFixed(early, 2)];
    return late === slip ? [] : [{ late, slip, xhat: formatFixed(xhat[at] ?? NaN, 2) }];
  });
  const [first] = differing;
  if (first === undefined) return undefined;
  const some = differing.slice(0, 2);
  const join = (texts: string[]) => texts.join(' and ');
  return (
    `To two decimals y is ${join(some.map(({ late }) => late))}. Texts that round x̂ to ${join(some.map(({ xhat: rounded }) => rounded))} ` +
    `before they go on print ${join(some.map(({ slip }) => slip))}: round once, at the end.`
  );
}
