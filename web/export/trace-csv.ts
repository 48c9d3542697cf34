import type { LabModes, LabPoint } from '../protocol/lab-session.ts';

const SETS = ['batch', 'train', 'test'] as const;
const MODES = ['training', 'inference'] as const;
const SCORES = ['loss', 'accuracy'] as const;

/**
 * The trace of the arms, every number in full: a row per point, `batch_training_loss` to `test_inference_accuracy`.
 * `batch_loss` is the mean of the losses training itself saw since the last row. A set that was not looked at leaves
 * its cells empty; a number that is not finite stands there as NaN or Infinity, as pandas and R read it.
 */
export function traceCsv(trace: readonly (readonly LabPoint[])[]): string {
  const scores = SETS.flatMap((set) =>
    MODES.flatMap((mode) => SCORES.map((score) => `${set}_${mode}_${score}`)),
  );
  const rows = trace.flatMap((points, arm) =>
    points.map((point) =>
      [
        'AB'[arm],
        point.step,
        point.epoch,
        point.step === 0 ? '' : point.batchLoss,
        ...SETS.flatMap((set) => cells(point[set])),
      ].join(','),
    ),
  );
  return `${[['arm', 'step', 'epoch', 'batch_loss', ...scores].join(','), ...rows].join('\n')}\n`;
}

function cells(modes: LabModes | undefined): (number | string)[] {
  return MODES.flatMap((mode) => SCORES.map((score) => modes?.[mode][score] ?? ''));
}
