import { embed } from '../components/embedding.ts';
import { EMBED_FIGURES } from '../protocol/embed.ts';
import { beforeLoading, load, loadWhenNear } from './near.ts';

export { load, loadWhenNear };

/**
 * dist/embed.js, for other people's pages: every figure of the table in web/protocol/embed.ts that stands in the page, or is put
 * into it later, loads when it comes near the screen. `loadWhenNear(root)` does the same inside a shadow root.
 */
const site = import.meta.url.replace(/[^/]*$/, '');
beforeLoading(async () => {
  const { isolate } = await import('./isolate.ts');
  embed({ site, isolate });
});

/** Two copies would quarrel about who defines the elements: the first one on a page has it all. */
const MINE = Symbol.for('batchnorm-lab.embed');
const first = !(MINE in document);
if (first) Object.defineProperty(document, MINE, { value: site });

// What has not been loaded takes the place it will need, so that what follows it is not taken to be near.
const room = new CSSStyleSheet();
room.replaceSync(
  Object.values(EMBED_FIGURES)
    .map(({ tag, height }) => `${tag}:not(:defined) { display: block; min-height: ${height}px; }`)
    .join('\n'),
);
const arrivals = new MutationObserver((records) => {
  for (const { addedNodes } of records)
    for (const node of addedNodes) if (node instanceof Element) loadWhenNear(node);
});

if (first) {
  document.adoptedStyleSheets.push(room);
  loadWhenNear(document);
  arrivals.observe(document, { childList: true, subtree: true });
}
