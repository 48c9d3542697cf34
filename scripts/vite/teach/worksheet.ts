import type { Activity, Exercise, Grid, Lesson } from '../../../web/teach/lesson.ts';
import { LESSONS } from '../../../web/teach/lessons.ts';
import { escapeHtml } from '../html-text.ts';
import { addressFor, chapterTitle, href, inline, paragraphs } from './markup.ts';

/** The worksheets, one sheet after the other; with the answers written in for the teacher's key. */
export function worksheets(answers: boolean): string {
  return LESSONS.map((lesson) => sheet(lesson, answers)).join('');
}

export function sheetContents(): string {
  return LESSONS.map(
    ({ chapter }) => `<li><a href="#chapter-${chapter}">${chapterTitle(chapter)}</a></li>`,
  ).join('');
}

function sheet({ chapter, objectives, activities, exercises }: Lesson, answers: boolean): string {
  const id = `chapter-${chapter}`;
  return `
    <section class="worksheet" id="${id}" aria-labelledby="${id}-title">
      <header>
        <p class="running">BatchNorm Lab · ${answers ? 'Key to worksheet' : 'Worksheet'} ${chapter}</p>
        <h2 id="${id}-title">${chapterTitle(chapter)}</h2>
        ${answers ? '' : '<p class="fields"><span>Name</span><span>Date</span><span>Together with</span></p>'}
        <p class="tools">
          <button type="button" class="print">Print this ${answers ? 'key' : 'worksheet'}</button>
          <a href="#main">All of them</a>
        </p>
      </header>
      ${answers ? '' : goals(objectives.map(({ text }) => text))}
      <h3>Predict, run, explain</h3>
      ${answers ? '' : '<p class="hint">Write the prediction down before you run anything. It may be wrong; that is what it is for.</p>'}
      <ol class="tasks">${activities.map((given) => task(given, answers)).join('')}</ol>
      <h3>Exercises</h3>
      <ol class="tasks exercises">${exercises.map((given) => onPaper(given, answers)).join('')}</ol>
    </section>`;
}

function goals(texts: readonly string[]): string {
  return `<h3>Afterwards I can</h3><ul class="goals">${texts
    .map((text) => `<li>${inline(lowerFirst(text))}</li>`)
    .join('')}</ul>`;
}

function task(
  { title, minutes, figures, predict, sketch, run, explain, answer }: Activity,
  answers: boolean,
): string {
  const room = sketch ? '<div class="sketch" aria-hidden="true"></div>' : rules(2);
  return `
    <li>
      <h4>${inline(title)} <span class="how">${minutes} min</span></h4>
      <ul class="open">${figures
        .map(
          ({ label, target }) =>
            `<li><a href="${href(target)}">${inline(label)}</a>${typed(addressFor(target))}</li>`,
        )
        .join('')}</ul>
      ${prompt('Predict', predict, answers ? '' : room)}
      ${prompt('Run', run, answers ? '' : rules(3))}
      ${prompt('Explain', explain, answers ? '' : rules(3))}
      ${answers ? `<div class="key">${paragraphs(answer)}</div>` : ''}
    </li>`;
}

/** An address for those who read on paper, if it can be typed; whoever needs a longer one opens the worksheet. */
function typed(address: string): string {
  return address.length > 70 ? '' : ` <span class="address">${escapeHtml(address)}</span>`;
}

function prompt(name: string, text: string, room: string): string {
  return `<div class="prompt"><p><b>${name}.</b> ${inline(text)}</p>${room}</div>`;
}

function onPaper({ title, minutes, task: text, grid, solution, lines }: Exercise, answers: boolean): string {
  return `
    <li>
      <h4>${inline(title)} <span class="how">${minutes} min</span></h4>
      ${paragraphs(text)}
      ${grid ? table(grid, answers) : ''}
      ${answers ? `<div class="key">${paragraphs(solution)}</div>` : rules(lines)}
    </li>`;
}

function table({ head, rows }: Grid, answers: boolean): string {
  const cell = (text: string, shown: boolean) =>
    shown ? `<td>${inline(text)}</td>` : '<td><span class="visually-hidden">to be filled in</span></td>';
  return `<div class="table"><table class="numbers grid"><thead><tr>${head
    .map((text) => `<th scope="col">${inline(text)}</th>`)
    .join('')}</tr></thead><tbody>${rows
    .map(
      ({ label, cells, given }) =>
        `<tr><th scope="row">${inline(label)}</th>${cells.map((text) => cell(text, answers || given === true)).join('')}</tr>`,
    )
    .join('')}</tbody></table></div>`;
}

/** Lines to write on. */
function rules(count: number): string {
  return `<div class="rules" aria-hidden="true">${'<span></span>'.repeat(count)}</div>`;
}

/** “Compute …” after “Afterwards I can”. */
function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
