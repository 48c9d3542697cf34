import { readHash, writeHash } from '../protocol/hash.ts';

/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const PAUSE = 300;

/**
 * One figure's state in the address. A committed change is an entry the browser's back button returns from; changes
 * while something is being dragged, or of the view only, rewrite the entry there is.
 */
export class UrlState {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { text: string | undefined; push: boolean } | undefined;
  #seen: string | undefined;

  constructor(
    private readonly key: string,
    /** Another address was gone to; undefined where it has no state of this figure. */
    private readonly arrived: (text: string | undefined) => void,
  ) {}

  connect(): string | undefined {
    window.addEventListener('popstate', this.#moved);
    window.addEventListener('hashchange', this.#moved);
    window.addEventListener('pagehide', this.#flush);
    this.#seen = readHash(location.hash, this.key);
    return this.#seen;
  }

  disconnect(): void {
    this.#flush();
    window.removeEventListener('popstate', this.#moved);
    window.removeEventListener('hashchange', this.#moved);
    window.removeEventListener('pagehide', this.#flush);
  }

  write(text: string | undefined, push: boolean): void {
    this.#waiting = { text, push: push || (this.#waiting?.push ?? false) };
    // What comes in one pause becomes one entry, or one rewriting.
    this.#timer ??= setTimeout(this.#flush, PAUSE);
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting || waiting.text === this.#seen) return;
    this.#seen = waiting.text;
    const hash = writeHash(location.hash, this.key, waiting.text);
    const address = `${location.pathname}${location.search}${hash}`;
    try {
      // In a frame an entry would be a step back of the page around it.
      if (waiting.push && window.parent === window) history.pushState(history.state, '', address);
      else history.replaceState(history.state, '', address);
    } catch {
      // A sandboxed frame may forbid it; the figure works without.
    }
  };

  readonly #moved = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = undefined;
    const text = readHash(location.hash, this.key);
    if (text === this.#seen) return;
    // The name of a heading after # is a place in the page, not a state of the figure.
    if (text === undefined && location.hash.length > 1 && !location.hash.includes('=')) return;
    this.#seen = text;
    this.arrived(text);
  };
}
