/**
 * Undo and redo over immutable values. Edits pushed with the same group (a drag, a number being typed) share one entry
 * until `seal()`; `replace()` changes what is shown (a chosen step, a tab) without making an entry.
 */
export class UndoHistory<T> {
  #past: T[] = [];
  #present: T;
  #future: T[] = [];
  #open: string | undefined;
  readonly #capacity: number;

  constructor(initial: T, capacity = 200) {
    this.#present = initial;
    this.#capacity = capacity;
  }

  get present(): T {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Returns whether a new entry began. */
  push(value: T, group?: string): boolean {
    const continues = group !== undefined && group === this.#open;
    if (!continues) {
      this.#past.push(this.#present);
      if (this.#past.length > this.#capacity) this.#past.shift();
    }
    this.#present = value;
    this.#future = [];
    this.#open = group;
    return !continues;
  }

  replace(value: T): void {
    this.#present = value;
  }

  /** The next push begins a new entry, whatever its group. */
  seal(): void {
    this.#open = undefined;
  }

  undo(): boolean {
    const value = this.#past.pop();
    if (value === undefined) return false;
    this.#future.push(this.#present);
    this.#present = value;
    this.seal();
    return true;
  }

  redo(): boolean {
    const value = this.#future.pop();
    if (value === undefined) return false;
    this.#past.push(this.#present);
    this.#present = value;
    this.seal();
    return true;
  }

  /** Goes to a value that came from outside (the browser's back and forward): a neighbour if it is one, else a new entry. */
  visit(value: T, same: (a: T, b: T) => boolean): void {
    const before = this.#past.at(-1);
    const after = this.#future.at(-1);
    if (same(value, this.#present)) this.#present = value;
    else if (before !== undefined && same(value, before)) this.undo();
    else if (after !== undefined && same(value, after)) this.redo();
    else this.push(value);
    this.seal();
  }
}
