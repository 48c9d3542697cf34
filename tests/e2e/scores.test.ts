import type { Frame, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { QuizResult } from '../../web/protocol/quiz.ts';
import { problemsOf } from '../web/report/xapi-rules.ts';
import { useHosts } from './host-page.ts';
import { QuizPlayer } from './quiz-player.ts';

const QUIZ = 'questions=per-feature,xhat,bias&shuffle=off';

/** A platform's page: keeps what the frame says, and answers as the SPLICE protocol has it. */
const PLATFORM = `
  <script>
    window.got = [];
    addEventListener('message', ({ source, origin, data }) => {
      const frame = document.querySelector('#activity').contentWindow;
      if (source !== frame) return;
      window.got.push(data);
      if (data.subject === 'SPLICE.reportScoreAndState') localStorage.setItem('state', JSON.stringify(data.state));
      if (data.subject === 'SPLICE.getState') {
        const state = JSON.parse(localStorage.getItem('state'));
        frame.postMessage({ subject: data.subject + '.response', message_id: data.message_id, state }, origin);
      }
    });
  </script>`;

const platform = (more: string, beside = '') => ({
  body: `${PLATFORM}<iframe id="activity" title="Quiz" width="720" height="900"
    src="{lab}embed.html#v=1&figure=quiz&${QUIZ}${more}"></iframe>${beside}`,
});

type Message = Record<string, unknown>;

const got = (page: Page): Promise<Message[]> =>
  page.evaluate(() => (window as never as { got: Message[] }).got);

const about = async (page: Page, subject: string) =>
  (await got(page)).filter((message) => message['subject'] === subject);

async function player(page: Page): Promise<QuizPlayer & { frame: Frame }> {
  const frame = (await (await page.waitForSelector('#activity')).contentFrame())!;
  const quiz = Object.assign(new QuizPlayer(frame), { frame });
  await quiz.ready();
  return quiz;
}

describe('scores of a quiz in a frame', () => {
  const hosts = useHosts();

  it('are reported to a platform that speaks SPLICE, and taken up from it', async () => {
    const page = await hosts.open(platform('&scores=splice'));
    const quiz = await player(page);
    await quiz.frame.getByText('Your answers and your score are sent to').waitFor();
    await page.waitForFunction(() =>
      (window as never as { got: Message[] }).got.some((one) => one['subject'] === 'SPLICE.getState'),
    );
    await quiz.answer(true);
    await quiz.answer(false);
    const reports = await about(page, 'SPLICE.reportScoreAndState');
    expect(reports.map(({ score }) => score)).toEqual([1 / 3, 1 / 3]);
    expect(reports.at(-1)!['state']).toEqual(await quiz.result());

    await page.reload();
    const again = await player(page);
    await again.frame.waitForFunction(
      () => document.querySelector<HTMLElement & { result: QuizResult }>('bn-quiz')!.result.answered === 2,
    );
    expect(await about(page, 'SPLICE.reportScoreAndState')).toEqual([]);
    await again.answer(true);
    const [last] = await about(page, 'SPLICE.reportScoreAndState');
    expect(last).toMatchObject({ score: 2 / 3, state: { answered: 3, finished: true } });
  });

  it('are told in xAPI statements that the specification allows', async () => {
    const page = await hosts.open(platform('&scores=xapi'));
    const quiz = await player(page);
    await quiz.frame.getByText('Your answers and your score are sent to').waitFor();
    for (const right of [true, false, true]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as a reader does
      await quiz.answer(right);
    }
    const statements = (await got(page))
      .filter(({ type }) => type === 'xapi')
      .map(({ statement }) => statement);
    expect(statements).toHaveLength(4);
    expect(statements.flatMap(problemsOf)).toEqual([]);
    expect(statements.at(-1)).toMatchObject({
      verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
      result: { score: { scaled: 2 / 3 } },
    });
  });

  it('stay there where nobody asks for them', async () => {
    const page = await hosts.open(platform(''));
    const quiz = await player(page);
    await quiz.answer(true);
    const said = JSON.stringify(await got(page));
    for (const word of ['SPLICE', 'xapi', 'score', 'correct', 'answered']) expect(said).not.toContain(word);
  });

  it('are taken up from the page around alone, not from one beside it', async () => {
    const page = await hosts.open({
      body: platform('&scores=splice', '<iframe title="Beside" srcdoc=""></iframe>').body.replace(
        "'SPLICE.getState'",
        "'never'",
      ),
    });
    const quiz = await player(page);
    await quiz.frame.getByText('Your answers and your score are sent to').waitFor();
    await page.waitForFunction(() => (window as never as { got: Message[] }).got.length > 0);
    const [{ message_id } = {}] = await about(page, 'SPLICE.getState');
    const { quiz: text } = await quiz.result();
    const questions = [
      { id: 'bias', tries: 1, correct: true, correctAtFirst: true, answer: { chosen: [0] } },
    ];
    const answer = {
      subject: 'SPLICE.getState.response',
      message_id,
      state: { version: 1, quiz: text, questions },
    };
    const post = (message: unknown) => window.top!.frames[0]!.postMessage(message, '*');

    const beside = page.frames().find((frame) => frame.url() === 'about:srcdoc')!;
    await beside.evaluate(post, answer);
    // A message of its own comes after that one.
    await quiz.frame.evaluate(
      () =>
        new Promise((done) => {
          addEventListener('message', done, { once: true });
          postMessage('', '*');
        }),
    );
    expect((await quiz.result()).answered).toBe(0);

    await page.evaluate(post, answer);
    await quiz.frame.waitForFunction(
      () => document.querySelector<HTMLElement & { result: QuizResult }>('bn-quiz')!.result.answered === 1,
    );
  });

  it('are refused a target that is not one origin, with a sentence in the page', async () => {
    const page = await hosts.open(platform('&scores=splice&scores-to=*'));
    const quiz = await player(page);
    await quiz.frame.getByText('scores-to: expected an origin').waitFor();
    await quiz.answer(true);
    expect(JSON.stringify(await got(page))).not.toContain('SPLICE');
  });
});
