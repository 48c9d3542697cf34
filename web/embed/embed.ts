import { load, loadWhenNear } from './near.ts';

export { load, loadWhenNear };

/**
 * dist/embed.js, for other people's pages: every figure of the table in web/protocol/embed.ts that stands in the page, or is put
 * into it later, loads when it comes near the screen.
 */
loadWhenNear(document);
new MutationObserver((records) => {
  for (const { addedNodes } of records)
    for (const node of addedNodes) if (node instanceof Element) loadWhenNear(node);
}).observe(document, { childList: true, subtree: true });
