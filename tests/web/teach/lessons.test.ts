import { describe, expect, it } from 'vitest';
import { CHAPTERS } from '../../../web/pages/contents.ts';
import { COURSE } from '../../../web/teach/course.ts';
import type { Lesson, Level } from '../../../web/teach/lesson.ts';
import { LESSONS } from '../../../web/teach/lessons.ts';
import { linkTargets } from './all-texts.ts';

/** What nobody can watch a student do. */
const UNSEEN = /^(understand|know|learn|appreciate|grasp|be aware)/i;
const HIGHER: readonly Level[] = ['analyse', 'evaluate', 'create'];

it('there is a lesson for each chapter', () => {
  expect(LESSONS.map(({ chapter }) => chapter)).toEqual(CHAPTERS.map(({ number }) => number));
});

describe.each(LESSONS)('the lesson on chapter $chapter', (lesson) => {
  it('says what can be seen afterwards, beyond remembering', () => {
    const { objectives } = lesson;
    expect(objectives.length).toBeGreaterThanOrEqual(4);
    expect(objectives.filter(({ text }) => UNSEEN.test(text))).toEqual([]);
    expect(objectives.filter(({ level }) => HIGHER.includes(level)).length).toBeGreaterThanOrEqual(2);
  });

  it('has enough of everything to choose from', () => {
    const { activities, discussion, exercises, misconceptions, prerequisites } = lesson;
    expect(Math.min(activities.length, prerequisites.length)).toBeGreaterThanOrEqual(3);
    expect(Math.min(discussion.length, misconceptions.length, exercises.length)).toBeGreaterThanOrEqual(4);
    expect(exercises.filter(({ kind }) => kind === 'exam').length).toBeGreaterThanOrEqual(2);
    expect(exercises.some(({ kind }) => kind === 'homework')).toBe(true);
  });

  it('fits a session, and its activities fit the time for figures twice at most', () => {
    const session = sum(lesson.session.map(({ minutes }) => minutes));
    expect(session).toBeGreaterThanOrEqual(75);
    expect(session).toBeLessThanOrEqual(90);
    const activities = sum(lesson.activities.map(({ minutes }) => minutes));
    expect(activities).toBeGreaterThanOrEqual(lesson.minutes.figures / 2);
    expect(activities).toBeLessThanOrEqual(lesson.minutes.figures * 2);
  });

  it('has no link in what is clicked to unfold an answer, and no formula in a table’s head', () => {
    const clicked = [
      ...lesson.discussion.map(({ ask }) => ask),
      ...lesson.activities.map(({ title }) => title),
    ];
    expect(linkTargets(clicked)).toEqual([]);
    const heads = lesson.exercises.flatMap(({ grid }) => [
      ...(grid?.head ?? []),
      ...(grid?.rows.map(({ label }) => label) ?? []),
    ]);
    expect(heads.filter((text) => text.includes('$'))).toEqual([]);
  });

  it('fills in every cell of a table that students are to fill in', () => {
    const grids = lesson.exercises.flatMap(({ grid }) => grid ?? []);
    const rows = grids.flatMap(({ head, rows: all }) =>
      all.map((row) => ({ ...row, columns: head.length - 1 })),
    );
    expect(rows.filter(({ cells, columns }) => cells.length !== columns)).toEqual([]);
    expect(rows.filter(({ cells, given }) => !given && cells.includes(''))).toEqual([]);
  });
});

describe('plans speak only of activities and exercises there are', () => {
  const titles = new Set(
    LESSONS.flatMap(({ activities, exercises }) =>
      [...activities, ...exercises].map(({ title }) => bare(title)),
    ),
  );
  const quoted = (text: string) => [...text.matchAll(/“([^”]+)”/g)].map(([, inside = '']) => bare(inside));

  it.each(LESSONS)('chapter $chapter', (lesson: Lesson) => {
    const named = lesson.session.flatMap(({ what }) => quoted(what));
    expect(named.filter((title) => !titles.has(title) && !SAID.includes(title))).toEqual([]);
  });

  it('courses', () => {
    const named = COURSE.paths.flatMap(({ steps }) => steps.flatMap(({ what }) => quoted(what)));
    expect(named.filter((title) => !titles.has(title))).toEqual([]);
  });
});

/** Quoted because somebody says it. */
const SAID = ['Why take away what may be put back', 'noise leads to better minima', 'why does it work'];

const bare = (title: string): string => title.replace(/[?,.]$/, '');
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
