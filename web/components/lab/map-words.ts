import { differingPlaces, type Regions } from '../../charts/decision-map.ts';
import { predictedClass, rowOf } from '../../charts/predictions.ts';
import type { LabFrame } from '../../protocol/lab-session.ts';
import type { LossKind } from '../../protocol/vocabulary.ts';
import { armName, formatShare } from './words.ts';

/** What the maps of one model show, in both modes. */
export interface ModePair {
  arm: number;
  training: Regions;
  inference: Regions;
}

/** In how much of the picture the mode decides what is predicted. */
export function sayRegions(pairs: readonly ModePair[], frame: LabFrame | undefined): string {
  return pairs
    .map(({ arm, training, inference }) => {
      const share = differingPlaces(training, inference) / training.resolution ** 2;
      const classes = new Set(saidClasses(inference));
      const said =
        share === 0
          ? `${armName(arm)} predicts the same in both modes everywhere`
          : `${armName(arm)} predicts another class in training mode than in inference mode in ${formatShare(share)} of the picture`;
      const only = classes.size === 1 ? `, and in inference mode one class only` : '';
      return `${said}${only}.${sayFrozen(arm, frame)}`;
    })
    .join(' ');
}

/** A model that diverged stays as it was before the step that failed. */
export function sayFrozen(arm: number, frame: LabFrame | undefined): string {
  const step = frame?.arms[arm]?.divergence?.step;
  return step === undefined ? '' : ` It diverged at step ${step}; its picture is the one before.`;
}

function saidClasses({ outputs, loss }: Regions): (number | undefined)[] {
  return Array.from({ length: outputs.shape[0] ?? 0 }, (_, cell) =>
    predictedClass(rowOf(outputs, cell), loss),
  );
}

/** Classes at evenly chosen cells, the upper row first: what the picture shows, as a table can hold it. */
export function coarse(
  { outputs, resolution }: Regions,
  count: number,
): { columns: readonly number[]; rows: readonly number[]; at(row: number, column: number): Float32Array } {
  const cells = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) / count) * resolution));
  return {
    columns: cells,
    rows: cells.toReversed(),
    at: (row, column) => rowOf(outputs, row * resolution + column),
  };
}

export function labelAt(outputs: Float32Array, loss: LossKind): string {
  const label = predictedClass(outputs, loss);
  return label === undefined ? 'not a number' : String(label);
}
