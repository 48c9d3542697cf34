import { writeInside } from './address.ts';

/** Where a place of the site is, such as “claims.html#C14”: in this very file. */
export function pageAddress(place: string): string {
  const [, file = '', hash] = /^([^#]*)(.*)$/s.exec(place.replace(/^\.\//, ''))!;
  return location.href.replace(/#.*$/s, '') + writeInside(file, hash);
}
