import { hat, index, minus, num, plus, power, root, row, symbol, type Expression } from '../math.ts';

/** The symbols of batch normalization, in the colours they have on every page. */
export const X = symbol('x', 'x', 'x');
export const XHAT = hat(symbol('x'), 'xhat');
export const Y = symbol('y', 'y', 'y');
export const TARGET = symbol('t');
export const MU = symbol('μ', '\\mu', 'training');
export const SIGMA_SQUARED = power(symbol('σ', '\\sigma', 'training'), num(2));
export const RUNNING_MEAN = symbol('M', 'M', 'inference');
export const RUNNING_VAR = symbol('V', 'V', 'inference');
export const GAMMA = symbol('γ', '\\gamma');
export const BETA = symbol('β', '\\beta');
export const EPS = symbol('ε', '\\varepsilon');
export const COUNT = symbol('m');
export const LOSS = symbol('L');
export const RATE = symbol('η', '\\eta');
export const MOMENTUM = symbol('k');
export const DY = symbol('dy', '\\mathrm{d}y', 'grad');
export const DX = symbol('dx', '\\mathrm{d}x', 'grad');
export const DGAMMA = symbol('dγ', '\\mathrm{d}\\gamma', 'grad');
export const DBETA = symbol('dβ', '\\mathrm{d}\\beta', 'grad');

export const I = symbol('i');
export const TWO = num(2);
export const HALF: Expression = { kind: 'fraction', over: num(1), under: TWO };

export const of =
  (base: Expression) =>
  (example: Expression): Expression =>
    index(base, example);

/** The mean, the variance and the spread that normalise: the batch's own in training, the running ones in inference. */
export function normalisers(inference: boolean) {
  const mean = inference ? RUNNING_MEAN : MU;
  const variance = inference ? RUNNING_VAR : SIGMA_SQUARED;
  return {
    mean,
    variance,
    spread: root(row(variance, plus, EPS)),
    distance: (at: Expression) => row(index(X, at), minus, mean),
  };
}
