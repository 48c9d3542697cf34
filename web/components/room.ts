import { EMBED_FIGURES } from '../protocol/embed.ts';

/** Milliseconds. */
const LONGEST_WAIT = 4000;

/** A figure that is asleep or waits for its first numbers takes the place it will need, so that what follows it stays out of sight. */
export class Room {
  readonly #host: Element;
  readonly #element = document.createElement('div');
  #given = false;

  constructor(host: Element, root: HTMLElement | DocumentFragment) {
    this.#host = host;
    const entry = Object.values(EMBED_FIGURES).find(({ tag }) => tag === host.localName);
    this.#element.style.height = `${entry?.height ?? 400}px`;
    root.append(this.#element);
  }

  /** Something has been rendered: the room goes when that is about as high as was expected, or when nothing more comes. */
  give(): void {
    if (this.#given) return;
    this.#given = true;
    const expected = this.#element.offsetHeight;
    const end = () => {
      observer.disconnect();
      this.#element.remove();
    };
    const observer = new ResizeObserver(() => {
      const shown = (this.#host as HTMLElement).offsetHeight - this.#element.offsetHeight;
      if (shown > expected / 3) end();
      else this.#element.style.height = `${expected - shown}px`;
    });
    observer.observe(this.#host);
    setTimeout(end, LONGEST_WAIT);
  }
}
