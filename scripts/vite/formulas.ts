import katex from 'katex';
import { unescapeHtml } from './html-text.ts';
import { pageFiller, type PageFiller } from './page-filler.ts';

/**
 * Formulas in pages: `<tex>\x_i</tex>` in a line, `<tex block>…</tex>` on its own. They become MathML when the site is
 * built, so a page needs no script, no font and no style attribute to show them.
 *
 * The quantities of the course have a macro each, which gives them their colour:
 */
const MACROS: Record<string, string> = {
  '\\x': '{\\textcolor{x}{x}}',
  '\\xhat': '{\\textcolor{xhat}{\\hat{x}}}',
  '\\y': '{\\textcolor{y}{y}}',
  '\\dx': '{\\textcolor{grad}{dx}}',
  '\\dy': '{\\textcolor{grad}{dy}}',
  '\\dgamma': '{\\textcolor{grad}{d\\gamma}}',
  '\\dbeta': '{\\textcolor{grad}{d\\beta}}',
  // The same colours for numbers: \nx{2}.
  '\\nx': '\\textcolor{x}{#1}',
  '\\nxhat': '\\textcolor{xhat}{#1}',
  '\\ny': '\\textcolor{y}{#1}',
  '\\ngrad': '\\textcolor{grad}{#1}',
  '\\eps': '\\varepsilon',
  // \is{we.mean.0}{5}: the number, and which number of the engine's it must be (tests/web/prose-numbers.test.ts).
  // The braces keep a minus sign at the start a sign: in the middle of a row MathML would space it as a subtraction.
  '\\is': '{\\@secondoftwo{#1}{#2}}',
};

const FORMULA = /<tex( block)?>([^]*?)<\/tex>([.,;:?!)’”]*)/g;

export function formulas(): PageFiller {
  return pageFiller('bn-formulas', (html, path) =>
    html.replace(FORMULA, (_, block: string | undefined, source: string, after: string) => {
      const tex = unescapeHtml(source).trim();
      try {
        if (block) return `<div class="formula">${pieces(tex)}</div>${after}`;
        // A line may break between a formula and the comma after it, unless they are held together.
        return after ? `<span class="glued">${mathml(tex, false)}${after}</span>` : mathml(tex, false);
      } catch (error) {
        throw new Error(`${path}: ${tex}: ${String(error)}`, { cause: error });
      }
    }),
  );
}

/** Formulas side by side, told apart by a \qquad, are pieces of their own: on a narrow screen they stand one below the other. */
function pieces(tex: string): string {
  return tex
    .split('\\qquad')
    .map((piece) => mathml(piece.trim(), true))
    .join('');
}

/** TeX as MathML Core: what KaTeX writes, less what browsers do not need or the site's CSP forbids. */
export function mathml(tex: string, block: boolean): string {
  const written = katex.renderToString(tex, {
    output: 'mathml',
    displayMode: block,
    macros: { ...MACROS },
    strict: 'error',
  });
  const math = written
    .replace(/^<span class="katex">(.*)<\/span>$/s, '$1')
    .replace(/<annotation[^]*?<\/annotation>/, '')
    .replace(/<\/?semantics>/g, '')
    .replace(' xmlns="http://www.w3.org/1998/Math/MathML"', '')
    // KaTeX has no classes in MathML: a colour's name stands for the class, and the stylesheet for the colour.
    .replace(/ mathcolor="([a-z]+)"/g, ' class="$1"');
  const style = / style="[^"]*"/.exec(math);
  if (style) throw new Error(`KaTeX wrote${style[0]}, which the site's content security policy would drop`);
  return math;
}
