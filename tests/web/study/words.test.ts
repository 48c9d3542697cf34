import { describe, expect, it } from 'vitest';
import { answerThatCameTrue } from '../../../web/components/study/prediction.ts';
import { numberText, valueText } from '../../../web/components/study/value-text.ts';
import type { StudyDecision, StudyVerdict } from '../../../web/protocol/studies.ts';

describe('valueText', () => {
  it('writes three significant digits', () => {
    expect([0, 0.70412, -12.34, 1234, 0.00123, 3.5e14, -1e-7, 1e6].map(numberText)).toEqual([
      '0',
      '0.704',
      '−12.3',
      '1230',
      '0.00123',
      '3.5·10¹⁴',
      '−10⁻⁷',
      '10⁶',
    ]);
  });

  it('says what kind of number it is', () => {
    expect(valueText('share', 0.253)).toBe('25.3 %');
    expect(valueText('points', 0.1)).toBe('+10 points');
    expect(valueText('points', -0.1, true)).toBe('−10');
    expect(valueText('times', 94)).toBe('94 times');
    expect(valueText('times', 94, true)).toBe('×94');
    expect(valueText('number', NaN)).toBe('–');
  });
});

describe('answerThatCameTrue', () => {
  const verdicts = (decisions: Record<string, StudyDecision>): StudyVerdict[] =>
    Object.entries(decisions).map(([check, decision]) => ({ check, decision }) as StudyVerdict);
  const options = ['early=fails,late=holds', 'early=holds, late=holds', null];

  it('is the first whose conditions are all met', () => {
    expect(answerThatCameTrue(options, verdicts({ early: 'holds', late: 'holds' }))).toBe(1);
    expect(answerThatCameTrue(options, verdicts({ early: 'fails', late: 'holds' }))).toBe(0);
  });

  it('is none where a verdict is open, or an answer says nothing about when it is true', () => {
    expect(answerThatCameTrue(options, verdicts({ early: 'unsettled', late: 'holds' }))).toBeUndefined();
    expect(answerThatCameTrue([null, ''], verdicts({ early: 'holds' }))).toBeUndefined();
    expect(answerThatCameTrue(['other=holds'], verdicts({ early: 'holds' }))).toBeUndefined();
  });
});
