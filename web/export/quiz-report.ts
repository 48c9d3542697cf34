import { csvCell } from '../protocol/csv-cell.ts';
import type { QuizAnswer, QuizAsked, QuizResult } from '../protocol/quiz.ts';

/** Under every score that leaves the page. */
export const FORMATIVE =
  'This score was made in a browser, by whoever sat at it, and is easily forged. It is meant for learning (formative), not for grades that count.';

export interface ReportedQuestion {
  readonly id: string;
  readonly question: string;
  /** Empty: not answered. */
  readonly answer: string;
  /** Empty as long as the question is not answered. */
  readonly rightAnswer: string;
  readonly rightAtFirst: boolean;
  readonly right: boolean;
  readonly tries: number;
}

/** How numbers, and numbers in texts, are written: in files with a point; people may want another decimal sign. */
export interface Writing {
  number(value: number): string;
  text(text: string): string;
}

const AS_IN_FILES: Writing = { number: String, text: (text) => text };

/** The questions in the order they were asked. Of a question that is not known here, the positions chosen are told. */
export function reportedQuestions(
  { questions }: QuizResult,
  asked: readonly QuizAsked[],
  writing: Writing = AS_IN_FILES,
): ReportedQuestion[] {
  const known = new Map(asked.map((about) => [about.id, about]));
  return questions.map(({ id, answer, correct, correctAtFirst, tries }) => {
    const about = known.get(id);
    return {
      id,
      question: about ? writing.text(about.text) : id,
      answer: answer ? answerText(answer, about, writing) : '',
      rightAnswer: answer && about ? rightText(about, writing) : '',
      rightAtFirst: correctAtFirst,
      right: correct,
      tries,
    };
  });
}

/** For programs: the result as the page tells it, and the same in words. */
export function quizJson(result: QuizResult, asked: readonly QuizAsked[], at: Date): string {
  const report = {
    format: 'batchnorm-lab/quiz-report',
    version: 1,
    date: at.toISOString(),
    note: FORMATIVE,
    result,
    questions: reportedQuestions(result, asked),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

const COLUMNS = [
  'number',
  'id',
  'question',
  'answer',
  'right_answer',
  'right_at_first',
  'right',
  'tries',
] as const;

/** For spreadsheets: a row per question, and what the score is worth in the last. */
export function quizCsv(result: QuizResult, asked: readonly QuizAsked[], at: Date): string {
  const rows = reportedQuestions(result, asked).map((row, at) => [
    at + 1,
    row.id,
    row.question,
    row.answer,
    row.rightAnswer,
    row.tries > 0 ? yesNo(row.rightAtFirst) : '',
    row.tries > 0 ? yesNo(row.right) : '',
    row.tries,
  ]);
  const notes = [
    ['score', result.score],
    ['quiz', result.quiz],
    ['date', at.toISOString()],
    ['note', FORMATIVE],
  ].map(([name, value]) => ['', name, value, '', '', '', '', '']);
  return `${[COLUMNS, ...rows, ...notes].map((row) => row.map((value) => cell(value ?? '')).join(',')).join('\n')}\n`;
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

/** What a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const isNumber = value !== '' && Number.isFinite(Number(value));
  return csvCell(!isNumber && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
}

function answerText(answer: QuizAnswer, asked: QuizAsked | undefined, writing: Writing): string {
  if ('number' in answer) return writing.number(answer.number);
  const options = asked && 'options' in asked.expects ? asked.expects.options : [];
  return writing.text(listed(answer.chosen.map((at) => options[at] ?? `option ${at + 1}`)));
}

function rightText({ expects }: QuizAsked, writing: Writing): string {
  if (expects.kind === 'number')
    return `${writing.number(expects.value)} ± ${writing.number(expects.tolerance)}`;
  return writing.text(listed(expects.correct.map((at) => expects.options[at] ?? '')));
}

/** Several sentences become parts of one. */
function listed(options: readonly string[]): string {
  return options.length === 1 ? options[0]! : options.map((option) => option.replace(/\.$/, '')).join('; ');
}
