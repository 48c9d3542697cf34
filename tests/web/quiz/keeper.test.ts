import { describe, expect, it } from 'vitest';
import { QuizKeeper } from '../../../web/components/quiz/keeper.ts';
import { answered, NOTHING_ANSWERED, resultOf } from '../../../web/quiz/attempt.ts';
import { makeQuiz } from '../../../web/quiz/quiz.ts';
import { ALL_QUESTIONS } from '../../../web/quiz/settings.ts';

const quiz = makeQuiz({ ...ALL_QUESTIONS, chapter: 2 });
const result = resultOf(quiz, answered(NOTHING_ANSWERED, 'bias', { chosen: [2] }, false));

function storage(text: string | null = null) {
  const store = {
    text,
    getItem: () => store.text,
    setItem: (_: string, next: string) => void (store.text = next),
  };
  return store;
}

describe('kept answers', () => {
  it('are there again at the next visit', () => {
    const store = storage();
    new QuizKeeper(store).keep('before;chapter=2', result);
    expect(new QuizKeeper(store).of('before;chapter=2')).toEqual(result);
  });

  it('hold for this visit where the browser keeps nothing, or refuses to', () => {
    const none = new QuizKeeper(undefined);
    none.keep('a', result);
    expect(none.of('a')).toEqual(result);
    const refusing = new QuizKeeper({
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
    });
    refusing.keep('a', result);
    expect(refusing.of('a')).toEqual(result);
  });

  it('are said to have changed', () => {
    const keeper = new QuizKeeper(undefined);
    let times = 0;
    keeper.addEventListener('bn-kept', () => times++);
    keeper.keep('a', result);
    expect(times).toBe(1);
  });

  it('are of so many quizzes only, the oldest forgotten first', () => {
    const keeper = new QuizKeeper(storage());
    for (let i = 0; i < 50; i++) keeper.keep(`quiz ${i}`, result);
    expect(keeper.of('quiz 9')).toBeUndefined();
    expect(keeper.of('quiz 10')).toEqual(result);
  });

  it.each([
    'nonsense',
    '{}',
    '[1, 2]',
    '[["a", "not a result"]]',
    '[["a"]]',
    `[["a", ${'9'.repeat(300_000)}]]`,
    '[[["a"], null]]',
  ])('are nothing where something else was stored: %.30s', (text) => {
    expect(new QuizKeeper(storage(text)).of('a')).toBeUndefined();
  });
});
