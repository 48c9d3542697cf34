import { reportedQuestions, FORMATIVE } from '../../export/quiz-report.ts';
import { withDecimal } from '../../protocol/decimal.ts';
import { type QuizAsked, type QuizResult, rightAtFirst } from '../../protocol/quiz.ts';
import { formatNumber } from '../format-number.ts';

const PLACE = 'bn-quiz-paper';

/** On paper nothing but the report; on the screen nothing of it. The page's own styles do not reach into it. */
const PAGE_STYLE = `
  @media screen { ${PLACE} { display: none !important; } }
  @media print { body > :not(${PLACE}) { display: none !important; } }
`;

const PAPER_STYLE = `
  :host { all: initial; display: block; color: #000; background: #fff; font: 11pt/1.45 Georgia, 'Liberation Serif', serif; }
  h1 { margin: 0 0 2pt; font-size: 17pt; }
  p { margin: 0 0 6pt; }
  .line { display: flex; gap: 18pt; margin: 10pt 0; padding: 6pt 0; border-block: 0.5pt solid #888; }
  .line b { font-size: 13pt; }
  .name { flex: 1; }
  ol { margin: 0; padding: 0 0 0 20pt; }
  li { margin: 0 0 11pt; break-inside: avoid; }
  li > p { margin: 0 0 2pt; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 8pt; margin: 0; font-size: 10pt; }
  dt { color: #444; }
  dd { margin: 0; }
  .note { margin-top: 14pt; padding-top: 6pt; border-top: 0.5pt solid #888; color: #333; font-size: 9pt; }
`;

/** Prints score and answers, and nothing else of the page. What comes back gives up, where nothing is printed. */
export function printReport(result: QuizResult, asked: readonly QuizAsked[], at: Date): () => void {
  const place = document.createElement(PLACE);
  const inside = place.attachShadow({ mode: 'open' });
  inside.adoptedStyleSheets = [sheet(PAPER_STYLE)];
  inside.append(...paper(result, asked, at));
  const page = sheet(PAGE_STYLE);
  document.body.append(place);
  document.adoptedStyleSheets.push(page);
  const remove = () => {
    place.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== page);
  };
  // Some browsers come back from print() before they have printed.
  addEventListener('afterprint', remove, { once: true });
  print();
  return remove;
}

function paper(result: QuizResult, asked: readonly QuizAsked[], at: Date): HTMLElement[] {
  const right = rightAtFirst(result.questions);
  const percent = Math.round(result.score * 100);
  return [
    element('h1', 'Quiz: batch normalization and mini-batch SGD'),
    element('p', `BatchNorm Lab, ${at.toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' })}`),
    element(
      'div',
      { class: 'line' },
      element('span', { class: 'name' }, 'Name:'),
      element('b', `${right} of ${result.total} right at the first answer (${percent} %)`),
    ),
    element(
      'ol',
      ...reportedQuestions(result, asked, { number: formatNumber, text: withDecimal }).map((row) =>
        element(
          'li',
          element('p', row.question),
          element(
            'dl',
            ...pair('Answer', row.answer || 'not answered'),
            ...(row.tries > 0
              ? [
                  ...(row.right ? [] : pair('Right', row.rightAnswer)),
                  ...pair('Scored', outcome(row.rightAtFirst, row.right, row.tries)),
                ]
              : []),
          ),
        ),
      ),
    ),
    element('p', { class: 'note' }, `${FORMATIVE} The same questions again: quiz.html#quiz=${result.quiz}`),
  ];
}

function outcome(rightAtFirst: boolean, right: boolean, tries: number): string {
  if (rightAtFirst) return '✓ right at the first answer';
  return right ? `✗ missed at first, right at answer ${tries}` : '✗ missed';
}

const pair = (name: string, value: string): HTMLElement[] => [element('dt', name), element('dd', value)];

type Part = HTMLElement | string;

/** An element with its class, where it has one, and what is in it; texts stay texts. */
function element(name: string, ...parts: readonly (Part | { class: string })[]): HTMLElement {
  const made = document.createElement(name);
  for (const part of parts) {
    if (typeof part === 'string' || part instanceof HTMLElement) made.append(part);
    else made.className = part.class;
  }
  return made;
}

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
