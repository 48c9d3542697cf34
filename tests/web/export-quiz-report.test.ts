import { csvParse } from 'd3-dsv';
import { describe, expect, it } from 'vitest';
import { FORMATIVE, quizCsv, quizJson, reportedQuestions } from '../../web/export/quiz-report.ts';
import type { QuizAsked } from '../../web/protocol/quiz.ts';
import { FakeQuiz, QUIZ } from './report/fake-quiz.ts';

const AT = new Date(Date.UTC(2026, 0, 5, 9, 30));

function answered() {
  const quiz = new FakeQuiz();
  quiz.answer('mean', { number: 4 }, false);
  quiz.answer('mean', { number: 5 }, true);
  quiz.answer('learned', { chosen: [0, 2] }, false);
  return quiz;
}

describe('a report of a quiz', () => {
  it('has every question with the answer and the right one, in words', () => {
    const { result, asked } = answered();
    expect(reportedQuestions(result, asked)).toEqual([
      expect.objectContaining({
        answer: '5',
        rightAnswer: '5 ± 0.05',
        right: true,
        rightAtFirst: false,
        tries: 2,
      }),
      expect.objectContaining({ answer: '', rightAnswer: '', tries: 0 }),
      expect.objectContaining({ answer: 'γ; the running mean', rightAnswer: 'γ; β', right: false, tries: 1 }),
    ]);
  });

  it('writes numbers as its reader wants them', () => {
    const { result, asked } = answered();
    const writing = {
      number: (value: number) => String(value).replace('.', ','),
      text: (text: string) => `„${text}“`,
    };
    const [mean, , learned] = reportedQuestions(result, asked, writing);
    expect(mean).toMatchObject({ question: '„What is the mean of 2, 4, 6 and 8?“', rightAnswer: '5 ± 0,05' });
    expect(learned).toMatchObject({ rightAnswer: '„γ; β“' });
  });

  it('makes one sentence of several', () => {
    const asked: QuizAsked[] = [
      { id: 'q', text: 'Which?', expects: { kind: 'several', options: ['This.', 'That.'], correct: [0, 1] } },
    ];
    const quiz = new FakeQuiz(asked);
    quiz.answer('q', { chosen: [0] }, false);
    expect(reportedQuestions(quiz.result, asked)[0]).toMatchObject({
      answer: 'This.',
      rightAnswer: 'This; That',
    });
  });

  it('can do without the words of a question', () => {
    expect(reportedQuestions(answered().result, [])[2]).toMatchObject({
      question: 'learned',
      answer: 'option 1; option 3',
      rightAnswer: '',
    });
  });

  it('as JSON holds the result as it was told, and says what it is worth', () => {
    const { result, asked } = answered();
    const read = JSON.parse(quizJson(result, asked, AT)) as Record<string, unknown>;
    expect(read).toMatchObject({
      format: 'batchnorm-lab/quiz-report',
      version: 1,
      date: '2026-01-05T09:30:00.000Z',
      note: FORMATIVE,
    });
    expect(read['result']).toEqual(JSON.parse(JSON.stringify(result)));
    expect(read['questions']).toHaveLength(3);
  });

  it('as CSV is read back by a reader of CSV, and says what it is worth', () => {
    const { result, asked } = answered();
    const rows = csvParse(quizCsv(result, asked, AT));
    expect(
      rows.slice(0, 3).map(({ id, right_at_first, right, tries }) => [id, right_at_first, right, tries]),
    ).toEqual([
      ['mean', 'no', 'yes', '2'],
      ['axis', '', '', '0'],
      ['learned', 'no', 'no', '1'],
    ]);
    expect(Object.fromEntries(rows.slice(3).map(({ id, question }) => [id, question]))).toEqual({
      score: '0',
      quiz: QUIZ,
      date: '2026-01-05T09:30:00.000Z',
      note: FORMATIVE,
    });
  });

  it('has nothing a spreadsheet would run, and keeps commas, quotes and lines together', () => {
    const options = ['=HYPERLINK("https://bad.example")', '@cmd', '-2', 'a, "b"\nc'];
    const asked: QuizAsked[] = options.map((option, at) => ({
      id: `q${at}`,
      text: option,
      expects: { kind: 'one', options: [option], correct: [0] },
    }));
    const quiz = new FakeQuiz(asked);
    for (const { id } of asked) quiz.answer(id, { chosen: [0] }, true);
    const rows = csvParse(quizCsv(quiz.result, asked, AT)).slice(0, 4);
    expect(rows.map(({ answer }) => answer)).toEqual([
      '\'=HYPERLINK("https://bad.example")',
      "'@cmd",
      '-2',
      'a, "b"\nc',
    ]);
  });
});
