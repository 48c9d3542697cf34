import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findClaim } from '../../../web/claims/claims.ts';
import { CHAPTERS } from '../../../web/pages/contents.ts';
import { checkQuestions, STAGES } from '../../../web/quiz/checks.ts';
import type { ChoiceQuestion, Question } from '../../../web/quiz/question.ts';
import { findQuestion, QUESTIONS } from '../../../web/quiz/questions.ts';
import { measuredIn, plainText } from '../../../web/quiz/text.ts';

const choices = QUESTIONS.filter((question): question is ChoiceQuestion => question.kind !== 'number');
const rightText = (options: ChoiceQuestion['options']) => options.find(({ right }) => right)?.text ?? '';
const named = (questions: readonly Question[]) => questions.map((each) => [each.id, each] as const);
/** Their names are in links and in stored results: they stay, whatever else is added. */
const FIRST = [
  'three-ways',
  'outputs',
  'where-in-network',
  'around-nonlinearity',
  'why-affine',
  'good-practice',
  'why-mini-batch',
  'per-feature',
  'which-descent',
  'negative-gamma',
  'two-values',
  'bias',
  'scaled-weights',
  'weight-decay',
  'training-statistics',
  'keras-momentum',
  'bad-inference',
  'decorrelate',
  'gradient-shift',
  'fifty-layers',
  'where-it-helps',
  'same-batches',
  'dropout-before',
  'one-class',
  'initial-weights',
  'noisy-inputs',
  'other-norms',
  'xhat',
  'output',
  'gamma-gradient',
  'largest-xhat',
  'weight-gradient',
  'running-mean',
  'stored-variance',
  'inference-output',
  'chain-step',
];
const studies = JSON.parse(fs.readFileSync('build/studies.json', 'utf8')) as { id: string }[];

describe('the questions', () => {
  it('keep the names they were given', () => {
    expect(FIRST.filter((id) => !findQuestion(id))).toEqual([]);
  });

  it('have names that links and stores can hold, each its own', () => {
    const ids = QUESTIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][a-z0-9-]{1,19}$/.test(id))).toEqual([]);
  });

  it('are enough for every chapter, of both kinds in most', () => {
    for (const { number } of CHAPTERS) {
      const own = QUESTIONS.filter(({ chapters }) => chapters.includes(number));
      expect(own.length).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(named(QUESTIONS))('%s names chapters, claims and experiments there are', (_, question) => {
    const known = CHAPTERS.map(({ number }) => number);
    expect(question.chapters.filter((chapter) => !known.includes(chapter))).toEqual([]);
    expect(question.claims.filter((claim) => !findClaim(claim))).toEqual([]);
    const ids = studies.map(({ id }) => id);
    expect(question.experiments.filter((experiment) => !ids.includes(experiment))).toEqual([]);
    expect(question.claims.length).toBeGreaterThan(0);
    expect(question.experiments.length).toBeGreaterThan(0);
  });

  it.each(named(choices))('%s has right and wrong answers, each with a reason of its own', (_, question) => {
    const { kind, options } = question as ChoiceQuestion;
    const right = options.filter((option) => option.right);
    expect(options.length).toBeGreaterThanOrEqual(3);
    expect(right.length).toBeLessThan(options.length);
    expect(right.length > 1).toBe(kind === 'several');
    expect(right.length).toBeGreaterThan(0);
    expect(new Set(options.map(({ text }) => text)).size).toBe(options.length);
    expect(new Set(options.map(({ why }) => why)).size).toBe(options.length);
    for (const { why } of options) expect(why.length).toBeGreaterThan(20);
  });

  it('do not betray the right answer by its place, even unshuffled', () => {
    const places = choices
      .filter(({ kind }) => kind === 'one')
      .map(({ options }) => options.findIndex(({ right }) => right));
    for (const place of [0, 1, 2, 3])
      expect(places.filter((one) => one === place).length / places.length).toBeLessThan(0.4);
  });

  it('do not betray it by its length: often enough a wrong one is longer', () => {
    const betrayed = choices
      .filter(({ kind }) => kind === 'one')
      .filter(({ options }) =>
        options.every(({ right, text }) => right || text.length < rightText(options).length),
      );
    expect(betrayed.length).toBeLessThan(0.5 * choices.length);
  });
});

describe('the words', () => {
  const texts = choices.flatMap(({ id, text, options, note = '', see }) => [
    ...[text, note, see.text].map((each) => [id, each] as const),
    ...options.flatMap((option) => [[id, option.text] as const, [id, option.why] as const]),
  ]);

  it('name every percentage that was measured', () => {
    // Guessing among ten classes, and what is thrown away by a momentum of 0.99, are no measurements.
    const allowed = ['10 %', '99 %'];
    const loose = texts.flatMap(([id, text]) =>
      [...text.replace(/\{[^{}]+\}(?: (?:against|and) \{[^{}]+\})*/g, '').matchAll(/[\d.]+ %/g)]
        .filter(([found]) => !allowed.includes(found))
        .map(([found]) => `${id}: ${found}`),
    );
    expect(loose).toEqual([]);
  });

  it('leave no braces to be read', () => {
    expect(texts.map(([, text]) => plainText(text)).filter((text) => /[{}]/.test(text))).toEqual([]);
    expect(texts.flatMap(([, text]) => measuredIn(text)).length).toBeGreaterThan(30);
  });

  it('have true minus signs and typographic quotes', () => {
    expect(texts.filter(([, text]) => /(^|[\s(])-\d|["']/.test(text))).toEqual([]);
  });
});

describe('the self-checks', () => {
  it.each(CHAPTERS.map(({ number }) => number))('of chapter %i ask questions of that chapter', (chapter) => {
    for (const stage of STAGES) {
      const asked = checkQuestions(chapter, stage);
      expect(asked.length).toBeGreaterThanOrEqual(3);
      expect(asked.filter((id) => !findQuestion(id)?.chapters.includes(chapter))).toEqual([]);
      expect(new Set(asked).size).toBe(asked.length);
    }
  });

  it('ask again after reading what they asked before, first of all', () => {
    for (const { number } of CHAPTERS) {
      const before = checkQuestions(number, 'before');
      expect(checkQuestions(number, 'after').slice(0, before.length)).toEqual(before);
    }
  });

  it('need no engine before reading', () => {
    const kinds = CHAPTERS.flatMap(({ number }) =>
      checkQuestions(number, 'before').map((id) => findQuestion(id)?.kind),
    );
    expect(kinds).not.toContain('number');
  });
});
