import type { Experiment, LayerSpec } from '../../web/protocol/experiment.ts';
import type { LabEvent, LabFrame, LabSetup, LabWatch } from '../../web/protocol/lab-session.ts';
import type { Engine } from '../../wasm/engine.ts';
import type { Host } from '../../web/worker/host.ts';
import { LabSession } from '../../web/worker/lab-session.ts';

/** A worker's surroundings with a clock of their own: every look at it takes `tick` milliseconds. */
export class FakeHost implements Host {
  readonly slice = 8;
  readonly events: LabEvent[] = [];
  tick = 0.25;
  time = 0;
  #calls: { at: number; callback: () => void }[] = [];

  post(event: LabEvent): void {
    this.events.push(event);
  }

  schedule(callback: () => void, wait = 0): void {
    this.#calls.push({ at: this.time + wait, callback });
  }

  now = (): number => (this.time += this.tick);

  /** Until what was scheduled first has been called back; false if nothing was. */
  turn(): boolean {
    this.#calls.sort((a, b) => a.at - b.at);
    const next = this.#calls.shift();
    if (!next) return false;
    this.time = Math.max(this.time, next.at);
    next.callback();
    return true;
  }

  /** Until nothing is scheduled. */
  rest(most = 10_000): void {
    for (let turns = 0; this.turn(); turns++) if (turns >= most) throw new Error('it does not come to rest');
  }

  get frames(): LabFrame[] {
    return this.events.flatMap((event) => (event.kind === 'frame' ? [event.frame] : []));
  }
}

const hidden = (units: number, normalised: boolean): LayerSpec[] => [
  { kind: 'linear', units },
  ...(normalised ? [{ kind: 'batch_norm' } as const] : []),
  { kind: 'relu' },
];

/** A small classifier of points, with BN or without. */
export function network(normalised: boolean, rest: Partial<Experiment> = {}): Experiment {
  const layers = [...hidden(8, normalised), ...hidden(8, normalised), { kind: 'linear', units: 1 } as const];
  return {
    version: 1,
    batch: { size: 16 },
    model: { inputs: 2, layers },
    loss: 'bce_with_logits',
    optimizer: { lr: 0.1 },
    ...rest,
  };
}

export function setup(rest: Partial<LabSetup> = {}): LabSetup {
  return {
    data: { data: { kind: 'moons', count: 200, noise: 0.2, test: 0.3 }, seed: 1 },
    arms: [network(true), network(false)],
    ...rest,
  };
}

/** Weights explode: the loss is of values, and the rate is far too high. */
export function diverging(rest: Partial<Experiment> = {}): Experiment {
  return network(false, { loss: 'mse', optimizer: { lr: 1e4 }, ...rest });
}

export interface Opened {
  host: FakeHost;
  session: LabSession;
  opened: ReturnType<LabSession['opened']>;
}

export function open(engine: Engine, wanted: LabSetup = setup(), watch: LabWatch = {}): Opened {
  const host = new FakeHost();
  const session = new LabSession(engine, host, 1, wanted, watch);
  return { host, session, opened: session.opened() };
}

/** All frames until it stands still, each taken as it comes. */
export function settle({ host, session }: Pick<Opened, 'host' | 'session'>): LabFrame[] {
  const from = host.frames.length;
  for (let turns = 0; host.turn(); turns++) {
    if (turns > 20_000) throw new Error('it does not come to rest');
    session.taken();
  }
  return host.frames.slice(from);
}
