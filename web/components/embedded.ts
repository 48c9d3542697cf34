import type { CSSResultOrNative, LitElement } from 'lit';
import type { Attention } from './attention.ts';
import type { Room } from './room.ts';

/** What figures know where they stand in other people's pages, or alone in a frame. `embedding.ts` tells it. */
export interface Embedded {
  readonly isolate?: (own: readonly CSSResultOrNative[]) => CSSResultOrNative[];
  readonly attend: (figure: LitElement, fellAsleep: () => void) => Attention;
  readonly room?: (figure: Element, root: HTMLElement | DocumentFragment) => Room;
}

let told: Embedded | undefined;

export function tellEmbedded(embedded: Embedded): void {
  told = embedded;
}

/** Undefined on the site itself. */
export function embedding(): Embedded | undefined {
  return told;
}
