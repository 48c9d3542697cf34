import fs from 'node:fs';

const text = fs.readFileSync('docs/platforms.md', 'utf8');

/** What docs/platforms.md has to copy under a heading, in a language; the site's address put in. Several by their order. */
export function snippet(heading: string, language: string, site: string, at = 0): string {
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  const blocks = [...(section ?? '').matchAll(/^(`{3,4})(\w+)\n([^]*?)^\1$/gm)];
  const found = blocks.filter(([, , written]) => written === language)[at]?.[3];
  if (found === undefined)
    throw new Error(`docs/platforms.md has no ${language} number ${at + 1} under ${heading}.`);
  return found.replaceAll('https://your.host/batchnorm-lab/', site);
}
