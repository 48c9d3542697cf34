import { type EmbedLink, readEmbedLink, writeEmbedLink } from '../../protocol/embed-link.ts';
import { readHash, writeHash } from '../../protocol/hash.ts';
import { BUILD_KEY } from './entry.ts';
import { readBase, shortest } from './snippets.ts';

/** In the address of the builder's page, besides the figure's link: how it is to be taken away. */
const HEIGHT_KEY = 'build-height';
const BASE_KEY = 'build-base';

export const HEIGHTS = { min: 120, max: 4000 } as const;

export interface BuilderState {
  readonly link: EmbedLink;
  /** Fixed; left out: as high as the figure is. */
  readonly height?: number;
  /** Left out: where the builder is. */
  readonly base?: string;
}

/** Undefined where the address says nothing of it. Anything may stand there; what cannot be is passed over. */
export function readBuilder(hash: string): BuilderState | undefined {
  const text = readHash(hash, BUILD_KEY);
  if (text === undefined) return undefined;
  const { figure, attributes, state } = readEmbedLink(text);
  const height = Number(readHash(hash, HEIGHT_KEY));
  const { value: base } = readBase(readHash(hash, BASE_KEY) ?? '');
  return {
    link: { figure, attributes, ...(state !== undefined && { state }) },
    ...(Number.isInteger(height) && height >= HEIGHTS.min && height <= HEIGHTS.max && { height }),
    ...(base !== undefined && { base }),
  };
}

/** The hash with the builder's part put in; what others keep there stays. */
export function writeBuilder(hash: string, { link, height, base }: BuilderState): string {
  const withLink = writeHash(hash, BUILD_KEY, writeEmbedLink(shortest(link)).slice(1));
  return writeHash(writeHash(withLink, HEIGHT_KEY, height?.toString()), BASE_KEY, base);
}
