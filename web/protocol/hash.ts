/**
 * The part of an address after #, shared by several figures: `key=value` pairs joined by &. What is not a pair, such as
 * the name of a heading, is nobody's state.
 */
export function readHash(hash: string, key: string): string | undefined {
  for (const part of hash.replace(/^#/, '').split('&')) {
    if (part.startsWith(`${key}=`)) return unescapeText(part.slice(key.length + 1));
  }
  return undefined;
}

/** The hash with one figure's state put in or, for undefined, taken out. */
export function writeHash(hash: string, key: string, value: string | undefined): string {
  const parts = hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part.includes('=') && !part.startsWith(`${key}=`));
  if (value !== undefined)
    parts.push(`${key}=${encodeURI(value).replaceAll('&', '%26').replaceAll('#', '%23')}`);
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** Mail and chat programs escape what they pass on; a broken escape is left as it came. */
function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
