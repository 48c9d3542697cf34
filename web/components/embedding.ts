import type { CSSResultOrNative } from 'lit';

/** What figures are told where they stand in other people's pages, or alone in a frame. */
export interface Embedding {
  /** The address of the site, where links of figures lead. */
  readonly site: string;
  /** Makes a figure's styles hold whatever the page around it has. */
  readonly isolate?: (own: readonly CSSResultOrNative[]) => CSSResultOrNative[];
}

let told: Embedding | undefined;

/** Before any figure is loaded: from now on those out of sight sleep. */
export function embed(embedding: Embedding): void {
  told = embedding;
}

/** Undefined on the site itself. */
export function embedding(): Embedding | undefined {
  return told;
}

/** The address of one of the site's pages. */
export function siteAddress(page: string): string {
  return new URL(page, told?.site ?? document.baseURI).href;
}
