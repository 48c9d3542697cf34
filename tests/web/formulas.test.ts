import { describe, expect, it } from 'vitest';
import { formulas, mathml } from '../../scripts/vite/formulas.ts';

/** The plugin as Vite calls it. */
function built(html: string): string {
  return formulas().transformIndexHtml.handler(html, { path: '/page.html' });
}

describe('formulas', () => {
  it('become MathML that needs no script, style or font', () => {
    const written = built('<p>So <tex>\\x_i - \\mu</tex> it is.</p>');
    expect(written).toBe(
      '<p>So <math><mrow><msub><mstyle class="x"><mi>x</mi></mstyle><mi>i</mi></msub><mo>−</mo><mi>μ</mi></mrow></math> it is.</p>',
    );
    expect(mathml('\\frac{\\hat{x}}{\\sqrt{2}} \\quad \\underbrace{a}_{\\text{b}}', true)).not.toMatch(
      /style=|<span|<annotation|<semantics/,
    );
  });

  it('have the colour of the quantity, also on a number', () => {
    expect(mathml('\\ngrad{\\is{we.dx.0}{0.27}}', false)).toContain('<mstyle class="grad"><mn>0.27</mn>');
  });

  it('keep the sign of a number a sign', () => {
    expect(mathml('(\\is{we.y.0}{-2.18})', false)).toContain('<mrow><mo>−</mo><mn>2.18</mn></mrow>');
  });

  it('hold on to the punctuation after them', () => {
    expect(built('<tex>m</tex>, and')).toMatch(/^<span class="glued"><math>.*<\/math>,<\/span> and$/);
  });

  it('stand side by side in one box where a \\qquad parts them', () => {
    const box = built('<tex block>a = 1 \\qquad b &lt; 2</tex>');
    expect(box).toMatch(/^<div class="formula">.*<\/div>$/);
    expect(box.match(/<math display="block">/g)).toHaveLength(2);
  });

  it('stop the build, naming page and formula, when they are wrong', () => {
    expect(() => built('<tex>\\frac{1}</tex>')).toThrow(/^\/page\.html: \\frac\{1\}: /);
  });
});
