/** Every element: each registers itself when one of its name comes near the screen, and its code is fetched then. */
export { load } from '../embed/embed.ts';
