import { QUIZ_RESULT_VERSION, type QuizQuestionResult, type QuizResult } from '../protocol/quiz.ts';
import { items } from './plain.ts';
import { readQuizResult } from './quiz-result.ts';

/** CMIString4096: what a SCORM 1.2 platform keeps at least. */
export const SUSPEND_DATA_LENGTH = 4_096;

const CORRECT = 1;
const CORRECT_AT_FIRST = 2;

/** `[1,"1;chapter=3;seed=7",[["q1",1,3,[0,2]],["q2",2,1,1.5],["q3"]]]`; undefined where it is too long. */
export function toSuspendData({ quiz, questions }: QuizResult): string | undefined {
  const rows = questions.map(({ id, answer, tries, correct, correctAtFirst }) =>
    answer
      ? [
          id,
          tries,
          (correct ? CORRECT : 0) + (correctAtFirst ? CORRECT_AT_FIRST : 0),
          'number' in answer ? answer.number : answer.chosen,
        ]
      : [id],
  );
  const text = JSON.stringify([QUIZ_RESULT_VERSION, quiz, rows]);
  return text.length <= SUSPEND_DATA_LENGTH ? text : undefined;
}

/** What was stored, checked; undefined where it is nothing of ours. */
export function fromSuspendData(text: string): QuizResult | undefined {
  if (text.length > SUSPEND_DATA_LENGTH) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const [version, quiz, rows] = items(parsed, 3) ?? [];
  const questions = items(rows, SUSPEND_DATA_LENGTH)?.map((row): unknown => {
    const [id, tries, flags, answer] = items(row, 4) ?? [];
    if (tries === undefined) return unanswered(id);
    const bits = typeof flags === 'number' ? flags : 0;
    return {
      id,
      tries,
      correct: (bits & CORRECT) !== 0,
      correctAtFirst: (bits & CORRECT_AT_FIRST) !== 0,
      answer: typeof answer === 'number' ? { number: answer } : { chosen: answer },
    };
  });
  return readQuizResult({ version, quiz, questions });
}

const unanswered = (id: unknown): Omit<QuizQuestionResult, 'id'> & { id: unknown } => ({
  id,
  answer: undefined,
  tries: 0,
  correct: false,
  correctAtFirst: false,
});
