import { featureCount, fedCount, type WorkedExample } from '../../protocol/worked-example.ts';
import type { ArgsOf, FigureOperation, ResultOf } from '../../protocol/operations.ts';
import { tensor, type Tensor } from '../../protocol/tensor.ts';
import type { Matrix } from '../../protocol/properties.ts';

/** What the figure needs of the engine: `sharedClient()` is one, and a test may bring another. */
export interface EngineCall {
  call<K extends FigureOperation>(operation: K, args: ArgsOf<K>): Promise<ResultOf<K>>;
}

export type Walk = ResultOf<'batch_norm_walk'>;
export type Description = ResultOf<'describe'>;

/** Every number the figure shows for one state; all of them computed by the engine. */
export interface Numbers {
  state: WorkedExample;
  /** Through the batch's own statistics, and through the running ones. */
  training: Walk;
  inference: Walk;
  /** The one of the two the chosen mode is about. */
  walk: Walk;
  /** Of x, x̂ and y of that walk. */
  described: { x: Description; xhat: Description; y: Description };
  /** Running statistics after each batch fed, in PyTorch's and in Keras's terms; `batch`: what each batch itself gave. */
  running: Record<'pytorch' | 'keras' | 'batch', ResultOf<'running_statistics'>>;
  /** With dL/dy of one example changed: everything after, and the effect of that change alone. */
  nudged: { after: Walk; change: Walk };
}

function matrixTensor(rows: Matrix): Tensor<Float64Array> {
  return tensor(Float64Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);
}

async function running(
  engine: EngineCall,
  state: WorkedExample,
  convention: 'pytorch' | 'keras',
  momentum: number,
): Promise<ResultOf<'running_statistics'>> {
  const args = runningArgs(state);
  if (hasFed(state)) return engine.call('running_statistics', { ...args, convention, momentum });
  // Before the first batch there is nothing to compute: the running statistics are where they start.
  const start = (values: Float64Array) => tensor(values, [1, values.length]);
  return {
    running_mean: start(args.initial_mean),
    running_var: start(args.initial_var),
    running_momentum: state.momentum,
  };
}

function runningArgs(state: WorkedExample) {
  const features = featureCount(state);
  const each = state.fed.flatMap((run) => Array.from({ length: run[0] ?? 0 }, () => run));
  const part = (from: number) =>
    tensor(Float64Array.from(each.flatMap((run) => run.slice(from, from + features))), [
      each.length,
      features,
    ]);
  return {
    mean: part(2),
    var: part(2 + features),
    count: Float64Array.from(each.map((run) => run[1] ?? 0)),
    initial_mean: new Float64Array(features).fill(0),
    initial_var: new Float64Array(features).fill(1),
    stored_variance: state.stored,
  };
}

/** The last row of a (K+1, C) history. */
export function lastRow(history: Tensor<Float64Array>): Float64Array {
  return history.data.slice(-(history.shape[1] ?? 0));
}

export async function computeNumbers(engine: EngineCall, state: WorkedExample): Promise<Numbers> {
  const [pytorch, keras, batch] = await Promise.all([
    running(engine, state, 'pytorch', state.momentum),
    running(engine, state, 'keras', kerasMomentum(state.momentum)),
    running(engine, state, 'pytorch', 1),
  ]);
  const common = {
    x: matrixTensor(state.x),
    gamma: Float64Array.from(state.gamma),
    beta: Float64Array.from(state.beta),
    eps: state.eps,
    running_mean: lastRow(pytorch.running_mean),
    running_var: lastRow(pytorch.running_var),
    lr: state.lr,
  };
  const loss =
    state.gradient === 'given' ? { dy: matrixTensor(state.dy) } : { target: matrixTensor(state.target) };
  const [training, inference] = await Promise.all([
    engine.call('batch_norm_walk', { ...common, ...loss, mode: 'training' }),
    engine.call('batch_norm_walk', { ...common, ...loss, mode: 'inference' }),
  ]);
  const walk = state.mode === 'training' ? training : inference;
  const dy = Float64Array.from(walk.dy.data);
  const change = new Float64Array(dy.length);
  const cell = state.mate * featureCount(state) + state.feature;
  change[cell] = state.nudge;
  dy[cell] = (dy[cell] ?? 0) + state.nudge;
  const again = (gradient: Float64Array) =>
    engine.call('batch_norm_walk', { ...common, dy: tensor(gradient, common.x.shape), mode: state.mode });
  const [x, xhat, y, after, changed] = await Promise.all([
    engine.call('describe', { x: common.x }),
    engine.call('describe', { x: walk.xhat }),
    engine.call('describe', { x: walk.y }),
    again(dy),
    again(change),
  ]);
  return {
    state,
    training,
    inference,
    walk,
    described: { x, xhat, y },
    running: { pytorch, keras, batch },
    nudged: { after, change: changed },
  };
}

/** The same update counted from the other side: the weight of what is kept. */
export function kerasMomentum(momentum: number): number {
  return Number((1 - momentum).toPrecision(12));
}

/** One feature's column of a (m, C) result. */
export function columnOf({ shape, data }: Tensor<Float64Array>, feature: number): number[] {
  const [rows = 0, columns = 0] = shape;
  return Array.from({ length: rows }, (_, row) => data[row * columns + feature] ?? NaN);
}

/** One feature's number of a (C) result. */
export function numberOf({ data }: Tensor<Float64Array>, feature: number): number {
  return data[feature] ?? NaN;
}

export function hasFed(state: WorkedExample): boolean {
  return fedCount(state) > 0;
}
