import { load } from '../embed/embed.ts';
import { beforeLoading } from '../embed/near.ts';
import { setSite } from './site.ts';

/** Every element: each registers itself when one of its name comes near the screen, and its code is fetched then. */
export { load, setSite };

// The site does not lie beside this module, as it does beside embed.js: site.ts has said already where it is.
beforeLoading(() => Promise.resolve());
