import { findClaim } from '../../../web/claims/claims.ts';
import { evidenceOf, studiesOf } from '../../../web/claims/evidence.ts';
import { COURSE } from '../../../web/teach/course.ts';
import {
  type Activity,
  type Exercise,
  FORMS,
  type Lesson,
  type Misconception,
} from '../../../web/teach/lesson.ts';
import { LESSONS } from '../../../web/teach/lessons.ts';
import { parseTarget } from '../../../web/teach/target.ts';
import { paragraphsOf, type Piece, piecesOf, type Text } from '../../../web/teach/text.ts';
import { addressFor, chapterFile, chapterTitle } from './markup.ts';

/**
 * docs/teaching.md: the page for teachers once more, for those who read repositories. Written by `node scripts/teaching.mjs` from
 * the same data; tests/web/teach/pages.test.ts holds it up to date.
 */
export function guide(): string {
  return [
    '# Teaching with BatchNorm Lab',
    '<!-- Written by scripts/teaching.mjs from web/teach: change the words there. -->',
    `${line(COURSE.about)} The same, with the answers folded away, is the page \`teach.html\` of the site; worksheets to print are \`worksheets.html\`, their keys \`worksheet-keys.html\`.`,
    'Addresses such as `claims.html#C7` stand behind the address where your copy of the site lives. Claims (C7) are on the board, `claims.html`; experiments (E4) are run there too, or by `bnlab run E4`.',
    'How to put figures into pages, platform by platform, is in [platforms.md](platforms.md); what scores are and where they go, in [scores.md](scores.md).',
    '## How lessons work',
    list(COURSE.method.map(({ name, text }) => `**${line(name)}.** ${line(text)}`)),
    '## Ways through a course',
    ...COURSE.paths.flatMap(({ title, whom, steps }) => [
      `**${line(title)}.** ${line(whom)}`,
      list(steps.map(({ when, what }) => `${line(when)}: ${line(what)}`)),
    ]),
    ...LESSONS.flatMap(lesson),
    '## Good to know',
    ...COURSE.notes.flatMap(({ title, text }) => [`### ${line(title)}`, ...blocks(text)]),
  ]
    .join('\n\n')
    .concat('\n');
}

function lesson(given: Lesson): readonly string[] {
  const { chapter, about, minutes, session } = given;
  return [
    `## ${chapter}. ${chapterTitle(chapter)}`,
    `${line(about)} The chapter: \`${chapterFile(chapter)}\`. Worksheet: \`worksheets.html#chapter-${chapter}\`.`,
    `Reading ${minutes.reading} min, figures ${minutes.figures} min, discussion ${minutes.discussion} min.`,
    '### Afterwards students can',
    list(given.objectives.map(({ level, text }) => `${line(text)} (${level})`)),
    '### They need',
    list(given.prerequisites.map(line)),
    '### Activities',
    ...given.activities.flatMap(activity),
    '### To discuss',
    ...given.discussion.flatMap(({ ask, answer }) => [`**${line(ask)}**`, ...blocks(answer)]),
    '### Misconceptions',
    list(given.misconceptions.map(misconception)),
    '### Exercises',
    ...given.exercises.flatMap(exercise),
    '### Ten minutes',
    ...blocks(given.short),
    `### A whole session, ${session.reduce((sum, slot) => sum + slot.minutes, 0)} minutes`,
    list(session.map(({ minutes: long, what }) => `${long} min: ${line(what)}`)),
  ];
}

function activity({
  title,
  minutes,
  form,
  figures,
  predict,
  run,
  explain,
  answer,
}: Activity): readonly string[] {
  return [
    `#### ${line(title)}`,
    `${minutes} min, ${FORMS[form]}.`,
    list([
      `Open: ${figures.map(({ label, target }) => `${line(label)} (${code(addressFor(target))})`).join('; ')}`,
      `**Predict.** ${line(predict)}`,
      `**Run.** ${line(run)}`,
      `**Explain.** ${line(explain)}`,
    ]),
    ...blocks(answer),
  ];
}

function misconception({ said, reply, claim: id }: Misconception): string {
  const claim = findClaim(id);
  if (!claim) throw new Error(`There is no claim ${id}.`);
  const how = evidenceOf(claim).none ?? studiesOf(claim).join(', ');
  return `${line(said)} ${line(reply)} Settled by ${id}: ${how}.`;
}

function exercise({ title, kind, minutes, task, grid, solution }: Exercise): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `#### ${line(title)}`,
    `For ${kind === 'exam' ? 'an exam' : 'homework'}, ${minutes} min. ${line(task)}`,
    ...(grid
      ? [
          [
            row(grid.head.map(line)),
            row(grid.head.map((_, at) => (at === 0 ? '---' : '--:'))),
            ...grid.rows.map(({ label, cells }) => row([line(label), ...cells.map(line)])),
          ].join('\n'),
        ]
      : []),
    ...blocks(solution).map((block, at) => (at === 0 ? `*Solution.* ${block}` : block)),
  ];
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const blocks = (text: Text): readonly string[] =>
  paragraphsOf(text).map((paragraph) => piecesOf(paragraph).map(markdown).join(''));
const line = (text: Text): string => blocks(text).join(' ');
const code = (text: string): string => `\`${text}\``;

function markdown(piece: Piece): string {
  switch (piece.kind) {
    case 'plain':
      return escapeMarkdown(piece.text);
    case 'number':
      return piece.text;
    case 'tex':
      return `$${plainTex(piece.text)}$`;
    case 'code':
      return code(piece.text);
    case 'strong':
      return `**${piece.pieces.map(markdown).join('')}**`;
    case 'stressed':
      return `*${piece.pieces.map(markdown).join('')}*`;
    case 'link':
      return link(piece.target, piece.pieces.map(markdown).join(''));
  }
}

/** Claims and chapters say in their text where they are; of anything else the address follows. */
function link(target: string, label: string): string {
  const { kind } = parseTarget(target);
  if (kind === 'claim') return label;
  if (kind === 'elsewhere') return `[${label}](${addressFor(target)})`;
  return `${label} (${code(addressFor(target))})`;
}

/** The chapters’ macros (scripts/vite/formulas.ts) in plain TeX. */
function plainTex(tex: string): string {
  return tex
    .replace(/\\is\{[^}]+\}\{([^}]*)\}/g, '$1')
    .replace(/\\xhat\b/g, '\\hat{x}')
    .replace(/\\(x|y|dx|dy)\b/g, '{$1}')
    .replace(/\\d(gamma|beta)\b/g, 'd\\$1')
    .replace(/\\eps\b/g, '\\varepsilon');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<>]/g, '\\$&');
}
