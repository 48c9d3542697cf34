import { findClaim } from '../../../web/claims/claims.ts';
import { evidenceOf, studiesOf } from '../../../web/claims/evidence.ts';
import { COURSE } from '../../../web/teach/course.ts';
import {
  type Activity,
  type Exercise,
  FORMS,
  type Lesson,
  type Misconception,
  type Question,
} from '../../../web/teach/lesson.ts';
import { LESSONS } from '../../../web/teach/lessons.ts';
import { escapeHtml } from '../html-text.ts';
import { chapterFile, chapterTitle, href, inline, paragraphs } from './markup.ts';

/** The places of the page for teachers, each put in where the page says `<!-- teach:name -->`. */
export const PARTS: Readonly<Record<string, () => string>> = {
  about: () => `<p>${inline(COURSE.about)}</p>`,
  contents: () =>
    LESSONS.map(({ chapter }) => `<li><a href="#chapter-${chapter}">${chapterTitle(chapter)}</a></li>`).join(
      '',
    ),
  numbers: () =>
    LESSONS.map(
      ({ chapter }) =>
        `<a href="#chapter-${chapter}" aria-label="${chapter}: ${chapterTitle(chapter)}">${chapter}</a>`,
    ).join(' '),
  notes: () =>
    COURSE.notes
      .map(({ id, title, text }) => `<h3 id="${id}">${inline(title)}</h3>${paragraphs(text)}`)
      .join(''),
  method,
  paths,
  lessons: () => LESSONS.map(lesson).join(''),
};

function method(): string {
  return `<dl class="method">${COURSE.method
    .map(({ name, text }) => `<div><dt>${inline(name)}</dt><dd>${inline(text)}</dd></div>`)
    .join('')}</dl>`;
}

function paths(): string {
  return COURSE.paths
    .map(
      ({ title, whom, steps }) => `
      <details class="path"><summary><strong>${inline(title)}.</strong> ${inline(whom)}</summary>
        <dl class="slots">${steps
          .map(({ when, what }) => `<div><dt>${inline(when)}</dt><dd>${inline(what)}</dd></div>`)
          .join('')}</dl>
      </details>`,
    )
    .join('');
}

function lesson(given: Lesson): string {
  const { chapter, about, objectives, prerequisites, minutes, activities } = given;
  const id = `chapter-${chapter}`;
  return `
    <section class="lesson" aria-labelledby="${id}">
      <h2 id="${id}"><span class="number-of">${chapter}</span>${chapterTitle(chapter)}</h2>
      <p>${inline(about)}</p>
      <dl class="facts">
        <div><dt>Reading</dt><dd>${minutes.reading} min</dd></div>
        <div><dt>Figures</dt><dd>${minutes.figures} min</dd></div>
        <div><dt>Discussion</dt><dd>${minutes.discussion} min</dd></div>
      </dl>
      <p class="ways">
        <a href="./${chapterFile(chapter)}">The chapter</a>
        <a href="./worksheets.html#${id}">Worksheet</a>
        <a href="./worksheet-keys.html#${id}">Its key</a>
        <a href="${href(`quiz:${chapter}`)}">Questions</a>
      </p>
      <h3>Afterwards students can</h3>
      <ul class="objectives">${objectives
        .map(({ level, text }) => `<li>${inline(text)} <span class="level">${level}</span></li>`)
        .join('')}</ul>
      <h3>They need</h3>
      <ul>${prerequisites.map((text) => `<li>${inline(text)}</li>`).join('')}</ul>
      <h3>Activities</h3>
      ${activities.map(activity).join('')}
      <h3>To discuss</h3>
      ${given.discussion.map(question).join('')}
      <h3>Misconceptions</h3>
      <dl class="said">${given.misconceptions.map(misconception).join('')}</dl>
      <h3>Exercises</h3>
      ${given.exercises.map(exercise).join('')}
      <h3>Shorter and longer</h3>
      <h4>Ten minutes</h4>
      ${paragraphs(given.short)}
      <h4>A whole session, ${given.session.reduce((sum, slot) => sum + slot.minutes, 0)} minutes</h4>
      <dl class="slots">${given.session
        .map(({ minutes: long, what }) => `<div><dt>${long} min</dt><dd>${inline(what)}</dd></div>`)
        .join('')}</dl>
    </section>`;
}

function activity({ title, minutes, form, figures, predict, run, explain, answer }: Activity): string {
  return `
    <details class="activity">
      <summary><strong>${inline(title)}</strong> <span class="how">${minutes} min, ${FORMS[form]}</span></summary>
      <p class="figures">${figures
        .map(({ label, target }) => `<a class="to-lab" href="${href(target)}">${inline(label)}</a>`)
        .join(' ')}</p>
      <dl class="prompts">
        <div><dt>Predict</dt><dd>${inline(predict)}</dd></div>
        <div><dt>Run</dt><dd>${inline(run)}</dd></div>
        <div><dt>Explain</dt><dd>${inline(explain)}</dd></div>
        <div class="answer"><dt>What comes out</dt><dd>${paragraphs(answer)}</dd></div>
      </dl>
    </details>`;
}

function question({ ask, answer }: Question): string {
  return `<details><summary>${inline(ask)}</summary>${paragraphs(answer)}</details>`;
}

function misconception({ said, reply, claim: id }: Misconception): string {
  const claim = findClaim(id);
  if (!claim) throw new Error(`There is no claim ${id}.`);
  const studies = studiesOf(claim).map((study) => `<a href="${href(`study:${study}`)}">${study}</a>`);
  const how =
    evidenceOf(claim).none ?? `${studies.length === 1 ? 'experiment' : 'experiments'} ${studies.join(', ')}`;
  return `<dt>${inline(said)}</dt>
    <dd>${inline(reply)} <span class="settles"><a href="${href(id)}" title="${escapeHtml(claim.statement)}">${id}</a> settles it: ${how}.</span></dd>`;
}

function exercise({ title, kind, minutes, task, grid, solution }: Exercise): string {
  const table = grid
    ? `<div class="table"><table class="numbers"><thead><tr>${grid.head
        .map((cell) => `<th scope="col">${inline(cell)}</th>`)
        .join('')}</tr></thead><tbody>${grid.rows
        .map(
          ({ label, cells }) =>
            `<tr><th scope="row">${inline(label)}</th>${cells.map((cell) => `<td>${inline(cell)}</td>`).join('')}</tr>`,
        )
        .join('')}</tbody></table></div>`
    : '';
  return `
    <details class="exercise">
      <summary><strong>${inline(title)}</strong> <span class="how">${KINDS[kind]}, ${minutes} min</span></summary>
      ${paragraphs(task)}
      <h4>Solution</h4>${table}${paragraphs(solution)}
    </details>`;
}

const KINDS: Readonly<Record<Exercise['kind'], string>> = { homework: 'homework', exam: 'for an exam' };
