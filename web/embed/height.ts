/** Heights closer than this to the last one told are the same: fractions of a pixel, rounded on both sides. */
const SAME = 2;
/** Milliseconds between two heights told. */
const PAUSE = 100;
/**
 * A figure that makes itself higher whenever its frame grows would never end. What grows so many times in a row, untouched and never
 * becoming lower, is such a loop: it is not followed further.
 */
const LOOP = 40;

/**
 * Decides which heights to tell: the newest, not more often than every PAUSE, only when it has changed, and no loop.
 */
export class HeightTeller {
  #told = 0;
  #grown = 0;
  #waits = false;

  constructor(
    private readonly measure: () => number,
    private readonly tell: (height: number) => void,
  ) {}

  /** The size may have changed. */
  changed(): void {
    if (this.#waits) return;
    this.#waits = true;
    setTimeout(() => {
      this.#waits = false;
      const height = Math.ceil(this.measure());
      const step = height - this.#told;
      if (Math.abs(step) < SAME) return;
      this.#grown = step > 0 ? this.#grown + 1 : 0;
      if (this.#grown > LOOP) return;
      this.#told = height;
      this.tell(height);
    }, PAUSE);
  }

  /** The reader did something: what grows now grows for a reason. */
  touched(): void {
    this.#grown = 0;
  }

  /** Says the height again, whether or not it has changed. */
  again(): void {
    this.#told = 0;
    this.#grown = 0;
    this.changed();
  }
}
