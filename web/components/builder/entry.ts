import { html, nothing, type TemplateResult } from 'lit';
import { type EmbedLink, writeEmbedLink } from '../../protocol/embed-link.ts';
import { writeHash } from '../../protocol/hash.ts';
import { embedding } from '../embedded.ts';
import { siteLink } from '../site-link.ts';

/** The figure's link, in the address of the builder's page. */
export const BUILD_KEY = 'build';

const PAGE = 'teach.html';

/**
 * A link to the builder with a figure as it stands. Nothing in other people's pages, and in the one file, which has no builder.
 */
export function embedEntry(link: EmbedLink): TemplateResult | typeof nothing {
  if (embedding()) return nothing;
  const address = siteLink(PAGE + writeHash('', BUILD_KEY, writeEmbedLink(link).slice(1)));
  if (!address?.includes(`/${PAGE}#`)) return nothing;
  return html`<a href=${address}>Embed in a course</a>`;
}
