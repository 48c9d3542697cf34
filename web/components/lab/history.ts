export interface Entry<T> {
  step: number;
  value: T;
}

/**
 * What was seen at a number of steps, evenly over the run, however long it gets: when there are too many entries, those
 * closest together go, and from then on new ones are kept further apart. The newest is always there.
 */
export class History<T> {
  readonly #limit: number;
  #entries: Entry<T>[] = [];
  #spacing = 0;

  constructor(limit = 240) {
    this.#limit = limit;
  }

  get entries(): readonly Entry<T>[] {
    return this.#entries;
  }

  get last(): T | undefined {
    return this.#entries.at(-1)?.value;
  }

  clear(): void {
    this.#entries = [];
    this.#spacing = 0;
  }

  /** A step before the last one is a new start: the Lab was rewound. */
  add(step: number, value: T): void {
    const newest = this.#entries.at(-1);
    if (newest && step < newest.step) this.clear();
    else if (newest && step - (this.#entries.at(-2)?.step ?? -Infinity) < this.#spacing) this.#entries.pop();
    if (this.#entries.at(-1)?.step === step) this.#entries.pop();
    this.#entries.push({ step, value });
    if (this.#entries.length > this.#limit) this.#thin();
  }

  #thin(): void {
    const first = this.#entries[0] as Entry<T>;
    const last = this.#entries.at(-1) as Entry<T>;
    this.#spacing = (2 * (last.step - first.step)) / this.#limit;
    let kept = first;
    this.#entries = this.#entries.filter((entry) => {
      const keep = entry === first || entry === last || entry.step - kept.step >= this.#spacing;
      if (keep) kept = entry;
      return keep;
    });
  }
}
