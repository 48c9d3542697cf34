import type { CSSResultOrNative } from 'lit';
import { Attention } from './attention.ts';
import { tellEmbedded } from './embedded.ts';
import { Room } from './room.ts';
import { setSiteLinks } from './site-link.ts';

/** What figures are told where they stand in other people's pages, or alone in a frame. */
export interface Embedding {
  /** The site's address, where links of figures lead; without one they lead beside the page. */
  readonly site?: string;
  /** Makes a figure's styles hold whatever the page around it has; without it the page is ours. */
  readonly isolate?: (own: readonly CSSResultOrNative[]) => CSSResultOrNative[];
}

/** Before any figure is loaded: from now on those out of sight sleep. */
export function embed({ site, isolate }: Embedding): void {
  tellEmbedded({
    attend: (figure, fellAsleep) => new Attention(figure, fellAsleep),
    ...(isolate && { isolate, room: (figure, root) => new Room(figure, root) }),
  });
  if (site !== undefined) setSiteLinks((place) => new URL(place, site).href);
}
