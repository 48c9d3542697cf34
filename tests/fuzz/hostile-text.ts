import fc from 'fast-check';

/** What would be noticed if it were executed, or became an element: nothing may, wherever it is put. */
export const CANARY = 'canary';

const MARKUP = [
  `<img src=x onerror=${CANARY}()>`,
  `<${CANARY}-x></${CANARY}-x>`,
  `"><script>${CANARY}()</script>`,
  `' onfocus='${CANARY}()' autofocus='`,
  `</style><svg onload=${CANARY}()>`,
  `</textarea><iframe srcdoc="<script>parent.${CANARY}()</script>">`,
  `javascript:${CANARY}()`,
  `\${${CANARY}()}`,
  `{{constructor.constructor('${CANARY}()')()}}`,
  `%3Cimg%20src%3Dx%20onerror%3D${CANARY}()%3E`,
  `&lt;${CANARY}-x&gt;`,
  `url(javascript:${CANARY}())`,
  `;}*{background:url(//${CANARY}.example)}`,
];

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then'];

const NUMBERS = [
  '-0',
  '1e308',
  '1e309',
  '-1e-320',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '١٢',
  '1,5',
  '9007199254740993',
  '1'.repeat(60),
  `0.${'3'.repeat(400)}`,
  '1e',
  '+-1',
];

const ODD = [
  '\u0000',
  '\u202e',
  '\ud800',
  '\u2028',
  '𝒳',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'ﷺ',
  '\ufeff',
  '%',
  '%E0%A4%A',
  '%00',
  '\r\n',
  '\t',
  '&',
  '#',
  '=',
  ';',
  ',',
  '~',
  ':',
  '/',
  '"',
  ' ',
];

/** Short pieces that mean something to somebody. */
export const piece = fc.oneof(
  fc.constantFrom(...MARKUP, ...NAMES, ...NUMBERS, ...ODD),
  fc.string({ maxLength: 8 }),
  fc.double().map(String),
  fc.integer({ min: -3, max: 999 }).map(String),
);

type Change = readonly [what: number, at: number, length: number, text: string];

function changed(text: string, [what, where, length, piece]: Change): string {
  const at = text.length === 0 ? 0 : where % (text.length + 1);
  if (what === 0) return text.slice(0, at) + piece + text.slice(at);
  if (what === 1) return text.slice(0, at) + text.slice(at + length);
  if (what === 2) return text.slice(0, at) + piece + text.slice(at + length);
  // A part of it once more.
  return text.slice(0, at + length) + text.slice(at);
}

/**
 * Texts near those that are right: the given ones with a few changes, the given words in any order with hostile pieces between,
 * anything, and now and then one that is far too long.
 */
export function hostileText(right: readonly string[], words: readonly string[]): fc.Arbitrary<string> {
  const change: fc.Arbitrary<Change> = fc.tuple(
    fc.nat({ max: 3 }),
    fc.nat({ max: 400 }),
    fc.nat({ max: 12 }),
    fc.oneof(piece, fc.constantFrom(...words)),
  );
  const near = fc
    .tuple(fc.constantFrom(...right), fc.array(change, { maxLength: 4 }))
    .map(([text, changes]) => changes.reduce(changed, text));
  const assembled = fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: piece }), {
      maxLength: 24,
    })
    .map((parts) => parts.join(''));
  const long = fc
    .tuple(fc.constantFrom(...words), fc.integer({ min: 100, max: 20_000 }))
    .map(([word, times]) => (right[0] ?? '') + word.repeat(times));
  return fc.oneof(
    { weight: 60, arbitrary: near },
    { weight: 30, arbitrary: assembled },
    { weight: 10, arbitrary: fc.string() },
    { weight: 1, arbitrary: long },
  );
}

/** Nothing has been put on what all objects inherit from. */
export function isUnpolluted(): boolean {
  return Object.keys(Object.prototype).length === 0 && Object.keys(Array.prototype).length === 0;
}
