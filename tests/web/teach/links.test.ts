import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { chapterFile } from '../../../scripts/vite/teach/markup.ts';
import { fillTeaching } from '../../../scripts/vite/teach.ts';
import { findClaim } from '../../../web/claims/claims.ts';
import { EMBED_FIGURES } from '../../../web/protocol/embed.ts';
import { readHash } from '../../../web/protocol/hash.ts';
import { decodeLab } from '../../../web/protocol/lab.ts';
import { checkSetting, parseSetting, type StudyDefinition } from '../../../web/protocol/studies.ts';
import { decodeWorkedExample } from '../../../web/protocol/worked-example.ts';
import { decodeQuiz, QUIZ_KEY } from '../../../web/quiz/settings.ts';
import { LESSONS } from '../../../web/teach/lessons.ts';
import { addressOf, parseTarget } from '../../../web/teach/target.ts';
import { load } from '../../wasm/support.ts';
import { studiesOf } from '../study-numbers.ts';
import { MATERIAL } from './all-texts.ts';

/** Every link of the teaching material opens what it promises: the page, the place, the figure in that state. */
let studies: readonly StudyDefinition[];
beforeAll(async () => {
  studies = studiesOf(await load('simd', 'studies'));
});

const targets = [...new Set(MATERIAL.flatMap((material) => material.targets))];

it('there are many', () => expect(targets.length).toBeGreaterThan(90));

it.each(targets)('%s', (text) => {
  expect(problemOf(text)).toBeUndefined();
});

describe('what settles a misconception', () => {
  it.each(LESSONS.flatMap(({ misconceptions }) => misconceptions.map(({ claim }) => claim)))(
    '%s is a claim',
    (id) => {
      expect(findClaim(id)).toBeDefined();
    },
  );
});

describe('figures of activities', () => {
  const sources = Object.fromEntries(
    LESSONS.map(({ chapter }) => [
      chapter,
      fs.readFileSync(path.join('web/pages', chapterFile(chapter)), 'utf8'),
    ]),
  );

  it.each(LESSONS)('chapter $chapter: lead to different places', ({ activities }) => {
    const twice = activities.filter(
      ({ figures }) => new Set(figures.map(({ target }) => target)).size < figures.length,
    );
    expect(twice.map(({ title }) => title)).toEqual([]);
  });

  it.each(LESSONS)(
    'chapter $chapter: let the chapter ask, where it does, before an experiment tells',
    (lesson) => {
      const asked = [
        ...sources[lesson.chapter]!.matchAll(/<bn-study name="([^"]+)"[^>]*>\s*<bn-lab-predict/g),
      ].map(([, name]) => `study:${name}`);
      const opened = lesson.activities.flatMap(({ figures }) => figures.map(({ target }) => target));
      expect(opened.filter((target) => asked.includes(target))).toEqual([]);
    },
  );
});

it('finds out what is wrong with a link', () => {
  expect(problemOf('C99')).toBe('no claim C99');
  expect(problemOf('3#nowhere')).toContain('no place');
  expect(problemOf('we:x=two')).toBeDefined();
  expect(problemOf('lab:data=nothing')).toBeDefined();
  expect(problemOf('study:no-such-study')).toBe('no study no-such-study');
  expect(() => problemOf('study:double-well?warp=1')).toThrow('has no setting “warp”');
});

function problemOf(text: string): string | undefined {
  const target = parseTarget(text);
  const address = addressOf(target, chapterFile);
  switch (target.kind) {
    case 'claim':
      return findClaim(target.id) ? undefined : `no claim ${target.id}`;
    case 'worked-example':
      return decodeWorkedExample(stateIn(address, 'we')).problem;
    case 'lab':
      return decodeLab(stateIn(address, 'lab')).problem;
    case 'study': {
      const study = studies.find(({ id, name }) => [id, name].includes(target.name));
      if (!study) return `no study ${target.name}`;
      if (target.knobs) parseSetting(study, target.knobs);
      if (target.points) checkSetting(study, { knobs: {}, points: target.points.split(',').map(Number) });
      return unknownAttributes(address);
    }
    case 'quiz':
      return decodeQuiz(stateIn(address, QUIZ_KEY)).problem;
    case 'chapter':
    case 'page':
      return missingPlace(address);
    case 'elsewhere':
      return undefined;
  }
}

const stateIn = (address: string, key: string): string =>
  readHash(address.slice(address.indexOf('#')), key) ?? 'none';

function missingPlace(address: string): string | undefined {
  const [file = '', place] = address.split('#');
  const page = path.join('web/pages', file);
  if (!fs.existsSync(page)) return `no page ${file}`;
  const places = fillTeaching(fs.readFileSync(page, 'utf8')).split(`id="${place}"`).length - 1;
  // The board's topics get their places when the site is built.
  const elsewhere = file === 'claims.html' && place === 'why';
  return place === undefined || places === 1 || elsewhere ? undefined : `no place ${place} in ${file}`;
}

/** By the contract of embeds. */
function unknownAttributes(address: string): string | undefined {
  const pairs = new URLSearchParams(address.slice(address.indexOf('#') + 1));
  const figure = pairs.get('figure') as keyof typeof EMBED_FIGURES;
  const known: readonly string[] = ['v', 'figure', ...EMBED_FIGURES[figure].attributes];
  const unknown = [...pairs.keys()].filter((name) => !known.includes(name));
  return unknown.length === 0 ? undefined : `${figure} has no ${unknown.join()}`;
}
