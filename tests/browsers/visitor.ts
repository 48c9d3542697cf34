import { type DrivenBrowser, KEYS } from './browser.ts';

/** Where something is: a selector, what it says, and the figure it is in. */
export interface Where {
  readonly css: string;
  readonly text?: string;
  readonly within?: string;
}

const argumentsOf = ({ css, text, within }: Where): string =>
  [css, text, within].map((one) => (one === undefined ? 'undefined' : JSON.stringify(one))).join();

/** A reader in any of the browsers. What is waited for has half a minute, which is a failure and not a measurement. */
export class Visitor {
  constructor(
    readonly browser: DrivenBrowser,
    readonly site: string,
  ) {}

  /** From anywhere, also from the same page in another state. */
  async open(page: string): Promise<void> {
    await this.browser.open('about:blank');
    await this.browser.open(new URL(page, this.site).href);
  }

  async click(where: Where): Promise<void> {
    const { x, y } = await this.eventually<{ x: number; y: number }>(`probe.place(${argumentsOf(where)})`);
    await this.browser.click(x, y);
  }

  /** As by the Tab key, from wherever one was. */
  async focus(where: Where): Promise<void> {
    await this.eventually(`(probe.find(${argumentsOf(where)})?.focus(), true)`);
  }

  /** Again where what came in above has moved it away from under the hand. */
  async check(where: Where): Promise<void> {
    const checked = `probe.find(${argumentsOf(where)})?.checked === true`;
    do {
      await this.click(where);
    } while (!(await this.browser.run<boolean>(checked)));
  }

  text(where: Where): Promise<string> {
    return this.eventually(`probe.text(${argumentsOf(where)})`);
  }

  /** In place of what stands in the field. */
  async type(where: Where, value: string): Promise<void> {
    await this.click(where);
    await this.browser.press(`${KEYS.control}+a`, ...value, KEYS.enter);
  }

  /** As if it had been chosen: what a list looks like when it is open is the system's business, which no driver reaches. */
  async choose(where: Where, value: string): Promise<void> {
    await this.eventually(`(() => {
      const list = probe.find(${argumentsOf(where)});
      if (!list) return false;
      list.value = ${JSON.stringify(value)};
      for (const type of ['input', 'change']) list.dispatchEvent(new Event(type, { bubbles: true }));
      return true;
    })()`);
  }

  /** The first value of an expression that is not false or nothing. */
  async eventually<T>(expression: string): Promise<T> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const value = await this.browser.run<T>(expression);
      if (value !== null && value !== false) return value;
      if (Date.now() > deadline)
        throw new Error(
          `It never came: ${expression}. ${await this.browser.run<string>('String(probe.problems)')}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The value of an expression once it has not changed for a second: what was still on its way has come. */
  async settled<T>(expression: string): Promise<T> {
    for (let before = await this.browser.run<T>(expression); ;) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const now = await this.browser.run<T>(expression);
      if (now === before) return now;
      before = now;
    }
  }

  /** What went wrong on this page, and whom else it asked: nothing and nobody. */
  problems(): Promise<string[]> {
    return this.browser.run('[...probe.problems, ...probe.foreign()]');
  }
}
