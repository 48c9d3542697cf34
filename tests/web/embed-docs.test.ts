import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMBED_FIGURES, EVERY_FIGURE } from '../../web/protocol/embed.ts';
import { readEmbedLink } from '../../web/protocol/embed-link.ts';

/** docs/embedding.md and README.md are held to the table they describe. */
const text = fs.readFileSync('docs/embedding.md', 'utf8');
const readme = fs.readFileSync('README.md', 'utf8');

describe('docs/embedding.md', () => {
  it.each(Object.entries(EMBED_FIGURES))(
    'has %s with each of its attributes, and no other',
    (name, figure) => {
      const [row] = text.split('\n').filter((line) => line.startsWith(`| \`${name}\` \`<${figure.tag}>\``));
      const told = Array.from(
        row?.split('|')[2]?.matchAll(/`([\w-]+)`/g) ?? [],
        ([, attribute]) => attribute,
      );
      expect(told).toEqual([...figure.attributes]);
    },
  );

  it.each(Object.entries(EVERY_FIGURE))('has %s with what it may be', (name, values) => {
    expect(text).toContain(`| \`${name}\` | ${values.map((value) => `\`${value}\``).join(', ')} |`);
  });
});

it.each([
  ['docs/embedding.md', text],
  ['README.md', readme],
])('%s has links and elements that can be read', (_, page) => {
  const links = Array.from(page.matchAll(/embed\.html(#[^"`\s]+)/g), ([, hash]) => hash!);
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect([link, readEmbedLink(link).problems]).toEqual([link, []]);
  const tags = new Map(
    Object.values(EMBED_FIGURES).map((figure) => [figure.tag as string, figure.attributes]),
  );
  const elements = Array.from(page.matchAll(/<(bn-[a-z-]+)((?: [a-z-]+="[^"]*")+)>/g));
  expect(elements.length).toBeGreaterThan(0);
  for (const [, tag = '', attributes = ''] of elements) {
    const known = [...(tags.get(tag) ?? []), ...Object.keys(EVERY_FIGURE)];
    for (const [, name] of attributes.matchAll(/ ([a-z-]+)=/g)) expect(known).toContain(name);
  }
});

it('README.md shows how to embed in its first screen', () => {
  const first = readme.split('\n').slice(0, 30).join('\n');
  for (const snippet of ['embed.js', '<bn-worked-example', '<iframe']) expect(first).toContain(snippet);
});
