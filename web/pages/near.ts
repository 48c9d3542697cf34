import { loadWhenNear } from '../embed/near.ts';

/**
 * A chapter's figures load when they come near the screen, so that reading costs only the text. What stands inside them is
 * there from the start.
 */
loadWhenNear(document);
