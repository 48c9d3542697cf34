import { CHAPTERS } from '../../../web/pages/contents.ts';
import { addressOf, parseTarget } from '../../../web/teach/target.ts';
import { paragraphsOf, type Piece, piecesOf, type Text } from '../../../web/teach/text.ts';

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
      return `<tex>${escapeHtml(piece.text)}</tex>`;
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

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
