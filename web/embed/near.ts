import { EMBED_FIGURES, type EmbedFigureName } from '../protocol/embed.ts';
import { LOADERS } from './figures.ts';

const NAMES = Object.keys(EMBED_FIGURES) as EmbedFigureName[];
const BY_TAG: ReadonlyMap<string, EmbedFigureName> = new Map(
  NAMES.map((name) => [EMBED_FIGURES[name].tag, name]),
);
const SELECTOR = [...BY_TAG.keys()].join();

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
export async function load(name: EmbedFigureName): Promise<void> {
  if (customElements.get(EMBED_FIGURES[name].tag)) return;
  await prepare();
  await LOADERS[name]?.();
}

let watcher: IntersectionObserver | undefined;

/** Loads the figures under `root`, there now, when they come near the screen. */
export function loadWhenNear(root: ParentNode, failed: (figure: Element) => void = () => undefined): void {
  watcher ??= new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const name = BY_TAG.get(target.localName);
        if (!isIntersecting || name === undefined) continue;
        watcher?.unobserve(target);
        load(name).catch(() => failed(target));
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
