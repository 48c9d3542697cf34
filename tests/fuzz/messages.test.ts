import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hear } from '../../web/embed/messages.ts';
import { MOST_QUESTIONS, type QuizResult } from '../../web/protocol/quiz.ts';
import { readQuizResult } from '../../web/report/quiz-result.ts';
import { SpliceChannel } from '../../web/report/splice.ts';
import { fromSuspendData, SUSPEND_DATA_LENGTH, toSuspendData } from '../../web/report/suspend-data.ts';
import { FakeParent } from '../web/report/fake-parent.ts';
import { FakeQuiz } from '../web/report/fake-quiz.ts';
import { gettersRun, hostile } from '../web/report/hostile.ts';
import { hostileText } from './hostile-text.ts';
import { bothIn, fuzz, must } from './inputs.ts';

/** What the page around, or a course platform, says: nobody knows who that is. */
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

/** As a message arrives: a copy; what cannot be copied is never sent. */
function arriving(message: unknown): { data: unknown } | undefined {
  try {
    return { data: structuredClone(message) };
  } catch {
    return undefined;
  }
}

describe('a message to an embed', () => {
  it('asks for one of the things it may ask for, or for nothing', () => {
    const keys = ['source', 'version', 'type', 'context', 'action', 'height', 'hash'];
    const near = fc.record(
      {
        source: fc.constantFrom('batchnorm-lab', 'other', 1),
        version: fc.constantFrom(1, 2, '1'),
        type: fc.constantFrom('hello', 'resize', '__proto__'),
        context: fc.constantFrom('h5p', 'h6p', null),
        action: fc.constantFrom('ready', 'hello', 'resize', 'resizePrepared', 'constructor'),
      },
      { requiredKeys: [] },
    );
    const messages = fc.oneof(
      near.map((made) => () => made),
      hostile(keys),
    );
    const heard = fuzz('message to an embed', messages, (make) => {
      const message = arriving(make());
      return message ? (hear(message.data) ?? 'nothing') : 'cannot be sent';
    });
    expect(Object.keys(heard).sort()).toEqual(['cannot be sent', 'greet', 'nothing', 'tell']);
  });
});

const RESULT_KEYS = [
  'version',
  'quiz',
  'questions',
  'id',
  'answer',
  'tries',
  'correct',
  'correctAtFirst',
  'chosen',
];

/** A right result with one place of it replaced. */
const nearResult = fc
  .tuple(fc.constantFrom(...RESULT_KEYS), fc.anything(), fc.nat({ max: 2 }))
  .map(([key, value, at]) => {
    const quiz = new FakeQuiz();
    quiz.answerAll();
    const result = structuredClone(quiz.result) as QuizResult & Record<string, unknown>;
    const question = result.questions[at] as unknown as Record<string, unknown>;
    (key in question ? question : (result as Record<string, unknown>))[key] = value;
    return () => result as unknown;
  });

/** Small, finite, and the same when read again. */
function mustBeSound(result: QuizResult): void {
  must(result.questions.length <= MOST_QUESTIONS);
  must(result.score >= 0);
  must(result.score <= 1);
  must(result.answered <= result.total);
  must(isDeepStrictEqual(readQuizResult(JSON.parse(JSON.stringify(result))), result));
}

describe('a result as somebody stored it', () => {
  it('is taken over as far as it is one, and no code of it runs', () => {
    // Copying for the message above ran some.
    const before = gettersRun;
    const tally = fuzz('stored result', fc.oneof(hostile(RESULT_KEYS), nearResult), (make) => {
      const result = readQuizResult(make());
      if (!result) return 'refused';
      mustBeSound(result);
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(5);
    expect(gettersRun).toBe(before);
  });

  it('may also be the text a SCORM platform gives back', () => {
    const quiz = new FakeQuiz();
    quiz.answerAll();
    const right = [
      toSuspendData(quiz.result)!,
      toSuspendData(new FakeQuiz().result)!,
      '[1,"1",[["a",1,3,[0]]]]',
    ];
    const words = ['[', ']', ',', '"', '1', '-1', '"mean"', 'null', '{', '}', '1e999', '[['];
    const tally = fuzz('suspend data', hostileText(right, words), (text) => {
      const result = fromSuspendData(text);
      if (!result) return 'refused';
      must(text.length <= SUSPEND_DATA_LENGTH);
      mustBeSound(result);
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(5);
  });
});

describe('a platform that talks SPLICE', () => {
  it('may say anything at any time: the answers stay, and it is told no more than it asked for', () => {
    const word = fc.constantFrom(
      'SPLICE.getState.response',
      'SPLICE.reportScoreAndState.response',
      'SPLICE.getState',
      'lti.frameResize',
    );
    const script = fc.array(
      fc.tuple(
        fc.oneof(hostile(['subject', 'message_id', 'state', 'error']), nearResult),
        word,
        fc.constantFrom('state request', 'last report', 'stranger'),
        fc.constantFrom(0, 1_000, 6_000),
      ),
      { maxLength: 6 },
    );
    const tally = fuzz('message of a platform', script, (messages) => {
      const quiz = new FakeQuiz();
      const parent = new FakeParent();
      const channel = new SpliceChannel(quiz, parent);
      quiz.answer('mean', { number: 5 }, true);
      channel.report();
      for (const [make, subject, whose, pause] of messages) {
        const ids = {
          'state request': parent.of('SPLICE.getState')[0]!['message_id'],
          'last report': parent.of('SPLICE.reportScoreAndState').at(-1)?.['message_id'],
          stranger: 'somebody',
        };
        const made = make();
        const message = arriving({
          subject,
          message_id: ids[whose],
          state: arriving(made)?.data,
          ...(pause === 0 && { error: whose }),
        });
        parent.say(message?.data);
        parent.say(arriving(made)?.data);
        vi.advanceTimersByTime(pause);
      }
      // The answer given here is there, or the platform's own first answer to that question.
      const mean = quiz.result.questions.find(({ id }) => id === 'mean');
      must((mean?.tries ?? 0) > 0);
      mustBeSound(quiz.result);
      // Each message is answered by one of ours at most; those by the clock are few.
      must(parent.got.length <= 2 * messages.length + 8);
      channel.close();
      vi.clearAllTimers();
      return mean?.tries === 1 ? 'as it was' : 'taken up';
    });
    expect(Object.keys(tally).sort()).toEqual(['as it was', 'taken up']);
  });
});
