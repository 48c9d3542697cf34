import {
  defaultGradient,
  defaultTarget,
  exampleCount,
  featureCount,
  fedCount,
  MAX_EXAMPLES,
  MAX_FEATURES,
  MAX_FED,
  MAX_FED_RUNS,
  presetState,
  workedExampleProperties,
  type WorkedExample,
} from '../../protocol/worked-example.ts';
import { numberProblem, type Matrix, type Parsed } from '../../protocol/properties.ts';
import type { PresetName } from '../../protocol/worked-example-presets.ts';

/** Every way to change the figure's state, each a function from one state to the next. */
export type Edit = (state: WorkedExample) => WorkedExample;
export type MatrixName = 'x' | 'dy' | 'target';
export type VectorName = 'gamma' | 'beta';
export type NumberName = 'eps' | 'lr' | 'momentum' | 'nudge';

function withItem<T>(items: readonly T[], index: number, value: T): readonly T[] {
  return items.map((item, at) => (at === index ? value : item));
}

function without<T>(items: readonly T[], index: number): readonly T[] {
  return items.filter((_, at) => at !== index);
}

export function setCell(name: MatrixName, row: number, column: number, value: number): Edit {
  return (state) => ({
    ...state,
    [name]: withItem(state[name], row, withItem(state[name][row] ?? [], column, value)),
  });
}

export function setVector(name: VectorName, feature: number, value: number): Edit {
  return (state) => ({ ...state, [name]: withItem(state[name], feature, value) });
}

export function setNumber(name: NumberName, value: number): Edit {
  return (state) => ({ ...state, [name]: value });
}

export function setChoice(
  patch: Partial<Pick<WorkedExample, 'mode' | 'gradient' | 'stored' | 'mate'>>,
): Edit {
  return (state) => ({ ...state, ...patch });
}

/** The next number of a run such as 2, 4, 6, 8; the same step again. */
function continued(values: readonly number[]): number {
  const last = values.at(-1) ?? 0;
  const step = values.length > 1 ? last - (values.at(-2) ?? 0) : 2;
  const next = Number((last + step).toPrecision(10));
  return numberProblem(workedExampleProperties.x, next) === undefined ? next : last;
}

export function addExample(): Edit {
  return (state) => {
    const row = exampleCount(state);
    if (row >= MAX_EXAMPLES) return state;
    const columns = (state.x[0] ?? []).map((_, column) => state.x.map((line) => line[column] ?? 0));
    return {
      ...state,
      x: [...state.x, columns.map(continued)],
      dy: [...state.dy, columns.map((_, column) => defaultGradient(row, column))],
      target: [...state.target, columns.map((_, column) => defaultTarget(row, column))],
      example: row,
    };
  };
}

export function removeExample(row: number): Edit {
  return (state) => {
    const left = exampleCount(state) - 1;
    if (left < 1) return state;
    return {
      ...state,
      x: without(state.x, row),
      dy: without(state.dy, row),
      target: without(state.target, row),
      example: Math.min(state.example, left - 1),
      mate: Math.min(state.mate, left - 1),
    };
  };
}

const NEW_FEATURE = [30, 10, 50, 20];

/** A layer with another number of features is another layer: its running statistics start again. */
export function addFeature(): Edit {
  return (state) => {
    const column = featureCount(state);
    if (column >= MAX_FEATURES) return state;
    const add = (matrix: Matrix, value: (row: number) => number) =>
      matrix.map((line, row) => [...line, value(row)]);
    return {
      ...state,
      x: add(state.x, (row) => NEW_FEATURE[(row + column) % NEW_FEATURE.length] ?? 0),
      gamma: [...state.gamma, 1],
      beta: [...state.beta, 0],
      dy: add(state.dy, (row) => defaultGradient(row, column)),
      target: add(state.target, (row) => defaultTarget(row, column)),
      fed: [],
      feature: column,
    };
  };
}

export function removeFeature(column: number): Edit {
  return (state) => {
    const left = featureCount(state) - 1;
    if (left < 1) return state;
    const drop = (matrix: Matrix) => matrix.map((line) => without(line, column));
    return {
      ...state,
      x: drop(state.x),
      gamma: without(state.gamma, column),
      beta: without(state.beta, column),
      dy: drop(state.dy),
      target: drop(state.target),
      fed: [],
      feature: Math.min(state.feature, left - 1),
    };
  };
}

/** A preset replaces the numbers; where the reader stands, and the learning rate and the like, stay. */
export function applyPreset(name: PresetName): Edit {
  return (state) => {
    const { x, gamma, beta, eps, dy, target } = presetState(name);
    return { ...state, x, gamma, beta, eps, dy, target, fed: [], feature: 0, example: 0, mate: 0 };
  };
}

/** Puts a block of numbers into x (or dy or the target) as a spreadsheet would, growing x where it must. */
export function pasteAt(
  state: WorkedExample,
  name: MatrixName,
  row: number,
  column: number,
  block: Matrix,
): Parsed<WorkedExample> {
  const rows = Math.max(exampleCount(state), row + block.length);
  const columns = Math.max(featureCount(state), column + (block[0]?.length ?? 0));
  const grows = rows > exampleCount(state) || columns > featureCount(state);
  const problem =
    name !== 'x' && grows
      ? `there is no room: expected at most ${exampleCount(state) - row} × ${featureCount(state) - column} numbers here`
      : tooLarge(rows, columns);
  if (problem !== undefined) return { problem: `Nothing was changed: ${problem}.` };
  const at = (r: number, c: number) => block[r - row]?.[c - column] ?? state[name][r]?.[c];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const value = at(r, c);
      if (value === undefined) {
        return {
          problem: `Nothing was changed: example ${r + 1} would have no value for feature ${c + 1}. A new feature needs a number for every example, a new example one for every feature; to replace the whole batch, use the box under “Edit the batch”.`,
        };
      }
      const wrong = numberProblem(workedExampleProperties[name], value);
      if (wrong !== undefined)
        return { problem: `Nothing was changed: row ${r - row + 1}, column ${c - column + 1}: ${wrong}.` };
    }
  }
  const filled = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (__, c) => at(r, c) ?? 0),
  );
  return { value: name === 'x' ? withBatch(state, filled) : { ...state, [name]: filled } };
}

function tooLarge(rows: number, columns: number): string | undefined {
  if (rows > MAX_EXAMPLES) return `expected at most ${MAX_EXAMPLES} examples (rows), got ${rows}`;
  if (columns > MAX_FEATURES) return `expected at most ${MAX_FEATURES} features (columns), got ${columns}`;
  return undefined;
}

/** The whole batch replaced: what belongs to an example or a feature that stays is kept. */
export function replaceBatch(state: WorkedExample, x: Matrix): Parsed<WorkedExample> {
  const problem = tooLarge(x.length, x[0]?.length ?? 0);
  if (problem !== undefined) return { problem: `Nothing was changed: ${problem}.` };
  for (const [row, line] of x.entries()) {
    for (const [column, value] of line.entries()) {
      const wrong = numberProblem(workedExampleProperties.x, value);
      if (wrong !== undefined)
        return { problem: `Nothing was changed: row ${row + 1}, column ${column + 1}: ${wrong}.` };
    }
  }
  return { value: withBatch(state, x) };
}

function withBatch(state: WorkedExample, x: Matrix): WorkedExample {
  const columns = x[0]?.length ?? 0;
  const kept = (matrix: Matrix, value: (row: number, column: number) => number) =>
    x.map((line, row) => line.map((_, column) => matrix[row]?.[column] ?? value(row, column)));
  const padded = (values: readonly number[], value: number) =>
    Array.from({ length: columns }, (_, column) => values[column] ?? value);
  return {
    ...state,
    x,
    gamma: padded(state.gamma, 1),
    beta: padded(state.beta, 0),
    dy: kept(state.dy, defaultGradient),
    target: kept(state.target, defaultTarget),
    fed: columns === featureCount(state) ? state.fed : [],
    feature: Math.min(state.feature, columns - 1),
    example: Math.min(state.example, x.length - 1),
    mate: Math.min(state.mate, x.length - 1),
  };
}

/** One dL/dy for every cell: ones, a single example, or given values such as x̂. */
export function setGradient(value: (row: number, column: number) => number): Edit {
  return (state) => ({
    ...state,
    gradient: 'given',
    dy: state.dy.map((line, row) => line.map((_, column) => Number(value(row, column).toPrecision(12)))),
  });
}

/** The learned γ and β after an SGD step; as many digits as a link carries. */
export function applySgd(gamma: readonly number[], beta: readonly number[]): Edit {
  const clamp = (value: number) => Math.max(-1e6, Math.min(1e6, Number(value.toPrecision(12))));
  return (state) => ({ ...state, gamma: gamma.map(clamp), beta: beta.map(clamp) });
}

/** Why the batch cannot be fed to the running statistics now, or undefined. */
export function feedProblem(state: WorkedExample, times: number): string | undefined {
  if (exampleCount(state) === 1 && state.stored === 'unbiased') {
    return 'One example has no unbiased variance (it would divide by m − 1 = 0). PyTorch refuses such a batch; add an example, or store the biased variance.';
  }
  if (fedCount(state) + times > MAX_FED)
    return `${MAX_FED} batches are as many as this figure keeps. Reset the running statistics to go on.`;
  if (state.fed.length >= MAX_FED_RUNS)
    return `${MAX_FED_RUNS} different batches are as many as this figure keeps. Reset the running statistics to go on.`;
  return undefined;
}

/** Feeds a batch, by its statistics, to the running averages; the same batch again lengthens its run. */
export function feed(times: number, mean: readonly number[], variance: readonly number[]): Edit {
  return (state) => {
    const digits = (value: number) => Number(value.toPrecision(12));
    const run = [exampleCount(state), ...mean.map(digits), ...variance.map(digits)];
    const last = state.fed.at(-1);
    const again = last !== undefined && last.slice(1).join() === run.join();
    const fed = again
      ? [...state.fed.slice(0, -1), [(last[0] ?? 0) + times, ...run]]
      : [...state.fed, [times, ...run]];
    return { ...state, fed };
  };
}

export function resetRunning(): Edit {
  return (state) => ({ ...state, fed: [] });
}
