import { PAGES } from '@onefile/pages';
import { FRAME, writeInside } from './address.ts';

/** Where a place of the site is, such as “claims.html#C14”: in this very file, or nowhere. */
export function pageAddress(place: string): string | undefined {
  const [, file = '', hash] = /^([^#]*)(.*)$/s.exec(place.replace(/^\.\//, ''))!;
  if (file !== FRAME && !Object.hasOwn(PAGES, file)) return undefined;
  return location.href.replace(/#.*$/s, '') + writeInside(file, hash);
}
