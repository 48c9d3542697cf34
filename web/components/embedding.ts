import type { CSSResultOrNative } from 'lit';
import { setSiteLinks } from './site-link.ts';

/** What figures are told where they stand in other people's pages, or alone in a frame. */
export interface Embedding {
  /** The site's address, where links of figures lead; without one they lead beside the page. */
  readonly site?: string;
  /** Makes a figure's styles hold whatever the page around it has. */
  readonly isolate?: (own: readonly CSSResultOrNative[]) => CSSResultOrNative[];
}

let told: Embedding | undefined;

/** Before any figure is loaded: from now on those out of sight sleep. */
export function embed(embedding: Embedding): void {
  told = embedding;
  const { site } = embedding;
  if (site !== undefined) setSiteLinks((place) => new URL(place, site).href);
}

/** Undefined on the site itself. */
export function embedding(): Embedding | undefined {
  return told;
}
