import type { EmbedFigureName } from '../protocol/embed.ts';
import { LOADERS } from './figures.ts';

const SELECTOR = Object.keys(LOADERS).join();

/** How far from the screen a figure's code is fetched: about one screen ahead of the reader. */
const MARGIN = '100% 0px';

let prepare: () => Promise<void> = () => Promise.resolve();

/** What has to be there before the code of any figure runs. */
export function beforeLoading(first: () => Promise<void>): void {
  prepare = first;
}

/**
 * Fetches the code of a figure, which defines its element; rejects where it cannot be had, and then may be asked again.
 */
export function load(name: EmbedFigureName): Promise<void> {
  return loadElement(`bn-${name}`);
}

async function loadElement(tag: string): Promise<void> {
  if (customElements.get(tag)) return;
  await prepare();
  await LOADERS[tag as keyof typeof LOADERS]?.();
}

let watcher: IntersectionObserver | undefined;

/** Loads the figures under `root`, there now, when they come near the screen. Where one cannot be had, what stands inside stays. */
export function loadWhenNear(root: ParentNode): void {
  watcher ??= new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher?.unobserve(target);
        loadElement(target.localName).catch(() => undefined);
      }
    },
    { rootMargin: MARGIN },
  );
  for (const figure of figuresIn(root)) watcher.observe(figure);
}

function figuresIn(root: ParentNode): readonly Element[] {
  const inside = [...root.querySelectorAll(SELECTOR)];
  return root instanceof Element && root.matches(SELECTOR) ? [root, ...inside] : inside;
}
