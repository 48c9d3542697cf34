import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { QuizResult } from '../../../web/protocol/quiz.ts';
import { ANSWER_WITHIN, ASKED, RETRY_AFTER, SpliceChannel } from '../../../web/report/splice.ts';
import { FakeParent, type Message } from './fake-parent.ts';
import { FakeQuiz } from './fake-quiz.ts';
import * as hostility from './hostile.ts';

const GET = 'SPLICE.getState';
const GIVE = 'SPLICE.getState.response';
const REPORT = 'SPLICE.reportScoreAndState';

let quiz: FakeQuiz;
let parent: FakeParent;
let channel: SpliceChannel;

beforeEach(() => {
  vi.useFakeTimers();
  quiz = new FakeQuiz();
  parent = new FakeParent();
  channel = new SpliceChannel(quiz, parent);
});

afterEach(() => {
  channel.close();
  vi.useRealTimers();
});

const stateRequest = () => parent.of(GET)[0]!.message_id;

/** What the platform says to the question for the state. */
function give(more: object): void {
  parent.say({ subject: GIVE, message_id: stateRequest(), ...more });
}

function stored(): QuizResult {
  const before = new FakeQuiz();
  before.answer('mean', { number: 4 }, false);
  before.answer('axis', { chosen: [1] }, true);
  return before.result;
}

describe('SPLICE', () => {
  it('asks for what was stored before anything else, in the words of the protocol', () => {
    expect(parent.got).toEqual([
      { subject: 'SPLICE.getState', message_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
  });

  it('takes up what was stored and reports nothing, as nothing is new', () => {
    give({ state: stored() });
    expect(quiz.result).toEqual(stored());
    expect(parent.of(REPORT)).toEqual([]);
  });

  it('also takes it as text, as some platforms store it', () => {
    give({ state: JSON.stringify(stored()) });
    expect(quiz.result).toEqual(stored());
  });

  it('reports score and state after an answer, with an identifier of its own', () => {
    give({ state: null });
    quiz.answer('mean', { number: 5 }, true);
    channel.report();
    quiz.answer('axis', { chosen: [0] }, false);
    channel.report();
    const reports = parent.of(REPORT);
    expect(reports).toEqual(
      [1 / 3, 1 / 3].map((score) => ({
        subject: REPORT,
        message_id: expect.any(String),
        score,
        state: expect.objectContaining({ version: 1, quiz: quiz.result.quiz }),
      })),
    );
    expect(reports[1]!.state).toEqual(quiz.result);
    expect(new Set(parent.got.map(({ message_id }) => message_id)).size).toBe(parent.got.length);
  });

  it('tells of every answer as an event', () => {
    give({});
    quiz.answer('axis', { chosen: [0] }, false);
    channel.report();
    expect(parent.of('SPLICE.sendEvent')).toEqual([
      {
        subject: 'SPLICE.sendEvent',
        message_id: expect.any(String),
        name: 'answered',
        data: { question: 'axis', tries: 1, correct: false },
      },
    ]);
  });

  it('holds an answer back until the platform said what it has, and then loses neither', () => {
    quiz.answer('learned', { chosen: [0, 1] }, true);
    channel.report();
    expect(parent.of(REPORT)).toEqual([]);
    give({ state: stored() });
    const [report, ...more] = parent.of(REPORT);
    expect(more).toEqual([]);
    expect(report!.score).toBe(2 / 3);
    expect((report!.state as QuizResult).questions.map(({ tries }) => tries)).toEqual([1, 1, 1]);
  });

  it('asks a silent platform again, and reports all the same when it stays silent', () => {
    quiz.answer('mean', { number: 5 }, true);
    channel.report();
    vi.advanceTimersByTime(ANSWER_WITHIN * ASKED - 1);
    expect(parent.of(GET)).toHaveLength(ASKED);
    expect(parent.of(REPORT)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(parent.of(REPORT)).toHaveLength(1);
    vi.advanceTimersByTime(3_600_000);
    expect(parent.of(GET)).toHaveLength(ASKED);
  });

  it('takes up a state that comes late, and reports both', () => {
    quiz.answer('mean', { number: 5 }, true);
    channel.report();
    vi.advanceTimersByTime(ANSWER_WITHIN * ASKED);
    give({ state: stored() });
    const last = parent.of(REPORT).at(-1)!;
    expect(parent.of(REPORT)).toHaveLength(2);
    // The first answer to the question of the mean was the stored one.
    expect((last.state as QuizResult).questions[0]).toMatchObject({
      tries: 2,
      correct: true,
      correctAtFirst: false,
    });
  });

  it('listens to the first answer only', () => {
    give({ state: null });
    give({ state: stored() });
    expect(quiz.result.answered).toBe(0);
  });

  it.each([
    ['with another identifier', { subject: GIVE, message_id: 'another' }],
    ['without one', { subject: GIVE, message_id: undefined }],
    ['on another subject', { subject: `${GIVE}s` }],
    ['as a question', { subject: GET }],
  ])('ignores an answer %s', (_, change) => {
    give({ state: stored(), ...change });
    expect(quiz.result.answered).toBe(0);
    give({ state: stored() });
    expect(quiz.result.answered).toBe(2);
  });

  it('takes up nothing from an answer that is an error', () => {
    give({ error: { code: 'bad_request', message: 'no' }, state: stored() });
    expect(quiz.result.answered).toBe(0);
  });

  it('sends a refused report again, later and later, with all that is new by then', () => {
    give({});
    quiz.answer('mean', { number: 5 }, true);
    channel.report();
    const refuse = () =>
      parent.say({
        subject: `${REPORT}.response`,
        message_id: parent.of(REPORT).at(-1)!.message_id,
        error: { code: 'too_many' },
      });
    refuse();
    vi.advanceTimersByTime(RETRY_AFTER[0] - 1);
    expect(parent.of(REPORT)).toHaveLength(1);
    quiz.answer('axis', { chosen: [1] }, true);
    vi.advanceTimersByTime(1);
    expect(parent.of(REPORT).at(-1)!.score).toBe(2 / 3);
    for (const wait of RETRY_AFTER.slice(1)) {
      refuse();
      vi.advanceTimersByTime(wait);
    }
    expect(parent.of(REPORT)).toHaveLength(1 + RETRY_AFTER.length);
    refuse();
    vi.advanceTimersByTime(3_600_000);
    expect(parent.of(REPORT)).toHaveLength(1 + RETRY_AFTER.length);
    // The next answer is tried again.
    quiz.answer('learned', { chosen: [0, 1] }, true);
    channel.report();
    expect(parent.of(REPORT).at(-1)!.score).toBe(1);
  });

  it('is over when closed', () => {
    const before = parent.got.length;
    channel.close();
    vi.advanceTimersByTime(3_600_000);
    give({ state: stored() });
    expect(parent.got).toHaveLength(before);
    expect(quiz.result.answered).toBe(0);
  });

  it('survives whatever the platform says, and believes none of it', () => {
    const keys = ['subject', 'message_id', 'state', 'error', 'version', 'quiz', 'questions'];
    fc.assert(
      fc.property(hostility.hostile(keys), hostility.hostile(keys), (message, state) => {
        const asked = new FakeQuiz();
        const page = new FakeParent();
        const open = new SpliceChannel(asked, page);
        const { message_id } = page.of(GET)[0] as Message;
        page.say(message());
        page.say({ subject: GIVE, message_id, state: state() });
        page.say({ subject: `${REPORT}.response`, message_id: state(), error: message() });
        open.close();
        expect(asked.result).toEqual(new FakeQuiz().result);
        expect(page.of(REPORT)).toEqual([]);
      }),
    );
    expect(hostility.gettersRun).toBe(0);
  });
});
