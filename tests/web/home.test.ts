import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHAPTERS, PLACES } from '../../web/pages/contents.ts';

describe('the home page', () => {
  const html = fs.readFileSync('web/pages/index.html', 'utf8');

  it('lists the chapters there are, in their order', () => {
    const list = /<ol class="contents">([^]*?)<\/ol>/.exec(html)?.[1] ?? '';
    const listed = [...list.matchAll(/<a href="\.\/([^"]+)">([^<]+)<\/a>/g)].map(([, file, title]) => ({
      file,
      title,
    }));
    expect(listed).toEqual(CHAPTERS.map(({ file, title }) => ({ file, title })));
  });

  it.each(PLACES.map(({ file }) => file))('leads to %s', (file) => {
    expect(html).toContain(`href="./${file}`);
  });
});
