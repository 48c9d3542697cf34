import { Scorm12API } from 'scorm-again';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COMMIT_AGAIN_AFTER, ScormChannel } from '../../../web/report/scorm.ts';
import { findScormApi, type ScormApi, type ScormWindow } from '../../../web/report/scorm-api.ts';
import { FakeQuiz } from './fake-quiz.ts';

/** A run-time that real platforms use, with its records at hand. */
function platform(stored: object = {}, { mastery = '' } = {}) {
  const api = new Scorm12API({ autocommit: false, logLevel: 5 });
  api.loadFromJSON(stored as never, '');
  if (mastery) api.cmi.student_data.mastery_score = mastery;
  const read = (name: string) => String(api.getCMIValue(`cmi.${name}`));
  return {
    api: api as unknown as ScormApi,
    read,
    stored: () => JSON.parse(JSON.stringify(api.cmi)) as object,
  };
}

let problems: (string | undefined)[];
const onProblem = (problem: string | undefined) => problems.push(problem);

beforeEach(() => {
  problems = [];
  vi.useFakeTimers({ now: new Date(2026, 0, 5, 9, 30, 15) });
});

afterEach(() => vi.useRealTimers());

describe('a quiz in a SCORM 1.2 platform', () => {
  it('opens its records and says that it was begun', () => {
    const { api, read } = platform();
    const channel = new ScormChannel(new FakeQuiz(), api, { onProblem });
    expect(read('core.lesson_status')).toBe('incomplete');
    expect(read('core.score.raw')).toBe('');
    channel.close();
    expect(problems).toEqual([]);
  });

  it('tells every answer at once: score, state and the interaction', () => {
    const { api, read } = platform();
    const commit = vi.spyOn(api, 'LMSCommit');
    const quiz = new FakeQuiz();
    const channel = new ScormChannel(quiz, api, { onProblem });
    const commits = commit.mock.calls.length;
    quiz.answer('mean', { number: 5 }, true);
    channel.report();
    expect(commit.mock.calls.length).toBe(commits + 1);
    quiz.answer('learned', { chosen: [0, 2] }, false);
    channel.report();
    expect(read('core.score.raw')).toBe('33.33');
    expect([read('core.score.min'), read('core.score.max')]).toEqual(['0', '100']);
    expect(read('core.lesson_status')).toBe('incomplete');
    expect(read('suspend_data')).toContain('"mean",1,3,5');
    expect(read('interactions._count')).toBe('2');
    // Interactions are written only: a platform does not read them back to the page.
    const { interactions } = (JSON.parse(JSON.stringify((api as unknown as Scorm12API).cmi)) as {
      interactions: Record<string, object>;
    })!;
    expect(interactions['0']).toMatchObject({
      id: 'mean',
      time: '09:30:15',
      type: 'numeric',
      weighting: '1',
      student_response: '5',
      result: 'correct',
      correct_responses: { 0: { pattern: '5' } },
    });
    expect(interactions['1']).toMatchObject({
      id: 'learned',
      type: 'choice',
      student_response: '{a,c}',
      result: 'wrong',
      correct_responses: { 0: { pattern: '{a,b}' } },
    });
    channel.close();
    expect(problems).toEqual([]);
  });

  it.each([
    ['completed, where nothing says what is enough', {}, undefined, 'completed'],
    ['passed, where its package says how much is enough', {}, 60, 'passed'],
    ['failed, where that is too little', {}, 80, 'failed'],
    ["judged by the platform's own number", { mastery: '50' }, 80, 'passed'],
  ])('is %s', (_, own, mastery, status) => {
    const { api, read } = platform({}, own);
    const quiz = new FakeQuiz();
    const channel = new ScormChannel(quiz, api, { mastery, onProblem });
    quiz.answerAll();
    channel.report();
    expect(read('core.score.raw')).toBe('66.67');
    expect(read('core.lesson_status')).toBe(status);
    channel.close();
    expect(read('core.lesson_status')).toBe(status);
  });

  it('goes on where it was left, and does not tell old answers again', () => {
    const first = platform();
    const quiz = new FakeQuiz();
    const channel = new ScormChannel(quiz, first.api, { onProblem });
    quiz.answer('mean', { number: 4 }, false);
    channel.report();
    channel.close();

    const second = platform(first.stored());
    const again = new FakeQuiz();
    const resumed = new ScormChannel(again, second.api, { onProblem });
    expect(again.result).toEqual(quiz.result);
    again.answer('axis', { chosen: [1] }, true);
    resumed.report();
    expect(second.read('interactions._count')).toBe('2');
    expect(second.read('core.score.raw')).toBe('33.33');
    resumed.close();
    expect(problems).toEqual([]);
  });

  it('keeps an outcome whose answers the platform lost', () => {
    const { api, read } = platform({ core: { lesson_status: 'passed', score: { raw: '90' } } });
    const quiz = new FakeQuiz();
    const channel = new ScormChannel(quiz, api, { onProblem });
    quiz.answer('mean', { number: 4 }, false);
    channel.report();
    expect([read('core.lesson_status'), read('core.score.raw')]).toEqual(['passed', '90']);
    channel.close();
  });

  it('counts the time of its session', () => {
    const { api } = platform();
    const channel = new ScormChannel(new FakeQuiz(), api, { onProblem });
    vi.advanceTimersByTime((1 * 3600 + 2 * 60 + 3.25) * 1000);
    const set = vi.spyOn(api, 'LMSSetValue');
    channel.close();
    expect(set).toHaveBeenCalledWith('cmi.core.session_time', '0001:02:03.25');
    expect(set).toHaveBeenCalledWith('cmi.core.exit', 'suspend');
  });

  it('ends its session once', () => {
    const { api } = platform();
    const finish = vi.spyOn(api, 'LMSFinish');
    const channel = new ScormChannel(new FakeQuiz(), api, { onProblem });
    channel.close();
    channel.close();
    channel.report();
    expect(finish).toHaveBeenCalledTimes(1);
  });

  it('commits again what a platform did not take, says so, and says when it is over', () => {
    const { api, read } = platform();
    const quiz = new FakeQuiz();
    const channel = new ScormChannel(quiz, api, { onProblem });
    const commit = vi.spyOn(api, 'LMSCommit').mockReturnValue('false');
    quiz.answerAll();
    channel.report();
    expect(problems).toEqual([expect.stringContaining('sent again')]);
    for (const wait of COMMIT_AGAIN_AFTER) {
      const before = commit.mock.calls.length;
      vi.advanceTimersByTime(wait);
      expect(commit.mock.calls.length).toBe(before + 1);
    }
    commit.mockRestore();
    vi.advanceTimersByTime(COMMIT_AGAIN_AFTER.at(-1)!);
    expect(problems.at(-1)).toBeUndefined();
    expect(read('core.lesson_status')).toBe('completed');
    expect(read('interactions._count')).toBe('3');
    channel.close();
  });

  it('works with a platform that keeps no interactions', () => {
    const { api, read } = platform();
    const set = api.LMSSetValue.bind(api);
    const asked = vi
      .spyOn(api, 'LMSSetValue')
      .mockImplementation((name, value) =>
        name.startsWith('cmi.interactions') ? 'false' : set(name, value),
      );
    vi.spyOn(api, 'LMSGetLastError').mockReturnValue('401');
    const quiz = new FakeQuiz();
    const channel = new ScormChannel(quiz, api, { onProblem });
    quiz.answerAll();
    channel.report();
    expect(asked.mock.calls.filter(([name]) => name.startsWith('cmi.interactions'))).toHaveLength(1);
    expect(read('core.lesson_status')).toBe('completed');
    expect(problems).toEqual([]);
    channel.close();
  });

  it.each([
    ['refuses', () => 'false'],
    [
      'falls over',
      () => {
        throw new Error('session lost');
      },
    ],
    ['says nothing', () => undefined as unknown as string],
  ])('stays a working quiz where the platform %s', (_, answer) => {
    const api: ScormApi = {
      LMSInitialize: answer,
      LMSFinish: answer,
      LMSGetValue: answer,
      LMSSetValue: answer,
      LMSCommit: answer,
      LMSGetLastError: answer,
    };
    const quiz = new FakeQuiz();
    const channel = new ScormChannel(quiz, api, { onProblem });
    quiz.answerAll();
    channel.report();
    channel.close();
    expect(problems).toEqual([expect.stringContaining('did not open')]);
  });

  it('takes up nothing from records that are not its own', () => {
    for (const data of ['', 'null', '{}', 'x'.repeat(5_000), '[1,"another quiz",[["mean",1,3,5]]]']) {
      const { api } = platform({ suspend_data: data });
      const quiz = new FakeQuiz();
      const channel = new ScormChannel(quiz, api, { onProblem });
      expect(quiz.result).toEqual(new FakeQuiz().result);
      channel.close();
    }
  });
});

describe("the platform's API", () => {
  const api = platform().api;
  const top = (more: object = {}): ScormWindow => {
    const page = { ...more } as { parent: ScormWindow };
    page.parent = page;
    return page;
  };
  const inside = (parent: ScormWindow, more: object = {}): ScormWindow => ({ parent, ...more });

  it('is found in a page around, however far', () => {
    let page = top({ API: api });
    for (let level = 0; level < 400; level++) page = inside(page);
    expect(findScormApi(page)).toBe(api);
  });

  it('is found at the page that opened this one, and around that', () => {
    expect(findScormApi(top({ opener: top({ API: api }) }))).toBe(api);
    expect(findScormApi(inside(top({ opener: inside(top({ API: api })) })))).toBe(api);
  });

  it('is none where pages run in a circle, or lack half of it', () => {
    const left = { parent: undefined as unknown as ScormWindow };
    const right = { parent: left as ScormWindow };
    left.parent = right;
    expect(findScormApi(left)).toBeUndefined();
    expect(findScormApi(top({ API: { LMSInitialize: () => 'true' } }))).toBeUndefined();
    expect(findScormApi(top())).toBeUndefined();
  });

  it('is not looked for in pages of other origins, which throw', () => {
    const stranger = new Proxy(
      {},
      {
        get(_, name) {
          if (name === 'parent') return stranger;
          throw new DOMException('Blocked a frame', 'SecurityError');
        },
      },
    ) as ScormWindow;
    expect(findScormApi(inside(stranger, { opener: stranger }))).toBeUndefined();
  });
});
