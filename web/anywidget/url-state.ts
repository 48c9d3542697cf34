import { states } from './states.ts';

/** In the place of web/components/url-state.ts: what would stand in the address stands in the widget's model. */
export class UrlState {
  readonly #key: string;
  readonly #arrived: (text: string | undefined) => void;

  constructor(key: string, arrived: (text: string | undefined) => void) {
    this.#key = key;
    this.#arrived = arrived;
  }

  connect(): string | undefined {
    return states.connect(this.#key, this.#arrived);
  }

  disconnect(): void {
    states.disconnect(this.#key);
  }

  write(text: string | undefined): void {
    states.take(this.#key, text);
  }
}
