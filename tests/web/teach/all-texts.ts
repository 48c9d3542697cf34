import { LESSONS } from '../../../web/teach/lessons.ts';
import { COURSE } from '../../../web/teach/course.ts';
import { allPieces, type Piece } from '../../../web/teach/text.ts';
import type { Lesson } from '../../../web/teach/lesson.ts';

/** Every text of a value, wherever it stands; a figure's target is none. */
function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'target' ? [] : stringsOf(inner)));
}

/** Targets of figures, which are not texts. */
const figureTargets = ({ activities }: Lesson): readonly string[] =>
  activities.flatMap(({ figures }) => figures.map(({ target }) => target));

export interface Marked {
  readonly is: string;
  readonly text: string;
}

/** Numbers that say which they are, in running text and in formulas. */
export function markedNumbers(value: unknown): readonly Marked[] {
  return pieces(value).flatMap((piece) => {
    if (piece.kind === 'number') return [{ is: piece.is, text: piece.text }];
    if (piece.kind !== 'tex') return [];
    return [...piece.text.matchAll(/\\is\{([^}]+)\}\{([^}]*)\}/g)].map(([, is = '', text = '']) => ({
      is,
      text,
    }));
  });
}

/** What is left when these are taken out: the words, and the numbers that say nothing of themselves. */
export function unmarked(value: unknown): string {
  return pieces(value)
    .map((piece) => {
      if (piece.kind === 'tex') return piece.text.replace(/\\is\{[^}]+\}\{[^}]*\}/g, '');
      return piece.kind === 'plain' || piece.kind === 'code' ? piece.text : '';
    })
    .join(' ');
}

export function linkTargets(value: unknown): readonly string[] {
  return pieces(value).flatMap((piece) => (piece.kind === 'link' ? [piece.target] : []));
}

function pieces(value: unknown): readonly Piece[] {
  return stringsOf(value).flatMap(allPieces);
}

/** All that the material says, by what it is. */
export const MATERIAL: readonly {
  readonly name: string;
  readonly value: unknown;
  readonly targets: readonly string[];
}[] = [
  ...LESSONS.map((lesson) => ({
    name: `the lesson on chapter ${lesson.chapter}`,
    value: lesson,
    targets: [...linkTargets(lesson), ...figureTargets(lesson)],
  })),
  { name: 'what is said of all lessons', value: COURSE, targets: linkTargets(COURSE) },
];
