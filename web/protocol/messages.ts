import type { LabJob, LabJobResult, LabOpened, LabRequest } from './lab-session.ts';
import type { ArgsOf, OperationName, ResultOf } from './operations.ts';

/** An error as data: what a worker can send and what `EngineError` is made from. */
export interface ErrorData {
  name: string;
  message: string;
  /** Which argument is wrong, as a path: `gamma`, `experiment.model.layers.0.units`. Empty if no single one is. */
  argument?: string;
  expected?: string;
  actual?: string;
  hint?: string;
  stack?: string;
}

/** Page → worker. Each is answered by a reply with its id; what has no id is not answered. */
export type Request =
  | { kind: 'start'; id: number; wasm: ArrayBuffer | WebAssembly.Module }
  | { [K in OperationName]: { kind: 'call'; id: number; operation: K; args: ArgsOf<K> } }[OperationName]
  /** A call, and how long the engine took for it. */
  | { [K in OperationName]: { kind: 'timed_call'; id: number; operation: K; args: ArgsOf<K> } }[OperationName]
  /** Given examples, for the sessions and jobs from now on whose data say 'given' and come without. */
  | { kind: 'examples'; examples: Pick<ArgsOf<'data_create'>, 'x' | 'y'> }
  | LabRequest
  | { kind: 'job'; id: number; job: LabJob }
  /** Ends a job before its time; `job` is the id of its request, which then fails. */
  | { kind: 'job_cancel'; job: number };

/** Worker → page; `id` is the request's. */
export type Reply =
  | {
      kind: 'done';
      id: number;
      result: ResultOf<OperationName> | Timed<ResultOf<OperationName>> | LabOpened | LabJobResult | null;
    }
  | { kind: 'failed'; id: number; error: ErrorData };

export interface Timed<R> {
  result: R;
  /** By the clock of the thread that computed it, which browsers keep coarse. */
  milliseconds: number;
}
