import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectScores } from '../../../web/report/connect.ts';
import { FakeQuiz } from './fake-quiz.ts';

const HOST = 'https://lms.example';

type Hear = (event: { source: unknown; origin: string; data: unknown }) => void;

/** A window in a frame, as far as is looked at. */
function framedWindow({ referrer = `${HOST}/course` } = {}) {
  const posted: [message: Record<string, unknown>, origin: string][] = [];
  const parent = {
    postMessage: (message: object, origin: string) =>
      posted.push([structuredClone(message) as never, origin]),
  };
  const listeners = new Set<Hear>();
  const page = {
    parent,
    location: {},
    document: { referrer },
    addEventListener: (_: string, hear: Hear) => listeners.add(hear),
    removeEventListener: (_: string, hear: Hear) => listeners.delete(hear),
  };
  const say = (data: unknown, { source = parent as unknown, origin = HOST } = {}) => {
    for (const hear of listeners) hear({ source, origin, data });
  };
  return { page: page as unknown as Window, posted, listeners, say };
}

afterEach(() => vi.useRealTimers());

describe('the scores of a quiz', () => {
  it('stay in the page unless its host asks for them: not a message, not a listener', () => {
    const { page, posted, listeners } = framedWindow();
    const quiz = new FakeQuiz();
    const connection = connectScores(quiz, { scores: null, scoresTo: HOST }, page);
    quiz.answerAll();
    connection.report();
    connection.close();
    expect(connection).toMatchObject({ origin: undefined, problem: undefined });
    expect(posted).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  it.each([
    [
      'a way that does not exist',
      { scores: 'email', scoresTo: null },
      'expected "splice" or "xapi", got "email"',
    ],
    ['a word of the language', { scores: 'constructor', scoresTo: null }, 'expected "splice" or "xapi"'],
    ['everybody', { scores: 'splice', scoresTo: '*' }, 'scores-to: expected an origin'],
  ])('stay there when they are asked for %s, and the page says why', (_, asked, problem) => {
    const { page, posted } = framedWindow();
    const quiz = new FakeQuiz();
    const connection = connectScores(quiz, asked, page);
    quiz.answerAll();
    connection.report();
    expect(connection.problem).toContain(problem);
    expect(posted).toEqual([]);
  });

  it.each(['splice', 'xapi'])('go only to the origin named, by %s', (scores) => {
    vi.useFakeTimers();
    const { page, posted } = framedWindow({ referrer: 'https://elsewhere.example/' });
    const quiz = new FakeQuiz();
    const connection = connectScores(quiz, { scores, scoresTo: HOST }, page);
    quiz.answerAll();
    connection.report();
    vi.advanceTimersByTime(60_000);
    connection.close();
    expect(posted.length).toBeGreaterThan(1);
    expect(new Set(posted.map(([, origin]) => origin))).toEqual(new Set([HOST]));
  });

  it('are restored only by the page around, from its own origin', () => {
    vi.useFakeTimers();
    const { page, posted, say } = framedWindow();
    const quiz = new FakeQuiz();
    const before = new FakeQuiz();
    before.answerAll();
    const connection = connectScores(quiz, { scores: 'splice', scoresTo: null }, page);
    const answer = {
      subject: 'SPLICE.getState.response',
      message_id: posted[0]![0].message_id,
      state: before.result,
    };
    say(answer, { source: { postMessage: () => undefined } });
    say(answer, { origin: 'https://elsewhere.example' });
    say(answer, { origin: 'null' });
    expect(quiz.result.answered).toBe(0);
    say(answer);
    expect(quiz.result).toEqual(before.result);
    connection.close();
  });
});
