import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHash } from '../../web/protocol/hash.ts';
import { decodeWorkedExample } from '../../web/protocol/worked-example.ts';

describe('links in the prose that set the worked example', () => {
  const page = fs.readFileSync('web/pages/a-batch-normalised.html', 'utf8');
  const links = [...page.matchAll(/href="(#we=[^"]*)"/g)].map(([, link = '']) => link);

  it('are there', () => expect(links.length).toBeGreaterThan(10));

  it.each(links)('%s is one the figure understands', (link) => {
    expect(decodeWorkedExample(readHash(link, 'we') ?? '').problem).toBeUndefined();
  });
});
