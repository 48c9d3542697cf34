import { EngineError } from '../protocol/engine-error.ts';
import type { Experiment } from '../protocol/experiment.ts';
import type { LabRun, LabWatch } from '../protocol/lab-session.ts';
import type { OperationName } from '../protocol/operations.ts';

/** Refuses what a session itself could not work with; the engine checks what it is given. */
export function checkWatch({ every = 1, limit = 1, map, examples = 2 }: LabWatch): void {
  whole('watch.every', every, 1, 1e6);
  whole('watch.limit', limit, 1, 1e6);
  whole('watch.examples', examples, 2, 1000);
  if (!map) return;
  whole('watch.map.resolution', map.resolution, 2, 256);
  const [x0, x1, y0, y1] = map.range;
  const order = 'x from, x to, y from, y to, in rising order';
  expect('watch.map.range', order, map.range, x0 < x1 && y0 <= y1);
}

export function checkRun({ speed = 1, steps = 1, loss = 0 }: LabRun): void {
  expect('run.speed', 'steps per second, more than 0', speed, speed > 0);
  whole('run.steps', steps, 1, Number.MAX_SAFE_INTEGER);
  expect('run.loss', 'a loss', loss, Number.isFinite(loss));
}

/** What arms are made of for good. */
export function checkUnchanged(index: number, now: Experiment, next: Experiment): void {
  const fixed = (e: Experiment): Record<string, unknown> => ({
    dtype: e.dtype ?? 'float32',
    seeds: { data: 1, init: 1, order: 1, ...e.seeds },
    'model.inputs': e.model.inputs,
    'model.input_shape': e.model.input_shape,
    loss: e.loss,
  });
  const [before, after] = [fixed(now), fixed(next)];
  const name = Object.keys(before).find((key) => !same(before[key], after[key]));
  if (name === undefined) return;
  throw new EngineError({
    argument: `arms.${index}.${name}`,
    expected: `${JSON.stringify(before[name])}, as it started`,
    actual: JSON.stringify(after[name]),
    hint: 'This needs a new start.',
  });
}

/** Operations on an arm's model that change nothing, and those that change its tensors but not where it stands. */
const LOOKING = /^model_(names|get|gradient|evaluate|score|batch|record|observe|statistics)$/;
const SETTING = /^model_(set|recalibrate)$/;

/** Whether the operation changes the model's tensors. Refuses those that would part the arms. */
export function checkCall(operation: OperationName): boolean {
  const setting = SETTING.test(operation);
  if (setting || LOOKING.test(operation)) return setting;
  throw new EngineError({
    argument: 'operation',
    expected: 'one that leaves training to the session',
    actual: operation,
  });
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function whole(argument: string, value: number, least: number, most: number): void {
  const expected = `a whole number from ${least} to ${most}`;
  expect(argument, expected, value, Number.isInteger(value) && value >= least && value <= most);
}

function expect(argument: string, expected: string, value: unknown, right: boolean): void {
  if (!right) throw new EngineError({ argument, expected, actual: JSON.stringify(value) ?? String(value) });
}
