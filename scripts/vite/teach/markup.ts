import { CHAPTERS } from '../../../web/pages/contents.ts';
import { addressOf, parseTarget } from '../../../web/teach/target.ts';
import { paragraphsOf, type Piece, piecesOf, type Text } from '../../../web/teach/text.ts';
import { escapeHtml } from '../html-text.ts';

export function chapterFile(number: number): string {
  return chapterOf(number).file;
}

export function chapterTitle(number: number): string {
  return chapterOf(number).title;
}

function chapterOf(number: number) {
  const found = CHAPTERS.find((chapter) => chapter.number === number);
  if (!found) throw new Error(`There is no chapter ${number}.`);
  return found;
}

/** Relative to the site's home. */
export function addressFor(target: string): string {
  return addressOf(parseTarget(target), chapterFile);
}

/** As the href of a page of the site. */
export function href(target: string): string {
  const address = addressFor(target);
  return escapeHtml(address.startsWith('https:') ? address : `./${address}`);
}

/** A text of one paragraph. */
export function inline(text: Text): string {
  return paragraphsOf(text)
    .map((paragraph) => piecesOf(paragraph).map(html).join(''))
    .join(' ');
}

export function paragraphs(text: Text): string {
  return paragraphsOf(text)
    .map((paragraph) => `<p>${piecesOf(paragraph).map(html).join('')}</p>`)
    .join('');
}

/** Formulas are left to scripts/vite/formulas.ts. */
function html(piece: Piece): string {
  switch (piece.kind) {
    case 'plain':
      return escapeHtml(piece.text);
    case 'tex':
      // No space between them: operators bring their own.
      return breakable(piece.text)
        .map((part) => `<tex>${escapeHtml(part)}</tex>`)
        .join('<wbr>');
    case 'code':
      return `<code>${escapeHtml(piece.text)}</code>`;
    case 'strong':
      return `<strong>${piece.pieces.map(html).join('')}</strong>`;
    case 'stressed':
      return `<em>${piece.pieces.map(html).join('')}</em>`;
    case 'number':
      return escapeHtml(piece.text);
    case 'link':
      return `<a href="${href(piece.target)}">${piece.pieces.map(html).join('')}</a>`;
  }
}

/** A formula longer than this on the page is let break; MathML by itself never does. */
const LONG = 12;

/**
 * The parts of a formula between which a line may break: before a relation, behind a comma, a sum’s or a product’s sign, outside
 * all braces.
 */
export function breakable(tex: string): readonly string[] {
  const printed = tex.replace(/\\is\{[^}]+\}/g, '').replace(/\\[a-z]+|[{}_^]/gi, '');
  if (printed.length <= LONG || tex.includes('\\left')) return [tex];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  const cut = (at: number) => {
    const part = tex.slice(from, at).trim();
    if (part !== '') parts.push(part);
    from = at;
  };
  for (let at = 0; at < tex.length; at++) {
    if (tex[at] === '{') depth++;
    if (tex[at] === '}') depth--;
    if (depth > 0 || at === 0) continue;
    const rest = tex.slice(at);
    if (/^(=|\\(ge|le|approx)\b)/.test(rest)) cut(at);
    const behind = /^(, |\+ |\\cdot )/.exec(rest);
    if (behind) cut(at + behind[0].length);
  }
  cut(tex.length);
  return parts;
}
