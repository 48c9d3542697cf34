import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuizAsked } from '../../../web/protocol/quiz.ts';
import { ANONYMOUS, statements, XAPI_MESSAGE, XapiChannel } from '../../../web/report/xapi.ts';
import { FakeParent } from './fake-parent.ts';
import { FakeQuiz } from './fake-quiz.ts';
import { problemsOf } from './xapi-rules.ts';

function told(quiz: FakeQuiz, answering: () => void): Record<string, unknown>[] {
  const parent = new FakeParent();
  const channel = new XapiChannel(quiz, parent);
  answering();
  channel.report();
  return parent.got.map(({ statement, ...message }) => {
    expect(message).toEqual(XAPI_MESSAGE);
    return statement as Record<string, unknown>;
  });
}

describe('xAPI', () => {
  it('tells of every answer and of the end, in statements the specification allows', () => {
    const quiz = new FakeQuiz();
    const all = told(quiz, () => quiz.answerAll());
    expect(all.map(({ verb }) => (verb as { id: string }).id)).toEqual([
      'http://adlnet.gov/expapi/verbs/answered',
      'http://adlnet.gov/expapi/verbs/answered',
      'http://adlnet.gov/expapi/verbs/answered',
      'http://adlnet.gov/expapi/verbs/completed',
    ]);
    expect(all.flatMap(problemsOf)).toEqual([]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(4);
  });

  it('has no name in it: the host knows its learner, the quiz does not', () => {
    const quiz = new FakeQuiz();
    for (const { actor } of told(quiz, () => quiz.answerAll())) expect(actor).toEqual(ANONYMOUS);
  });

  it('says what was asked, what is right and what was answered', () => {
    const quiz = new FakeQuiz();
    const [number, one, several] = told(quiz, () => quiz.answerAll());
    expect(number).toMatchObject({
      object: {
        definition: {
          type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
          interactionType: 'numeric',
          correctResponsesPattern: ['4.95[:]5.05'],
          description: { en: 'What is the mean of 2, 4, 6 and 8?' },
        },
      },
      result: { score: { scaled: 1 }, success: true, response: '5' },
    });
    expect(one).toMatchObject({
      object: { definition: { interactionType: 'choice', correctResponsesPattern: ['b'] } },
      result: { response: 'b' },
    });
    expect(several).toMatchObject({
      object: { definition: { correctResponsesPattern: ['a[,]b'] } },
      result: { success: false, score: { scaled: 0 }, response: 'a[,]c' },
    });
  });

  it('scores the whole by first answers, once', () => {
    const quiz = new FakeQuiz();
    const last = told(quiz, () => quiz.answerAll()).at(-1);
    expect(last).toMatchObject({
      result: { score: { scaled: 2 / 3, raw: 2, min: 0, max: 3 }, completion: true },
    });
    const retried = told(quiz, () => quiz.answer('learned', { chosen: [0, 1] }, true));
    expect(retried).toMatchObject([{ verb: { display: { en: 'answered' } }, result: { success: true } }]);
  });

  it('stays within the specification whatever the questions are called and say', () => {
    const question: fc.Arbitrary<QuizAsked> = fc.record({
      id: fc.string({ minLength: 1 }),
      text: fc.string(),
      expects: fc.oneof(
        fc.record({
          kind: fc.constantFrom('one' as const, 'several' as const),
          options: fc.array(fc.string(), { minLength: 1, maxLength: 26 }),
          correct: fc.constant([0]),
        }),
        fc.record({
          kind: fc.constant('number' as const),
          value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
          tolerance: fc.double({ min: 0, max: 10, noNaN: true }),
        }),
      ),
    });
    fc.assert(
      fc.property(question, fc.string(), (asked, text) => {
        const quiz = new FakeQuiz([asked], text);
        const answer = asked.expects.kind === 'number' ? { number: asked.expects.value } : { chosen: [0] };
        quiz.answer(asked.id, answer, true);
        const made = statements(undefined, quiz.result, [asked], new Date(0));
        expect(made).toHaveLength(2);
        expect(made.flatMap(problemsOf)).toEqual([]);
      }),
    );
  });

  it('is as the documentation shows it', () => {
    const [, example = ''] =
      /```json\n(\{[^]*?\n\})\n```/.exec(fs.readFileSync('docs/scores.md', 'utf8')) ?? [];
    const { statement, ...message } = JSON.parse(example) as { statement: { id: string; timestamp: string } };
    const quiz = new FakeQuiz();
    quiz.answer('axis', { chosen: [1] }, true);
    const made = statements(undefined, quiz.result, quiz.asked, new Date(statement.timestamp));
    expect(made.map((one) => ({ ...one, id: statement.id }))).toEqual([statement]);
    expect(message).toEqual(XAPI_MESSAGE);
  });

  it('the rules of this test find what is wrong', () => {
    const quiz = new FakeQuiz();
    const [answered] = told(quiz, () => quiz.answer('axis', { chosen: [1] }, true));
    const wrong = (change: object) => problemsOf({ ...answered, ...change });
    expect(wrong({ id: 'x' })).toEqual([expect.stringContaining('id')]);
    expect(wrong({ timestamp: 'yesterday' })).toEqual([expect.stringContaining('timestamp')]);
    expect(wrong({ actor: { objectType: 'Agent' } })).toEqual([expect.stringContaining('actor')]);
    expect(wrong({ result: { score: { scaled: 2 } } })).toEqual([expect.stringContaining('scaled')]);
    expect(wrong({ more: 1 })).toEqual([expect.stringContaining('more')]);
    expect(wrong({ object: { id: 'no iri' } })).toEqual([expect.stringContaining('object.id')]);
    expect(wrong({ verb: { id: 'answered' } })).toEqual([expect.stringContaining('verb.id')]);
  });
});
