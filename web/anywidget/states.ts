/**
 * The states of the widgets' figures, by a key that each widget makes up: in a notebook, the address belongs to the notebook, so
 * they stand here instead (url-state.ts).
 */
export class States {
  readonly #texts = new Map<string, string | undefined>();
  readonly #figures = new Map<string, (text: string | undefined) => void>();
  readonly #widgets = new Map<string, (text: string | undefined) => void>();

  /** A widget begins; `changed` hears what the reader does. */
  open(key: string, text: string | undefined, changed: (text: string | undefined) => void): void {
    this.#texts.set(key, text);
    this.#widgets.set(key, changed);
  }

  close(key: string): void {
    this.#texts.delete(key);
    this.#widgets.delete(key);
  }

  /** From Python to the figure. */
  give(key: string, text: string | undefined): void {
    if (text === this.#texts.get(key)) return;
    this.#texts.set(key, text);
    this.#figures.get(key)?.(text);
  }

  /** The widget's figure is there, and hears what is given from now on; its state so far. */
  connect(key: string, arrived: (text: string | undefined) => void): string | undefined {
    this.#figures.set(key, arrived);
    return this.#texts.get(key);
  }

  disconnect(key: string): void {
    this.#figures.delete(key);
  }

  /** From the figure to Python. */
  take(key: string, text: string | undefined): void {
    if (text === this.#texts.get(key)) return;
    this.#texts.set(key, text);
    this.#widgets.get(key)?.(text);
  }
}

export const states = new States();
