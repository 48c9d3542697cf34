import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_QUESTIONS } from '../../../web/protocol/quiz.ts';
import { QUESTIONS } from '../../../web/quiz/questions.ts';
import { isNumber, makeQuiz, textOf } from '../../../web/quiz/quiz.ts';
import {
  ALL_QUESTIONS,
  decodeQuiz,
  encodeQuiz,
  parseSetting,
  QUIZ_SETTINGS,
  type QuizSettings,
} from '../../../web/quiz/settings.ts';

const ids = (settings: Partial<QuizSettings>) =>
  makeQuiz({ ...ALL_QUESTIONS, ...settings }).items.map(({ question }) => question.id);

const settings: fc.Arbitrary<QuizSettings> = fc.record({
  chapter: fc.integer({ min: 0, max: 8 }),
  questions: fc.subarray(QUESTIONS.map(({ id }) => id)).map((names) => names.join()),
  count: fc.integer({ min: 0, max: MOST_QUESTIONS }),
  seed: fc.integer({ min: 0, max: 999_999 }),
  shuffle: fc.boolean(),
});

describe('what is asked', () => {
  it('is everything, unless something else is asked for', () => {
    expect(ids({}).toSorted()).toEqual(QUESTIONS.map(({ id }) => id).toSorted());
    expect(QUESTIONS.length).toBeLessThanOrEqual(MOST_QUESTIONS);
  });

  it('is what belongs to a chapter, or what is named, in the order named', () => {
    expect(ids({ chapter: 3, shuffle: false })).toEqual(
      QUESTIONS.filter(({ chapters }) => chapters.includes(3)).map(({ id }) => id),
    );
    expect(ids({ chapter: 3, questions: 'bias, xhat', shuffle: false })).toEqual(['bias', 'xhat']);
  });

  it('is the same for the same seed, and in another order for another', () => {
    expect(ids({ seed: 7 })).toEqual(ids({ seed: 7 }));
    expect(ids({ seed: 7 })).not.toEqual(ids({ seed: 8 }));
    expect(ids({ seed: 7 }).toSorted()).toEqual(ids({ seed: 8 }).toSorted());
  });

  it('begins with a question that needs no pencil, where there is one and the order is drawn', () => {
    for (const chapter of [0, 1, 2, 4]) {
      for (let seed = 0; seed < 50; seed++) {
        const [first] = makeQuiz({ ...ALL_QUESTIONS, chapter, seed }).items;
        expect(isNumber(first!)).toBe(false);
      }
    }
    expect(ids({ questions: 'xhat,output' }).toSorted()).toEqual(['output', 'xhat']);
    expect(ids({ questions: 'xhat,bias', shuffle: false })).toEqual(['xhat', 'bias']);
  });

  it('comes as few as are asked for', () => {
    expect(ids({ count: 4 })).toEqual(ids({}).slice(0, 4));
    expect(ids({ chapter: 8, count: 40 }).length).toBe(ids({ chapter: 8 }).length);
  });

  it('has its answers in an order drawn from the seed, alike wherever the question stands', () => {
    const orders = (settings: Partial<QuizSettings>) =>
      makeQuiz({ ...ALL_QUESTIONS, ...settings }).items.flatMap((item) =>
        isNumber(item) ? [] : [[item.question.id, item.order.join()] as const],
      );
    expect(new Map(orders({ seed: 3 })).get('bias')).toBe(
      new Map(orders({ seed: 3, chapter: 2 })).get('bias'),
    );
    expect(orders({ seed: 3, chapter: 2 })).not.toEqual(orders({ seed: 4, chapter: 2 }));
    for (const [, order] of orders({ shuffle: false }))
      expect(order).toBe(order.split(',').toSorted().join());
  });

  it('puts the right answer anywhere: over many seeds about as often first as last', () => {
    const first = Array.from({ length: 400 }, (_, seed) => {
      const [item] = makeQuiz({ ...ALL_QUESTIONS, questions: 'bias', seed }).items;
      return !isNumber(item!) && item!.question.options[item!.order[0]!]!.right === true;
    });
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.17);
    expect(share).toBeLessThan(0.33);
  });

  it('has other numbers with another seed', () => {
    const text = (seed: number) => textOf(makeQuiz({ ...ALL_QUESTIONS, questions: 'xhat', seed }).items[0]!);
    expect(text(1)).toBe(text(1));
    expect(new Set([1, 2, 3, 4, 5].map(text)).size).toBe(5);
  });
});

describe('the text of a quiz', () => {
  it('says what differs from all questions, and no more', () => {
    expect(encodeQuiz(ALL_QUESTIONS)).toBe('1');
    expect(encodeQuiz({ ...ALL_QUESTIONS, chapter: 3, seed: 7 })).toBe('1;chapter=3;seed=7');
    expect(encodeQuiz({ ...ALL_QUESTIONS, questions: 'xhat,bias', shuffle: false })).toBe(
      '1;questions=xhat,bias;shuffle=off',
    );
  });

  it('is read back as the same quiz', () => {
    fc.assert(
      fc.property(settings, (value) => {
        expect(decodeQuiz(encodeQuiz(value)).value).toEqual(value);
        expect(makeQuiz(value)).toMatchObject({ settings: value, text: encodeQuiz(value) });
      }),
    );
  });

  // Links in course pages: these stay readable.
  it.each([
    ['1;chapter=3;seed=7', { chapter: 3, seed: 7 }],
    ['1;questions=negative-gamma,xhat;count=1', { questions: 'negative-gamma,xhat', count: 1 }],
    ['1;chapter=8;shuffle=off', { chapter: 8, shuffle: false }],
    ['1', {}],
  ])('%s is read as it always was', (text, expected) => {
    expect(decodeQuiz(text).value).toEqual({ ...ALL_QUESTIONS, ...expected });
  });

  it.each([
    ['2;chapter=3', /version/],
    ['1;chapter=9', /chapter: expected a whole number from 0 to 8, got 9/],
    ['1;chapter=1.5', /whole number/],
    ['1;count=1000', /count: expected a whole number from 0 to 48/],
    ['1;questions=xhat,nonsense', /there is no question called “nonsense”/],
    ['1;questions=xhat,xhat', /xhat is given twice/],
    ['1;shuffle=perhaps', /on or off/],
    ['1;__proto__=1', /is not one of its settings/],
    ['1;chapter=1;chapter=2', /given twice/],
    ['', /version/],
    ['<img src=x onerror=alert(1)>', /version/],
  ])('%s is refused with a reason', (text, reason) => {
    expect(decodeQuiz(text).problem).toMatch(reason);
  });

  it('survives whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `1;${rest}`),
        ),
        (text) => {
          const { value, problem } = decodeQuiz(text);
          expect(value === undefined).toBe(problem !== undefined);
          expect(makeQuiz(value ?? ALL_QUESTIONS).items.length).toBeLessThanOrEqual(MOST_QUESTIONS);
        },
      ),
    );
  });

  it('reads each attribute by the same rules', () => {
    expect(QUIZ_SETTINGS).toEqual(['chapter', 'questions', 'count', 'seed', 'shuffle']);
    expect(parseSetting('seed', '7').value).toBe(7);
    expect(parseSetting('seed', '-1').problem).toMatch(/from 0 to/);
    expect(parseSetting('questions', 'bias,nobody').problem).toMatch(/nobody/);
    expect(parseSetting('shuffle', 'off').value).toBe(false);
  });
});
