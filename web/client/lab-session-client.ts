import { EngineError } from '../protocol/engine-error.ts';
import type { Experiment } from '../protocol/experiment.ts';
import type {
  LabEvent,
  LabFrame,
  LabOpened,
  LabPoint,
  LabRequest,
  LabRun,
  LabSetup,
  LabWatch,
} from '../protocol/lab-session.ts';
import { Trace } from '../protocol/lab-trace.ts';
import type { ArgsOf, OperationName, ResultOf } from '../protocol/operations.ts';
import { Connection, type ConnectionOptions, type Question } from './connection.ts';
import { Examples } from './examples.ts';
import type { Lab } from './lab.ts';

export interface LabOptions extends ConnectionOptions {
  /** When the page is next drawn; default requestAnimationFrame. */
  nextFrame?: (callback: () => void) => void;
}

/** A Lab with an engine of its own, so that other figures do not wait for training. Rejects where no engine can be had. */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  const lab = new LabClient(options);
  await lab.connect();
  return lab;
}

type InSession = Exclude<LabRequest, { kind: 'lab_open' | 'lab_taken' | 'lab_close' }>;
type Asked = InSession extends infer R ? (R extends InSession ? Omit<R, 'id' | 'session'> : never) : never;

interface Session {
  number: number;
  setup: LabSetup;
  opened: LabOpened;
  frame: LabFrame;
  traces: readonly Trace[];
  running: boolean;
}

class LabClient extends EventTarget implements Lab {
  readonly #options: LabOptions;
  readonly #nextFrame: (callback: () => void) => void;
  #connection: Promise<Connection> | undefined;
  #connected: Connection | undefined;
  #session: Session | undefined;
  readonly #examples = new Examples();
  #watch: LabWatch = {};
  #lastSession = 0;
  #opening = 0;
  #failure: string | undefined;
  #status: Lab['status'] = 'empty';
  #closed = false;

  constructor(options: LabOptions) {
    super();
    this.#options = options;
    this.#nextFrame = options.nextFrame ?? ((callback) => void requestAnimationFrame(callback));
  }

  get status(): Lab['status'] {
    return this.#status;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get setup(): LabSetup | undefined {
    return this.#session?.setup;
  }

  get opened(): LabOpened | undefined {
    return this.#session?.opened;
  }

  get frame(): LabFrame | undefined {
    return this.#session?.frame;
  }

  get trace(): readonly (readonly LabPoint[])[] {
    return this.#session?.traces.map(({ points }) => points) ?? [];
  }

  async connect(): Promise<Connection> {
    if (this.#closed) throw new EngineError({ message: 'The Lab was closed.' });
    this.#connection ??= Connection.open(this.#options, {
      event: (event) => this.#hear(event),
      died: (message) => this.#fail(message),
    });
    try {
      const connection = await this.#connection;
      if (this.#closed) connection.close();
      return (this.#connected = connection);
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }

  async open(setup: LabSetup): Promise<LabOpened> {
    this.#opening++;
    this.#tellStatus();
    const number = ++this.#lastSession;
    try {
      const connection = await this.connect();
      const watch = this.#watch;
      const rest = this.#examples.send(connection, setup);
      const question: Question = { kind: 'lab_open', session: number, setup: rest, watch };
      const opened = (await connection.ask(question)) as LabOpened;
      const before = this.#session;
      const { frame } = opened;
      const traces = frame.arms.map(() => new Trace());
      this.#session = { number, setup, opened, frame, traces, running: false };
      this.#failure = undefined;
      this.#append(frame);
      if (before) connection.ask({ kind: 'lab_close', session: before.number }).catch(() => undefined);
      // What was asked for meanwhile.
      if (watch !== this.#watch) await this.watch(this.#watch);
      return opened;
    } finally {
      this.#opening--;
      this.#tellStatus();
      if (this.#session?.number === number) this.#announce(this.#session);
    }
  }

  async run(run: LabRun = {}): Promise<void> {
    const session = this.#current();
    await this.#ask({ kind: 'lab_run', run });
    this.#setRunning(session, true);
  }

  async pause(): Promise<void> {
    const session = this.#current();
    await this.#ask({ kind: 'lab_pause' });
    this.#setRunning(session, false);
  }

  async step(unit: 'batch' | 'epoch'): Promise<void> {
    const session = this.#current();
    await this.#ask({ kind: 'lab_step', unit });
    this.#setRunning(session, false);
  }

  async rewind(): Promise<void> {
    const session = this.#current();
    await this.#ask({ kind: 'lab_rewind' });
    for (const trace of session.traces) trace.take();
    this.#setRunning(session, false);
  }

  async change(arms: readonly Experiment[]): Promise<void> {
    const session = this.#current();
    await this.#ask({ kind: 'lab_change', arms });
    session.setup = { ...session.setup, arms };
  }

  async watch(watch: LabWatch): Promise<void> {
    const before = this.#watch;
    this.#watch = watch;
    if (!this.#session) return;
    try {
      await this.#ask({ kind: 'lab_watch', watch });
    } catch (error) {
      if (this.#watch === watch) this.#watch = before;
      throw error;
    }
  }

  async call<K extends Extract<OperationName, `model_${string}`>>(
    arm: number,
    operation: K,
    args: Omit<ArgsOf<K>, 'model'>,
  ): Promise<ResultOf<K>> {
    return (await this.#ask({ kind: 'lab_call', arm, operation, args })) as ResultOf<K>;
  }

  close(): void {
    this.#closed = true;
    this.#connected?.close();
    this.#session = undefined;
    this.#tellStatus();
  }

  #current(): Session {
    if (this.#session && this.#failure === undefined) return this.#session;
    throw new EngineError({ message: this.#failure ?? 'Nothing is open in the Lab.' });
  }

  async #ask(asked: Asked): Promise<unknown> {
    const { number } = this.#current();
    return this.#connected?.ask({ ...asked, session: number } as Question);
  }

  #hear(event: LabEvent): void {
    const session = this.#session;
    if (session?.number !== event.session) return;
    if (event.kind === 'lab_failed') {
      this.#fail(event.message);
      return;
    }
    // Taken over at once, so that the trace is whole when the next answer comes; told when it can be seen.
    session.frame = event.frame;
    this.#append(event.frame);
    this.#setRunning(session, event.frame.running);
    this.#nextFrame(() => {
      this.#connected?.tell({ kind: 'lab_taken', session: session.number });
      this.#announce(session);
    });
  }

  #append(frame: LabFrame): void {
    frame.arms.forEach(({ points }, arm) => {
      for (const point of points) this.#session?.traces[arm]?.add(point);
    });
  }

  #announce(session: Session): void {
    if (session === this.#session) this.dispatchEvent(new Event('frame'));
  }

  #setRunning(session: Session, running: boolean): void {
    session.running = running;
    this.#tellStatus();
  }

  /** What was seen last stays; the next `open` starts an engine anew. */
  #fail(message: string): void {
    this.#failure = message;
    this.#connected?.close();
    this.#connected = this.#connection = undefined;
    this.#tellStatus();
  }

  #tellStatus(): void {
    const status = this.#opening > 0 ? 'opening' : this.#standing();
    if (status === this.#status) return;
    this.#status = status;
    this.dispatchEvent(new Event('status'));
  }

  #standing(): Lab['status'] {
    if (this.#failure !== undefined) return 'failed';
    if (!this.#session) return 'empty';
    return this.#session.running ? 'running' : 'ready';
  }
}
