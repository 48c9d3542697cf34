import { simd } from 'wasm-feature-detect';
import { fileAt, neededHere, type SiteFiles } from './files.ts';

/**
 * Keeps the site for when there is no network. Pages come from the network as long as it answers, so that a reader always has the
 * newest; what is named after its content comes from the cache. One cache per version, so that what is kept always fits
 * together: a new version fills its own while pages of the old one are open, and takes over when the last of them has been
 * closed. Copied into dist/ by scripts/vite/offline.ts, which knows what there is to keep.
 */
declare const SITE_FILES: SiteFiles;

/** What TypeScript's types for pages do not say about service workers. */
interface WorkerScope extends EventTarget {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  readonly navigator: {
    readonly connection?: { readonly saveData?: boolean; readonly effectiveType?: string };
  };
}
interface LastingEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends LastingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = self as unknown as WorkerScope;
const home = scope.registration.scope;

/** Another site may live on the same host, or this one twice. */
const PREFIX = `batchnorm-lab ${new URL(home).pathname} `;
const CACHE = PREFIX + SITE_FILES.version;

/** A network that does not answer for so long is treated like none: milliseconds. */
const PATIENCE = 5000;

/** Files fetched at a time: the reader's own come first. */
const AT_ONCE = 3;

scope.addEventListener('install', (event) => (event as LastingEvent).waitUntil(fill()));
scope.addEventListener('activate', (event) => (event as LastingEvent).waitUntil(takeOver()));
scope.addEventListener('fetch', (event) => {
  const { request } = event as FetchEvent;
  if (request.method !== 'GET') return;
  const file = fileAt(SITE_FILES, home, request.url);
  if (file === undefined) return;
  const answer = SITE_FILES.assets.includes(file) ? cacheFirst(file) : networkFirst(file, request);
  (event as FetchEvent).respondWith(answer);
});

/** Puts the whole site into the cache. What is there already, from an attempt that failed or another version, stays. */
async function fill(): Promise<void> {
  if (isSparing()) return;
  const cache = await caches.open(CACHE);
  const waiting = [...neededHere(SITE_FILES, await simd())];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await keep(cache, file);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function keep(cache: Cache, file: string): Promise<void> {
  if (await cache.match(addressOf(file))) return;
  const isAsset = SITE_FILES.assets.includes(file);
  const response =
    (isAsset && (await caches.match(addressOf(file)))) ||
    (await fetch(addressOf(file), { cache: isAsset ? 'default' : 'no-cache' }));
  if (!response.ok) throw new Error(`${file}: HTTP status ${response.status}`);
  await cache.put(addressOf(file), await asAsked(response));
}

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

async function cacheFirst(file: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(addressOf(file));
  if (kept) return kept;
  const response = await fetch(addressOf(file));
  return remember(cache, file, response);
}

async function networkFirst(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(addressOf(file));
  const network = fetch(request);
  if (!kept) return remember(cache, file, await network);
  try {
    const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE));
    const response = await Promise.race([network, late]);
    // A host that is out of order is no better than none; one that says "no such page" means it.
    return response.status >= 500 ? kept : response;
  } catch {
    return kept;
  }
}

/**
 * Whoever asks to be spared data gets what was looked at kept, and nothing else. What is kept already stays as it is: it is of this
 * version, and the network may already have the next.
 */
async function remember(cache: Cache, file: string, response: Response): Promise<Response> {
  if (response.ok && response.type === 'basic')
    await cache.put(addressOf(file), await asAsked(response.clone())).catch(() => {}); // no room: then not
  return response;
}

/** A page may only be opened from a response to the address itself; hosts that serve `lab.html` as `lab` redirect. */
async function asAsked(response: Response): Promise<Response> {
  if (!response.redirected) return response;
  const { status, statusText, headers } = response;
  return new Response(await response.blob(), { status, statusText, headers });
}

function addressOf(file: string): string {
  return new URL(file, home).href;
}

function isSparing(): boolean {
  const { saveData, effectiveType } = scope.navigator.connection ?? {};
  return saveData === true || effectiveType === 'slow-2g' || effectiveType === '2g';
}
