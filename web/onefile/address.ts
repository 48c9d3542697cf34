import { readHash, writeHash } from '../protocol/hash.ts';

/**
 * Addresses inside the one file: all of them behind its #. `page=gamma-and-beta` is a page of the site, `at=scale` a place in
 * it; everything else are figures' states, as they are behind the # of that page on the site. `figure=…` is one figure by itself.
 */
const PAGE = 'page';
const PLACE = 'at';

export interface InsideAddress {
  /** Of the site: `gamma-and-beta.html`. */
  readonly file: string;
  /** The id of an element. */
  readonly place?: string;
}

export const START = 'index.html';
/** One figure by itself. */
export const FRAME = 'embed.html';

/** Whose states they are that stand in an address without a page. */
const KEEPERS = {
  lab: 'lab.html',
  we: 'a-batch-normalised.html',
  claim: 'claims.html',
  show: 'claims.html',
  quiz: 'quiz.html',
};

export function readInside(hash: string): InsideAddress {
  const page = readHash(hash, PAGE);
  const place = readHash(hash, PLACE);
  const keeper = Object.entries(KEEPERS).find(([key]) => readHash(hash, key) !== undefined)?.[1];
  const file = page === undefined ? (keeper ?? START) : `${page}.html`;
  return { file, ...(place !== undefined && { place }) };
}

/** What stands behind the one file's # for a page of the site with this hash. */
export function writeInside(file: string, hash = ''): string {
  const text = hash.replace(/^#/, '');
  if (file === FRAME) return `#${text}`;
  const page = file === START ? '' : writeHash('', PAGE, file.replace(/\.html$/, ''));
  if (text === '') return page || '#';
  // A claim is a place of the board's page, and opened by its name.
  if (/^C\d+$/.test(text) && file === 'claims.html') return `${page}&claim=${text}`;
  if (!text.includes('=')) return writeHash(page, PLACE, text);
  return page ? `${page}&${text}` : `#${text}`;
}

/** The address as it is, with another place to be at: figures keep their states. */
export function movedTo(hash: string, place: string): string {
  return writeHash(hash, PLACE, place);
}

/** Whether one figure is asked for, without the site around it. */
export function asksForFigure(hash: string): boolean {
  return readHash(hash, 'figure') !== undefined;
}
