import type { Tensor } from '../../protocol/tensor.ts';
import { MODES } from './trace-lines.ts';
import type { Mode } from '../../protocol/vocabulary.ts';

/** Row, the class; column, the prediction. */
export type Confusion = Record<Mode, Tensor<Int32Array>>;

/** How many of all examples lie on the diagonal. */
export function rightOf({ data, shape }: Tensor<Int32Array>): { right: number; count: number } {
  const classes = shape[0] ?? 0;
  let [right, count] = [0, 0];
  data.forEach((value, i) => {
    count += value;
    if (Math.floor(i / classes) === i % classes) right += value;
  });
  return { right, count };
}

/** The share of a row, for shading: of the examples of one class, how many got this prediction. */
export function rowShare({ data, shape }: Tensor<Int32Array>, row: number, column: number): number {
  const classes = shape[0] ?? 0;
  const values = data.subarray(row * classes, (row + 1) * classes);
  const sum = values.reduce((all, value) => all + value, 0);
  return sum === 0 ? 0 : (values[column] as number) / sum;
}

/** The class most often taken for another one; undefined where none is. */
export function worstMistake({
  data,
  shape,
}: Tensor<Int32Array>): { row: number; column: number; count: number } | undefined {
  const classes = shape[0] ?? 0;
  let worst: { row: number; column: number; count: number } | undefined;
  data.forEach((count, i) => {
    const [row, column] = [Math.floor(i / classes), i % classes];
    if (row !== column && count > (worst?.count ?? 0)) worst = { row, column, count };
  });
  return worst;
}

/** How many are right in each mode, and what goes wrong most often. */
export function sayConfusion(arm: string, confusion: Confusion, name: (label: number) => string): string {
  const [training, inference] = [rightOf(confusion.training), rightOf(confusion.inference)];
  const right =
    training.right === inference.right
      ? `${arm} gets ${inference.right} of ${inference.count} test examples right in both modes.`
      : `${arm} gets ${inference.right} of ${inference.count} test examples right in inference mode and ${training.right}${
          training.count === inference.count ? '' : ` of ${training.count}`
        } in training mode.`;
  const worst = worstMistake(confusion.inference);
  const wrong = worst
    ? ` In ${MODES.inference} its most frequent mistake is ${name(worst.column)} for ${name(worst.row)}: ${worst.count} of them.`
    : '';
  return right + wrong;
}
