import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The width an element has for its drawing, in whole pixels; it is drawn anew when that changes. */
export class Sized implements ReactiveController {
  width = 640;
  readonly #host: ReactiveControllerHost & Element;
  readonly #observer = new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width <= 0 || width === this.width) return;
    this.width = width;
    this.#host.requestUpdate();
  });

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }
}
