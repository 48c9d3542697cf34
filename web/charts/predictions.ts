import type { Tensor, TypedArray } from '../protocol/tensor.ts';
import type { LossKind } from '../protocol/vocabulary.ts';

/** What a network's outputs say, for drawing and for words. Which class it is follows the engine's own accuracy. */

type Row = ArrayLike<number>;

/** Row i of (rows, columns). */
export function rowOf<A extends TypedArray>({ data, shape }: Tensor<A>, i: number): A {
  const width = shape[1] ?? 1;
  return data.subarray(i * width, (i + 1) * width) as A;
}

/** A single output says class 1 above this. */
function threshold(loss: LossKind): number {
  return loss === 'mse' ? 0.5 : 0;
}

/** The class of the largest output or, with one output, the side of the threshold; undefined where an output is not a number. */
export function predictedClass(outputs: Row, loss: LossKind): number | undefined {
  if (outputs.length === 1) {
    const value = outputs[0] as number;
    return Number.isNaN(value) ? undefined : Number(value > threshold(loss));
  }
  let best = 0;
  for (let k = 0; k < outputs.length; k++) {
    const value = outputs[k] as number;
    if (Number.isNaN(value)) return undefined;
    if (value > (outputs[best] as number)) best = k;
  }
  return best;
}

/**
 * How far the outputs are on the side of `label`: its output less the largest of the others (with one output, the way past
 * the threshold). Above 0 the prediction is right, below it is wrong.
 */
export function margin(outputs: Row, label: number, loss: LossKind): number {
  if (outputs.length === 1) {
    const past = (outputs[0] as number) - threshold(loss);
    return label === 1 ? past : -past;
  }
  let other = -Infinity;
  for (let k = 0; k < outputs.length; k++) {
    if (k !== label && !((outputs[k] as number) <= other)) other = outputs[k] as number;
  }
  return (outputs[label] as number) - other;
}

/**
 * How strongly each class is drawn: softmax of the outputs, or the logistic function of a single logit. Outputs fitted to 0
 * and 1 by mean squared error are clamped instead. Into `into`, whose length is the number of classes; all NaN if an output is.
 */
export function shares(outputs: Row, loss: LossKind, into: Float32Array): void {
  if (outputs.length === 1) {
    const value = outputs[0] as number;
    into[1] = loss === 'mse' ? clamp(value) : 1 / (1 + Math.exp(-value));
    into[0] = 1 - into[1];
    return;
  }
  let largest = -Infinity;
  for (let k = 0; k < into.length; k++) largest = Math.max(largest, outputs[k] as number);
  let sum = 0;
  for (let k = 0; k < into.length; k++) {
    const value = outputs[k] as number;
    const share = loss === 'mse' ? clamp(value) : value === largest ? 1 : Math.exp(value - largest);
    into[k] = share;
    sum += share;
  }
  for (let k = 0; k < into.length; k++) into[k] = sum === 0 ? 1 / into.length : (into[k] as number) / sum;
}

function clamp(value: number): number {
  return Number.isNaN(value) ? NaN : Math.min(1, Math.max(0, value));
}
