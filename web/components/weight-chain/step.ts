import type { EngineClient } from '../../client/engine-client.ts';
import type { FigureOperation } from '../../protocol/operations.ts';
import { tensor } from '../../protocol/tensor.ts';

/**
 * A chain of `length` layers of one unit each, no bias, no nonlinearity, every weight 1: ŷ = x·w₁·w₂·…. One step of gradient
 * descent on ŷ of the first example, for several learning rates side by side; once as it is, once with batch normalization
 * behind it whose γ and β start where they undo it, so that both compute the same at first.
 */
export interface ChainStep {
  readonly without: Outcome;
  readonly batch: Outcome;
}

export interface Outcome {
  /** ŷ of the first example before the step. */
  readonly before: number;
  /** After it, for each rate: what the gradient promises, and what happens. */
  readonly predicted: readonly number[];
  readonly actual: readonly number[];
  /** ∂ŷ/∂w of one weight; they are all alike. */
  readonly weightGradient: number;
}

/** A batch; the first example is the one that counts. */
export const EXAMPLES = [1, -1, 2, -2] as const;
/** So small that what it leaves of the gradient is rounding. */
const EPS = 1e-12;

type Caller = Pick<EngineClient<FigureOperation>, 'call'>;

export async function chainStep(
  engine: Caller,
  length: number,
  rates: readonly number[],
): Promise<ChainStep> {
  const chain = new Float64Array(length).fill(1);
  const u = await forward(engine, chain);
  const first = Float64Array.from(EXAMPLES, (_, i) => (i === 0 ? 1 : 0));

  const gradient = await backward(engine, chain, first);
  const weights = await Promise.all(rates.map((lr) => step(engine, chain, gradient, lr)));
  const without: Outcome = {
    before: u.at(-1)![0]!,
    predicted: await firstOrder(engine, u.at(-1)![0]!, chain, gradient, weights),
    actual: await ends(engine, weights),
    weightGradient: gradient[0]!,
  };

  const x = column(u.at(-1)!);
  const { mean, rstd } = await engine.call('batch_norm_forward', { x, eps: EPS });
  // γ = σ and β = μ: what comes out is what went in.
  const affine = Float64Array.of(1 / rstd.data[0]!, mean.data[0]!);
  const gamma = affine.slice(0, 1);
  const norm = await engine.call('batch_norm_backward', { x, dy: column(first), gamma, eps: EPS });
  const behind = await backward(engine, chain, Float64Array.from(norm.dx.data));
  const all = Float64Array.of(...affine, ...chain);
  const slope = Float64Array.of(norm.dgamma.data[0]!, norm.dbeta.data[0]!, ...behind);
  const moved = await Promise.all(rates.map((lr) => step(engine, all, slope, lr)));
  const start = await normalised(engine, [all]);
  return {
    without,
    batch: {
      before: start[0]!,
      predicted: await firstOrder(engine, start[0]!, all, slope, moved),
      actual: await normalised(engine, moved),
      weightGradient: behind[0]!,
    },
  };
}

const column = (values: ArrayLike<number>) => tensor(Float64Array.from(values), [values.length, 1]);

/** What stands behind each layer, the examples first. */
async function forward(engine: Caller, chain: Float64Array): Promise<Float64Array[]> {
  const signals = [Float64Array.from(EXAMPLES)];
  for (const w of chain) {
    const { y } = await engine.call('linear_forward', { x: column(signals.at(-1)!), weight: column([w]) });
    signals.push(Float64Array.from(y.data));
  }
  return signals;
}

/** The gradient of each weight. */
async function backward(engine: Caller, chain: Float64Array, dy: Float64Array): Promise<Float64Array> {
  const signals = await forward(engine, chain);
  const gradient = new Float64Array(chain.length);
  let back = dy;
  for (let layer = chain.length - 1; layer >= 0; layer--) {
    const { dx, dweight } = await engine.call('linear_backward', {
      x: column(signals[layer]!),
      weight: column([chain[layer]!]),
      dy: column(back),
    });
    gradient[layer] = dweight.data[0]!;
    back = Float64Array.from(dx.data);
  }
  return gradient;
}

async function step(
  engine: Caller,
  parameter: Float64Array,
  gradient: Float64Array,
  lr: number,
): Promise<Float64Array> {
  const { parameter: after } = await engine.call('sgd_step', { parameter, gradient, lr });
  return Float64Array.from(after.data);
}

/** before + gradient · (after − parameter), for each. */
async function firstOrder(
  engine: Caller,
  before: number,
  parameter: Float64Array,
  gradient: Float64Array,
  after: readonly Float64Array[],
): Promise<number[]> {
  const size = parameter.length;
  const changes = Float64Array.from(
    after.flatMap((each) => [...each].map((value, i) => value - parameter[i]!)),
  );
  const { y } = await engine.call('linear_forward', {
    x: tensor(changes, [after.length, size]),
    weight: tensor(gradient, [1, size]),
    bias: Float64Array.of(before),
  });
  return [...y.data];
}

/** ŷ of the first example for each of several chains: they run side by side, as the diagonals of square weights. */
async function ends(engine: Caller, chains: readonly Float64Array[]): Promise<number[]> {
  const count = chains.length;
  let signal = tensor(new Float64Array(count).fill(EXAMPLES[0]), [1, count]);
  for (let layer = 0; layer < chains[0]!.length; layer++) {
    const weight = new Float64Array(count * count);
    chains.forEach((chain, i) => (weight[i * count + i] = chain[layer]!));
    const { y } = await engine.call('linear_forward', { x: signal, weight: tensor(weight, [count, count]) });
    signal = tensor(Float64Array.from(y.data), [1, count]);
  }
  return [...signal.data];
}

/** The same with batch normalization behind the chain; each is (γ, β, w₁, w₂, …). */
async function normalised(engine: Caller, parameters: readonly Float64Array[]): Promise<number[]> {
  const columns = await Promise.all(parameters.map((each) => forward(engine, each.subarray(2))));
  const values = EXAMPLES.flatMap((_, example) => columns.map((signals) => signals.at(-1)![example]!));
  const { y } = await engine.call('batch_norm_forward', {
    x: tensor(Float64Array.from(values), [EXAMPLES.length, parameters.length]),
    gamma: Float64Array.from(parameters, (each) => each[0]!),
    beta: Float64Array.from(parameters, (each) => each[1]!),
    eps: EPS,
  });
  return Array.from(y.data.slice(0, parameters.length));
}
