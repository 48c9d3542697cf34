import { backward, running, update } from './step-backward.ts';
import { draw, forward, loss, measure, normalise, scale } from './step-forward.ts';
import type { StepRecord } from './step-record.ts';
import { viewOf, type Stage } from './step-view.ts';

/** The pipeline of one mini-batch for one unit of the recorded block; formulas have one example’s numbers put in. */
export function stagesOf(record: StepRecord, unit: number, example: number): readonly Stage[] {
  const view = viewOf(record, unit, example);
  return [
    draw(view),
    forward(view),
    measure(view),
    normalise(view),
    scale(view),
    loss(view),
    backward(view),
    update(view),
    running(view),
  ];
}
