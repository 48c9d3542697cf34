import { embed } from '../components/embedding.ts';
import { isolate } from '../embed/isolate.ts';

/**
 * Where links of figures lead: the address of a copy of the site; until it is said, beside the page. To be said before the first
 * figure is shown.
 */
export function setSite(address: string): void {
  embed({ site: new URL(address, document.baseURI).href, isolate });
}

embed({ isolate });
