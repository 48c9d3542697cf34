import type { ParentPage } from '../../../web/report/parent-page.ts';

export type Message = Record<string, unknown>;

/** A page around that keeps what it got, and says what it is told to. */
export class FakeParent implements ParentPage {
  readonly got: Message[] = [];
  readonly #handlers = new Set<(message: unknown) => void>();

  post(message: object): void {
    // As between two pages: what cannot be cloned throws.
    this.got.push(structuredClone(message) as Message);
  }

  listen(handle: (message: unknown) => void): () => void {
    this.#handlers.add(handle);
    return () => this.#handlers.delete(handle);
  }

  say(message: unknown): void {
    for (const handle of this.#handlers) handle(message);
  }

  of(subject: string): Message[] {
    return this.got.filter((message) => message.subject === subject);
  }
}
