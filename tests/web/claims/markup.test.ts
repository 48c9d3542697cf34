import { describe, expect, it } from 'vitest';
import { fillClaims } from '../../../scripts/vite/claims.ts';
import { CLAIMS, findClaim } from '../../../web/claims/claims.ts';

const count = (text: string, part: string) => text.split(part).length - 1;

describe('the words of claims in a page', () => {
  it('stand in the board, each claim once, under the headings of their topics', () => {
    const page = fillClaims('<bn-claims></bn-claims>');
    for (const { id } of CLAIMS) expect(count(page, `<bn-claim id="${id}">`)).toBe(1);
    expect(count(page, '<h2 ')).toBe(11);
    expect(count(page, '<h3 ')).toBe(85);
    expect(page).toContain('What batch normalization computes');
  });

  it('say who says it, what the literature makes of it, and what can be run', () => {
    const page = fillClaims('<bn-claim id="C36"></bn-claim>');
    expect(page).toContain('Batch normalization permits much higher learning rates.');
    expect(page).toContain('blog article');
    expect(page).toContain('href="https://arxiv.org/abs/1502.03167"');
    expect(page).toContain('In the literature: true.');
    expect(page).toMatch(/Experiments?: E4/);
  });

  it('are text: signs that HTML reads otherwise are escaped', () => {
    expect(findClaim('C7')!.reason).toContain('a > 0');
    expect(fillClaims('<bn-claim id="C7"></bn-claim>')).toContain('a &gt; 0');
  });

  it('leave what else stands in a page alone, and refuse a claim that does not exist', () => {
    expect(fillClaims('<p>C7</p>')).toBe('<p>C7</p>');
    expect(() => fillClaims('<bn-claim id="C86"></bn-claim>')).toThrow('There is no claim C86.');
  });
});
