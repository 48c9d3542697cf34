import { restAfter } from './looking.ts';

/** The share of the time that scores may take once a run has got going, */
const SHARE = 0.03;
/** and the milliseconds they may take before: a run changes most at its start, which is worth a closer look. */
const HEAD_START = 100;
/** Points a second that a slowed-down run can show. */
const SHOWN = 20;

/** How far apart scores are, so that looking does not slow training down. */
export class ScorePace {
  #left = HEAD_START;
  #step = 0;
  #score = 0;

  trained(steps: number, milliseconds: number): void {
    if (steps > 0) this.#step = smooth(this.#step, milliseconds / steps);
  }

  scored(milliseconds: number): void {
    this.#left -= milliseconds;
    this.#score = smooth(this.#score, milliseconds);
  }

  /**
   * Steps between two scores: those asked for, fewer when the speed is so low that single steps can be followed, and twice,
   * four times … as many when scores would take too large a share. So the scores of a fast and of a slow machine lie at
   * the same steps, or at every other of them.
   */
  every(wanted: number, speed = Infinity): number {
    const least = Math.min(wanted, Math.max(1, Math.round(speed / SHOWN)));
    if (this.#left > 0) return least;
    const step = Math.max(this.#step, 1000 / speed);
    const needed = restAfter(this.#score, SHARE) / Math.max(step, 1e-6);
    return least * 2 ** Math.max(0, Math.ceil(Math.log2(needed / least)));
  }
}

function smooth(before: number, now: number): number {
  return before === 0 ? now : 0.9 * before + 0.1 * now;
}
