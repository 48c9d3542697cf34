import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { THEME_EVENT } from '../figure.ts';

/**
 * For elements that draw on a canvas: the tokens' values as the page's theme has them now. Asks its host to update when
 * the theme changes; what it read before is then forgotten.
 */
export class Theme implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #chosen = new MutationObserver(() => this.#changed());
  readonly #tokens = new Map<string, string>();

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** Changes with the theme, so that what was drawn with it can be told to be old. */
  version = 0;

  readonly token = (name: string): string => {
    let value = this.#tokens.get(name);
    if (value === undefined) {
      value = getComputedStyle(this.#host).getPropertyValue(name).trim();
      this.#tokens.set(name, value);
    }
    return value;
  };

  hostConnected(): void {
    this.#tokens.clear();
    this.#dark.addEventListener('change', this.#changed);
    document.addEventListener(THEME_EVENT, this.#changed);
    this.#chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  hostDisconnected(): void {
    this.#dark.removeEventListener('change', this.#changed);
    document.removeEventListener(THEME_EVENT, this.#changed);
    this.#chosen.disconnect();
  }

  readonly #changed = (): void => {
    this.#tokens.clear();
    this.version++;
    this.#host.requestUpdate();
  };
}
