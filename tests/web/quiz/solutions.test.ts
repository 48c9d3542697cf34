import { describe, expect, it } from 'vitest';
import { Solutions } from '../../../web/components/quiz/solutions.ts';
import type { Solution } from '../../../web/quiz/question.ts';
import { isNumber, makeQuiz, type NumberItem } from '../../../web/quiz/quiz.ts';
import { ALL_QUESTIONS } from '../../../web/quiz/settings.ts';

/** A question for a number as a seed draws it, and when the engine knows what comes out. */
function drawn(seed: number, solve: () => Promise<Solution>): NumberItem {
  const [item] = makeQuiz({ ...ALL_QUESTIONS, questions: 'xhat', seed }).items;
  if (!item || !isNumber(item)) throw new Error('This question asks for no number.');
  return { ...item, drawn: { ...item.drawn, solve } };
}

const solution = (value: number): Solution => ({ value, why: '', mistakes: [] });
const lost = () => Promise.reject(new Error('The engine is gone.'));

describe('what the engine says of a quiz’s numbers', () => {
  it('holds for the same numbers only: with another seed it is not known yet', async () => {
    const solutions = new Solutions();
    const first = drawn(1, async () => solution(1));
    const second = drawn(2, async () => solution(2));
    await solutions.solve([first]);
    expect(solutions.of(first)?.value).toBe(1);
    expect(solutions.of(second)).toBe(undefined);
    expect(solutions.ready([second])).toBe(false);
    await solutions.solve([second]);
    expect(solutions.of(second)?.value).toBe(2);
  });

  it('may come late, and then does not stand in for what is asked by now', async () => {
    const solutions = new Solutions();
    let resolve!: (value: Solution) => void;
    const promise = new Promise<Solution>((done) => (resolve = done));
    const first = drawn(1, () => promise);
    const second = drawn(2, async () => solution(2));
    const late = solutions.solve([first]);
    await solutions.solve([second]);
    resolve(solution(1));
    await late;
    expect(solutions.of(second)?.value).toBe(2);
  });

  it('leaves out a question whose number cannot be had, though another seed’s is known', async () => {
    const solutions = new Solutions();
    await solutions.solve([drawn(1, async () => solution(1))]);
    const second = drawn(2, lost);
    await solutions.solve([second]);
    expect(solutions.problem).toBe('The engine is gone.');
    expect(solutions.answerable([second])).toEqual([]);
  });
});
