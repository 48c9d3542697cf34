import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formulas } from '../../../scripts/vite/formulas.ts';
import { fillTeaching } from '../../../scripts/vite/teach.ts';
import { guide } from '../../../scripts/vite/teach/guide.ts';
import { COURSE } from '../../../web/teach/course.ts';
import { LESSONS } from '../../../web/teach/lessons.ts';

/** A page as the build makes it, as far as words and formulas go. */
function built(file: string): string {
  const html = fillTeaching(fs.readFileSync(path.join('web/pages', file), 'utf8'));
  return formulas().transformIndexHtml.handler(html, { path: `/${file}` });
}

describe.each(['teach.html', 'worksheets.html', 'worksheet-keys.html'])('%s', (file) => {
  const html = built(file);

  it('has all eight chapters, each place once, and its formulas as MathML', () => {
    for (const { chapter } of LESSONS) expect(html.split(` id="chapter-${chapter}"`)).toHaveLength(2);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(html).toContain('<math');
    expect(html).not.toMatch(/<tex|teach:|\{[\w.:-]+\|/);
  });

  it('needs no style and no script in itself', () => {
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/i);
  });
});

describe('worksheets', () => {
  const sheets = built('worksheets.html');
  const keys = built('worksheet-keys.html');
  // What it begins with, so that no other text can be meant.
  const answers = LESSONS.flatMap(({ activities, exercises }) => [
    ...activities.map(({ answer }) => answer),
    ...exercises.map(({ solution }) => solution),
  ]).map((text) => /^[^$[{*@&\n]{25,}/.exec(text)?.[0].replace(/\s+/g, ' ').trim());
  const told = answers.filter((text) => text !== undefined);

  it('tell no answer, and do not say where the answers are', () => {
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((text) => sheets.includes(text))).toEqual([]);
    expect(sheets).not.toContain('worksheet-keys');
    expect(sheets).not.toContain('class="key"');
  });

  it('have every answer in the keys', () => {
    expect(told.filter((text) => !keys.includes(text))).toEqual([]);
  });

  it('leave blank what is to be filled in, and no more', () => {
    const blank = (html: string) => html.split('to be filled in').length - 1;
    const asked = LESSONS.flatMap(({ exercises }) => exercises.flatMap(({ grid }) => grid?.rows ?? []))
      .filter(({ given }) => !given)
      .flatMap(({ cells }) => cells);
    expect(blank(sheets)).toBe(asked.length);
    expect(blank(keys)).toBe(0);
  });
});

it('material nobody has written stops the build', () => {
  expect(() => fillTeaching('<!-- teach:nothing -->')).toThrow('no teaching material called nothing');
});

it('docs/teaching.md is what scripts/teaching.mjs writes', () => {
  expect(fs.readFileSync('docs/teaching.md', 'utf8')).toBe(guide());
});

it('is cited by the version there is', () => {
  const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string };
  expect(COURSE.notes.find(({ id }) => id === 'licence')?.text).toContain(`Version ${version}.`);
});
