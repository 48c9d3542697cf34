import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { judgeStudy, runStudy, sharedStudyPool, type StudyPool } from '../../client/studies.ts';
import type { StudyRecord, StudyVerdict } from '../../protocol/studies.ts';
import type { StudyOutcome } from './outcome.ts';
import { sentenceOf } from '../sentence-of.ts';

/** Results are shown this often while they come, milliseconds. */
const PAUSE = 100;

export type RunEnd = 'done' | 'cancelled' | 'failed';

/** Runs a study over seeds 0, 1, 2, … for an element, and judges what came out; one run at a time. */
export class StudyRunner implements ReactiveController {
  /** What is on show; undefined before the first run. */
  outcome: StudyOutcome | undefined;
  /** Of the outcome's records, once the run has ended; empty before. */
  verdicts: readonly StudyVerdict[] = [];
  running = false;
  /** How many seeds have run, of how many. */
  done = 0;
  total = 0;
  /** One sentence, where the engine refused or could not be had. */
  failure: string | undefined;

  readonly #host: ReactiveControllerHost;
  #abort: AbortController | undefined;

  constructor(
    host: ReactiveControllerHost,
    readonly pool: () => StudyPool = sharedStudyPool,
    /** What to wait for before each seed, if anything. */
    readonly ready: () => Promise<void> | undefined = () => undefined,
  ) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  cancel(): void {
    this.#abort?.abort();
  }

  async run({ study, setting }: Omit<StudyOutcome, 'records'>, seeds: number): Promise<RunEnd> {
    this.cancel();
    const abort = new AbortController();
    const { signal } = abort;
    this.#abort = abort;
    Object.assign(this, { verdicts: [], running: true, done: 0, total: seeds, failure: undefined });
    const records: StudyRecord[] = [];
    let shown = 0;
    const show = () => {
      shown = performance.now();
      this.outcome = { study, setting, records: records.toSorted((a, b) => a.seed - b.seed) };
      this.#host.requestUpdate();
    };
    show();
    let end: RunEnd = 'done';
    try {
      const onRecord = (record: StudyRecord) => {
        if (signal.aborted) return;
        records.push(record);
        this.done = records.length;
        if (performance.now() - shown > PAUSE) show();
      };
      const all = Array.from({ length: seeds }, (_, seed) => seed);
      await runStudy(study, { setting, seeds: all, signal, onRecord, ready: this.ready }, this.pool());
    } catch (error) {
      end = signal.aborted ? 'cancelled' : 'failed';
      if (end === 'failed' && this.#abort === abort) this.failure = sentenceOf(error);
    }
    try {
      // What ran before it was cancelled counts too, unless another run has begun.
      if (this.#abort === abort) {
        const verdicts = await judgeStudy(study, records, this.pool());
        if (this.#abort === abort) this.verdicts = verdicts;
      }
    } catch (error) {
      end = 'failed';
      this.failure ??= sentenceOf(error);
    }
    if (this.#abort === abort) {
      this.running = false;
      show();
    }
    return end;
  }
}
