import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findClaim } from '../../../web/claims/claims.ts';
import { readHash } from '../../../web/protocol/hash.ts';
import { decodeLab } from '../../../web/protocol/lab.ts';
import { decodeWorkedExample } from '../../../web/protocol/worked-example.ts';
import { QUESTIONS } from '../../../web/quiz/questions.ts';
import { randomOf } from '../../../web/quiz/random.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const links = new Set(
  QUESTIONS.flatMap((question) =>
    question.kind === 'number'
      ? SEEDS.map((seed) => question.draw(randomOf(seed, question.id)).see.href)
      : [question.see.href],
  ),
);

/** What is wrong with where a link leads; undefined where nothing is. */
function problemOf(link: string): string | undefined {
  const [page = '', place = ''] = link.split('#');
  const file = `web/pages/${page}`;
  if (!fs.existsSync(file)) return `there is no page ${page}`;
  const [, claim] = /^(C\d+)$/.exec(place) ?? [];
  if (claim) return page === 'claims.html' && findClaim(claim) ? undefined : `there is no claim ${claim}`;
  const example = readHash(`#${place}`, 'we');
  if (example !== undefined) return decodeWorkedExample(example).problem;
  const lab = readHash(`#${place}`, 'lab');
  if (lab !== undefined) return decodeLab(lab).problem;
  return fs.readFileSync(file, 'utf8').includes(`id="${place}"`) ? undefined : `nothing is called ${place}`;
}

describe('where it can be seen', () => {
  it('is said for every question', () => expect(links.size).toBeGreaterThan(QUESTIONS.length));

  it.each([...links])('%s is a place there is, in a state it understands', (link) => {
    expect(problemOf(link)).toBeUndefined();
  });

  it('would be noticed if it were none', () => {
    expect(problemOf('a-batch-normalised.html#we=1;x=many')).toBeDefined();
    expect(problemOf('lab.html#lab=1;colour=blue')).toBeDefined();
    expect(problemOf('claims.html#C999')).toBeDefined();
    expect(problemOf('one-some-or-all.html#nowhere')).toBeDefined();
  });
});
