import type { Mode } from './vocabulary.ts';
import {
  decodeProperties,
  defaultsOf,
  encodeProperties,
  numberProblem,
  type ChoiceProperty,
  type Matrix,
  type NumberProperty,
  type Parsed,
  type PropertyList,
  type ValuesOf,
} from './properties.ts';
import { presetNames, presets, type PresetName } from './worked-example-presets.ts';

/** The state of the worked example: one plain value that is its link, its attributes, its export and its undo entry. */
export const WORKED_EXAMPLE_VERSION = 1;

export const MAX_EXAMPLES = 64;
export const MAX_FEATURES = 8;
/** Different batches in a row, and batches in all, that the running statistics may have seen. */
export const MAX_FED_RUNS = 24;
export const MAX_FED = 1000;

export const FORWARD_STEPS = 7;
export const BACKWARD_STEPS = 7;

const LARGE = 1e9;
const choice = <const T extends string>(
  label: string,
  choices: readonly [T, ...T[]],
  help?: string,
): ChoiceProperty<T> => ({
  kind: 'choice',
  label,
  choices,
  default: choices[0],
  ...(help !== undefined && { help }),
});
const number = (property: Omit<NumberProperty, 'kind'>): NumberProperty => ({ kind: 'number', ...property });
const index = (label: string, count: number): NumberProperty =>
  number({ label, default: 0, min: 0, max: count - 1, whole: true, step: 1 });
const matrix = {
  kind: 'matrix',
  min: -LARGE,
  max: LARGE,
  maxRows: MAX_EXAMPLES,
  maxColumns: MAX_FEATURES,
} as const;
const list = { kind: 'list', min: -1e6, max: 1e6, maxLength: MAX_FEATURES } as const;

export const workedExampleProperties = {
  /** A name for x, γ, β and ε together; what is given besides it wins. */
  preset: choice<PresetName>('Preset', ['worked', ...presetNames.filter((name) => name !== 'worked')]),
  x: {
    ...matrix,
    label: 'x',
    help: 'The activations: one row per example, one column per feature.',
    default: presets.worked.x,
  },
  gamma: { ...list, label: 'γ', help: 'The learned scale, one per feature.', default: [2] },
  beta: { ...list, label: 'β', help: 'The learned shift, one per feature.', default: [0.5] },
  eps: number({
    label: 'ε',
    help: 'Added to the variance, so that the division never fails.',
    default: 1e-5,
    min: 1e-12,
    max: 10,
    step: 0.25,
    scale: 'log',
  }),
  mode: choice<Mode>(
    'Mode',
    ['training', 'inference'],
    'Which statistics normalise: the batch’s own, or the running averages.',
  ),
  tab: choice('View', ['forward', 'backward', 'statistics']),
  step: index('Step of the forward walk', FORWARD_STEPS),
  back_step: index('Step of the backward walk', BACKWARD_STEPS),
  feature: index('Feature', MAX_FEATURES),
  example: index('Example', MAX_EXAMPLES),
  gradient: choice('Where dL/dy comes from', ['given', 'target']),
  dy: {
    ...matrix,
    min: -1e6,
    max: 1e6,
    label: 'dL/dy',
    help: 'How the loss changes with each output.',
    default: [] as Matrix,
  },
  target: {
    ...matrix,
    label: 't',
    help: 'What the outputs should have been; L = ½ Σ (y − t)².',
    default: [] as Matrix,
  },
  lr: number({
    label: 'Learning rate',
    help: 'The length of the SGD step.',
    default: 0.1,
    min: 0,
    max: 10,
    step: 0.01,
  }),
  momentum: number({
    label: 'Momentum',
    help: 'The weight of the newest batch (PyTorch’s meaning); Keras counts 1 minus this.',
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.01,
  }),
  stored: choice(
    'Stored variance',
    ['unbiased', 'biased'],
    'Divided by m − 1, as PyTorch stores it, or by m, as Keras does.',
  ),
  /** The batches fed to the running statistics, one row per run of equal ones: times, examples, means, biased variances. */
  fed: {
    kind: 'matrix',
    label: 'Batches fed',
    default: [] as Matrix,
    min: -LARGE,
    max: LARGE ** 2,
    maxRows: MAX_FED_RUNS,
    maxColumns: 2 + 2 * MAX_FEATURES,
  },
  /** Whose dL/dy the demonstration of batch-mates changes, and by how much. */
  mate: index('Example whose gradient changes', MAX_EXAMPLES),
  nudge: number({ label: 'Change of its dL/dy', default: 1, min: -1e6, max: 1e6, step: 0.1 }),
} satisfies PropertyList;

export type WorkedExample = Omit<ValuesOf<typeof workedExampleProperties>, 'preset'>;
export type Tab = WorkedExample['tab'];

const GRADIENTS = [1, -0.5, 0.25, 0.5];
const TARGETS = [-1, 0, 1, 1];

/** Not all ones: a constant dL/dy gives dx = 0, which is a lesson of its own but not the one to begin with. */
export function defaultGradient(row: number, column: number): number {
  return GRADIENTS[(row + column) % GRADIENTS.length] ?? 0;
}

export function defaultTarget(row: number, column: number): number {
  return TARGETS[(row + column) % TARGETS.length] ?? 0;
}

function like(x: Matrix, value: (row: number, column: number) => number): Matrix {
  return x.map((line, row) => line.map((_, column) => value(row, column)));
}

function repeat(value: number, count: number): readonly number[] {
  return Array.from({ length: count }, () => value);
}

export function exampleCount(state: WorkedExample): number {
  return state.x.length;
}

export function featureCount(state: WorkedExample): number {
  return state.x[0]?.length ?? 0;
}

export function fedCount(state: WorkedExample): number {
  return state.fed.reduce((sum, run) => sum + (run[0] ?? 0), 0);
}

/** The preset's numbers on a fresh figure. */
export function presetState(name: PresetName): WorkedExample {
  const { x, gamma, beta, eps } = presets[name];
  const { preset: _, ...rest } = defaultsOf(workedExampleProperties);
  const features = x[0]?.length ?? 0;
  return {
    ...rest,
    x,
    gamma: repeat(gamma, features),
    beta: repeat(beta, features),
    eps,
    dy: like(x, defaultGradient),
    target: like(x, defaultTarget),
  };
}

export const defaultWorkedExample: WorkedExample = presetState('worked');

/** Equal as values; both come from the same property list, so their texts can be compared. */
function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function sameWorkedExample(a: WorkedExample, b: WorkedExample): boolean {
  return sameText(a, b);
}

/** The preset whose batch this is, whatever γ, β and ε are. */
export function presetOf(state: WorkedExample): PresetName | undefined {
  return presetNames.find((name) => sameText(presets[name].x, state.x));
}

/** Only what differs from its default, so that links stay short. */
export function encodeWorkedExample(state: WorkedExample): string {
  const preset = presetOf(state);
  const base = presetState(preset ?? 'worked');
  const shaped = preset === undefined ? fit({ ...base, x: state.x }) : base;
  const changed = Object.fromEntries(
    Object.entries(state).filter(([name, value]) => !sameText(value, shaped[name as keyof WorkedExample])),
  ) as Partial<WorkedExample>;
  return encodeProperties(workedExampleProperties, WORKED_EXAMPLE_VERSION, {
    ...changed,
    ...(preset === undefined ? { x: state.x } : preset !== 'worked' && { preset }),
  });
}

/** Whatever belongs to x made anew in its shape. */
function fit(state: WorkedExample): WorkedExample {
  const features = featureCount(state);
  return {
    ...state,
    gamma: repeat(state.gamma[0] ?? 1, features),
    beta: repeat(state.beta[0] ?? 0, features),
    dy: like(state.x, defaultGradient),
    target: like(state.x, defaultTarget),
  };
}

export function decodeWorkedExample(text: string): Parsed<WorkedExample> {
  const decoded = decodeProperties(workedExampleProperties, WORKED_EXAMPLE_VERSION, text);
  return decoded.problem === undefined ? workedExampleOf(decoded.value) : decoded;
}

/** A whole state from some of its entries (a link's, or an element's attributes), or what is wrong with them. */
export function workedExampleOf({
  preset,
  ...given
}: Partial<ValuesOf<typeof workedExampleProperties>>): Parsed<WorkedExample> {
  const base = presetState(preset ?? 'worked');
  const shaped = given.x ? fit({ ...base, x: given.x }) : base;
  const features = featureCount(shaped);
  const broadcast = (values: readonly number[] | undefined): readonly number[] | undefined =>
    values?.length === 1 ? repeat(values[0] ?? 0, features) : values;
  const { gamma, beta, ...others } = given;
  const state: WorkedExample = {
    ...shaped,
    ...others,
    gamma: broadcast(gamma) ?? shaped.gamma,
    beta: broadcast(beta) ?? shaped.beta,
  };
  const problem = shapeProblem(state);
  return problem === undefined ? { value: state } : { problem };
}

/** What the property list cannot say by itself: the parts must fit together. */
function shapeProblem(state: WorkedExample): string | undefined {
  const examples = exampleCount(state);
  const features = featureCount(state);
  for (const name of ['gamma', 'beta'] as const) {
    if (state[name].length !== features) {
      return `${name}: expected ${features === 1 ? '1 number' : `${features} numbers`}, one per feature, got ${state[name].length}`;
    }
  }
  for (const name of ['dy', 'target'] as const) {
    const rows = state[name].length;
    const columns = state[name][0]?.length ?? 0;
    if (rows !== examples || columns !== features) {
      return `${name}: expected ${examples} × ${features} numbers like x, got ${rows} × ${columns}`;
    }
  }
  for (const [name, count] of [
    ['feature', features],
    ['example', examples],
    ['mate', examples],
  ] as const) {
    const wrong = numberProblem({ min: 0, max: count - 1, whole: true }, state[name]);
    if (wrong !== undefined) return `${name}: ${wrong}`;
  }
  return fedProblem(state.fed, features);
}

function firstProblem(values: readonly number[], min: number, max: number): string | undefined {
  return values.map((value) => numberProblem({ min, max }, value)).find((problem) => problem !== undefined);
}

function fedProblem(fed: Matrix, features: number): string | undefined {
  let total = 0;
  for (const [row, run] of fed.entries()) {
    const at = `fed: row ${row + 1}`;
    if (run.length !== 2 + 2 * features)
      return `${at}: expected ${2 + 2 * features} numbers, got ${run.length}`;
    const [times = 0, count = 0] = run;
    const wrong =
      numberProblem({ min: 1, max: MAX_FED, whole: true }, times) ??
      numberProblem({ min: 1, max: MAX_EXAMPLES, whole: true }, count) ??
      firstProblem(run.slice(2, 2 + features), -LARGE, LARGE) ??
      firstProblem(run.slice(2 + features), 0, LARGE ** 2);
    if (wrong !== undefined) return `${at}: ${wrong}`;
    total += times;
  }
  if (total > MAX_FED) return `fed: expected at most ${MAX_FED} batches, got ${total}`;
  return undefined;
}
