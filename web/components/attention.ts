import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A figure this far outside the screen is out of sight: it wakes a little before it can be seen. */
const MARGIN = '25% 0px';

const seen = new WeakMap<Element, (visible: boolean) => void>();
let watcher: IntersectionObserver | undefined;

function watch(element: Element, told: (visible: boolean) => void): void {
  watcher ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen.get(target)?.(isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  seen.set(element, told);
  watcher.observe(element);
}

/** Whether an element can be seen: near the screen, in a tab that is not hidden. */
export class Attention implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #fellAsleep: () => void;
  #near = false;
  #awake = false;
  #waking: PromiseWithResolvers<void> | undefined;

  constructor(host: ReactiveControllerHost & Element, fellAsleep: () => void) {
    this.#host = host;
    this.#fellAsleep = fellAsleep;
    host.addController(this);
  }

  get awake(): boolean {
    return this.#awake;
  }

  /** Resolves as soon as it can be seen. */
  get wakes(): Promise<void> {
    if (this.#awake) return Promise.resolve();
    return (this.#waking ??= withResolvers<void>()).promise;
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#changed);
    watch(this.#host, (near) => {
      this.#near = near;
      this.#changed();
    });
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#changed);
    watcher?.unobserve(this.#host);
    this.#near = false;
    this.#changed();
  }

  readonly #changed = (): void => {
    const awake = this.#near && !document.hidden;
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (!awake) return this.#fellAsleep();
    this.#waking?.resolve();
    this.#waking = undefined;
  };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
