/**
 * The words of the teaching material. One text serves the page, the worksheets and the guide in the repository, so it is written in
 * a small markup that each of them can turn into its own:
 *
 *     $\xhat_i$              a formula, in the macros of the chapters
 *     [label](target)        a link; web/teach/target.ts says what a target may be
 *     **strong** *stressed* @code@
 *     {ones.dx.0|0.75}       a number as printed, and which one it is: tests/web/teach computes it anew
 *     {4:lag.late|88.1}      a number that chapter 4 prints under this name
 *
 * A blank line parts paragraphs; line breaks in the source mean nothing.
 */
export type Text = string;

/** A text, with its backslashes as they stand: they are formulas’. */
export const t = String.raw;

export type Piece =
  | { readonly kind: 'plain' | 'tex' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'stressed'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'link'; readonly target: string; readonly pieces: readonly Piece[] }
  | { readonly kind: 'number'; readonly is: string; readonly text: string };

/** The first that matches wins. */
const PATTERNS: readonly (readonly [RegExp, (found: RegExpExecArray) => Piece])[] = [
  [/^\$([^$]+)\$/, ([, text = '']) => ({ kind: 'tex', text })],
  [/^@([^@]+)@/, ([, text = '']) => ({ kind: 'code', text })],
  [
    /^\[([^\]]+)\]\(([^()\s]+)\)/,
    ([, label = '', target = '']) => ({ kind: 'link', target, pieces: piecesOf(label) }),
  ],
  [/^\*\*((?:[^*]|\*(?!\*))+)\*\*/, ([, text = '']) => ({ kind: 'strong', pieces: piecesOf(text) })],
  [/^\*([^*\s](?:[^*]*[^*\s])?)\*/, ([, text = '']) => ({ kind: 'stressed', pieces: piecesOf(text) })],
  [/^\{([\w.:-]+)\|([^{}|]+)\}/, ([, is = '', text = '']) => ({ kind: 'number', is, text })],
];

export function paragraphsOf(text: Text): readonly string[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s+/g, ' '));
}

/** Of one paragraph. What looks like markup and is not closed is plain text. */
export function piecesOf(paragraph: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') pieces.push({ kind: 'plain', text: plain });
    plain = '';
  };
  for (let at = 0; at < paragraph.length;) {
    const rest = paragraph.slice(at);
    let taken = 0;
    for (const [pattern, make] of PATTERNS) {
      const found = pattern.exec(rest);
      if (!found) continue;
      flush();
      pieces.push(make(found));
      taken = found[0].length;
      break;
    }
    if (taken === 0) plain += rest[0];
    at += taken || 1;
  }
  flush();
  return pieces;
}

/** All pieces of a text, those within others too. */
export function allPieces(text: Text): readonly Piece[] {
  const inner = (piece: Piece): readonly Piece[] => [
    piece,
    ...('pieces' in piece ? piece.pieces.flatMap(inner) : []),
  ];
  return paragraphsOf(text).flatMap((paragraph) => piecesOf(paragraph).flatMap(inner));
}
