import type { Lab } from '../../client/lab.ts';
import { compileLab, type LabExamples, type LabValue } from '../../protocol/lab.ts';
import { liveChange } from '../../protocol/lab-differences.ts';

interface Wanted {
  readonly value: LabValue;
  readonly examples: LabExamples | undefined;
}

/** What the session tells the figure it belongs to. */
export interface SessionListener {
  /** The value is in force. `restarted` names what made training start anew; undefined where it just goes on. */
  applied(value: LabValue, restarted: readonly string[] | undefined): void;
  /** The value cannot be run as it stands; what ran before is still there, if `kept` has it. */
  refused(error: unknown, kept: LabValue | undefined): void;
}

/**
 * Keeps a Lab at the newest value: takes over what can change while training goes on, builds anew for the rest. While the
 * engine works on one value, only the newest of those that follow waits.
 */
export class LabSession {
  readonly #lab: Lab;
  readonly #listener: SessionListener;
  #wanted: Wanted | undefined;
  #applied: Wanted | undefined;
  #working = false;

  constructor(lab: Lab, listener: SessionListener) {
    this.#lab = lab;
    this.#listener = listener;
  }

  submit(value: LabValue, examples: LabExamples | undefined): void {
    this.#wanted = { value, examples };
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#wanted) {
      const target = this.#wanted;
      this.#wanted = undefined;
      try {
        const restarted = await this.#apply(target);
        this.#applied = target;
        this.#listener.applied(target.value, restarted);
      } catch (error) {
        // Another value is waiting: it decides.
        if (this.#wanted === undefined) {
          this.#listener.refused(error, this.#applied?.value);
        }
      }
    }
    this.#working = false;
  }

  async #apply({ value, examples }: Wanted): Promise<readonly string[] | undefined> {
    const setup = compileLab(value, examples);
    const before = this.#applied;
    if (!before || before.examples !== examples || this.#lab.status === 'failed') {
      await this.#lab.open(setup);
      return [];
    }
    const { live, restart } = liveChange(before.value, value);
    if (restart.length > 0) await this.#lab.open(setup);
    else if (live.length > 0) await this.#lab.change(setup.arms);
    return restart.length > 0 ? restart : undefined;
  }
}
