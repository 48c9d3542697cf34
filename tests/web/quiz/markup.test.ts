import { describe, expect, it } from 'vitest';
import { fillQuizzes } from '../../../scripts/vite/quizzes.ts';

describe('quizzes in pages, without scripts', () => {
  const after = fillQuizzes('<bn-quiz chapter="4" stage="after" keep></bn-quiz>');
  const before = fillQuizzes('<bn-quiz chapter="4" stage="before" keep></bn-quiz>');

  it('have the questions of the self-check, with answers folded away', () => {
    expect(after).toContain('By which mean and variance');
    expect(after.match(/<details>/g)).toHaveLength(3);
    expect(after).toContain('The engine computes the answer');
    expect(after).toMatch(/^<bn-quiz chapter="4" stage="after" keep><ol/);
  });

  it('have no answers before the chapter is read', () => {
    expect(before).toContain('By which mean and variance');
    expect(before).not.toContain('<details>');
  });

  it('have no names of measured numbers in them', () => {
    expect(fillQuizzes('<bn-quiz></bn-quiz>')).not.toMatch(/[{}]/);
  });

  it('are left as they are where something stands in them', () => {
    expect(fillQuizzes('<bn-quiz controls="few"><p>Here.</p></bn-quiz>')).toContain(
      '><p>Here.</p></bn-quiz>',
    );
    expect(fillQuizzes('<p>bn-quiz</p>')).toBe('<p>bn-quiz</p>');
  });
});
