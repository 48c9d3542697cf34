import { css } from 'lit';
import { row } from '../../style/parts.ts';

export const quizStyles = [
  row,
  css`
    :host {
      display: block;
      min-width: 0;
      max-width: 46rem;
      font: var(--size-m) / 1.5 var(--font-sans);
      color: var(--text);
    }

    .quiz {
      padding: var(--space-4) clamp(var(--space-3), 4vw, var(--space-5)) var(--space-5);
      border: 1px solid var(--hairline);
      border-radius: var(--radius);
      background: var(--surface-raised);
    }

    .quiz.bare {
      padding: 0;
      border: 0;
      background: none;
    }

    .problem {
      margin: 0 0 var(--space-4);
    }

    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      justify-content: space-between;
      gap: var(--space-2) var(--space-4);
      margin-block-end: var(--space-4);
    }

    .head p {
      margin: 0;
      color: var(--text-muted);
      font-size: var(--size-s);
      font-variant-numeric: tabular-nums;
    }

    .steps {
      display: flex;
      flex-wrap: wrap;
      gap: 2px;
      margin: 0;
      padding: 0;
      list-style: none;
    }

    .steps button {
      position: relative;
      min-width: 1.75rem;
      min-height: 1.75rem;
      padding: 0;
      border-color: transparent;
      background: transparent;
      color: var(--text-muted);
      font-size: var(--size-s);
      font-variant-numeric: tabular-nums;
    }

    .steps button[aria-current] {
      border-color: var(--line);
      color: var(--text);
      font-weight: 600;
    }

    .steps .right,
    .steps .later {
      background: var(--good-soft);
      color: var(--good);
    }

    .steps .wrong {
      background: var(--bad-soft);
      color: var(--bad);
    }

    .question {
      margin: 0 0 var(--space-4);
      font: 500 var(--size-l) / 1.4 var(--font-serif);
      text-wrap: pretty;
    }

    .question:focus,
    .verdict:focus {
      outline: none;
    }

    .question:focus-visible,
    .verdict:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 4px;
    }

    fieldset {
      min-width: 0;
      margin: 0;
      padding: 0;
      border: 0;
    }

    fieldset > .note {
      margin: calc(-1 * var(--space-2)) 0 var(--space-3);
    }

    .option {
      margin-block: var(--space-2);
      border: 1px solid var(--hairline);
      border-radius: var(--radius);
    }

    .option label {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: var(--space-3);
      align-items: start;
      padding: var(--space-2) var(--space-3);
      cursor: pointer;
    }

    .option input {
      margin-block-start: 0.2em;
    }

    .option:not(.hit, .wrong, .miss, .left):hover {
      border-color: var(--line);
    }

    .option:has(:checked):not(.hit, .wrong, .miss, .left) {
      border-color: var(--accent);
    }

    .option:is(.hit, .wrong, .miss, .left) label {
      cursor: default;
      padding-block-end: 0;
    }

    .option .why,
    .option .given {
      margin: 0;
      padding: var(--space-1) var(--space-3) var(--space-2) calc(var(--space-3) + 1.15em + var(--space-3));
      color: var(--text-muted);
      font-size: var(--size-s);
      line-height: 1.45;
      text-wrap: pretty;
    }

    .option .given {
      padding-block-end: 0;
      color: var(--text);
      font-size: var(--size-m);
    }

    .why .sign {
      display: inline-block;
      width: 1.15em;
      margin-inline-start: calc(-1.15em - var(--space-3));
      margin-inline-end: var(--space-3);
      font-weight: 600;
      text-align: center;
    }

    .option.hit {
      border-color: var(--good);
      background: var(--good-soft);
    }

    .option.miss {
      border: 1px dashed var(--good);
    }

    .option.wrong {
      border-color: var(--bad);
      background: var(--bad-soft);
    }

    .option:is(.hit, .wrong, .miss) .why {
      color: var(--text);
    }

    :is(.hit, .miss) .sign,
    .sign:is(.right, .later) {
      color: var(--good);
    }

    .wrong .sign,
    .sign.wrong {
      color: var(--bad);
    }

    .number {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2) var(--space-3);
    }

    .number input {
      width: 9em;
      font-variant-numeric: tabular-nums;
    }

    .number .problem {
      flex-basis: 100%;
      margin: 0;
    }

    .verdict {
      margin: var(--space-4) 0 0;
      font-weight: 600;
    }

    .after p {
      margin: var(--space-2) 0 0;
      max-width: 40rem;
      text-wrap: pretty;
    }

    .see a {
      color: inherit;
      text-decoration: underline;
      text-decoration-color: var(--line);
      text-underline-offset: 0.18em;
    }

    .see a:hover {
      text-decoration-color: currentColor;
    }

    .see .note {
      display: block;
    }

    .row {
      margin-block-start: var(--space-4);
    }

    .end:focus:not(:focus-visible) {
      outline: none;
    }

    .summary > p {
      margin: 0 0 var(--space-2);
      max-width: 40rem;
    }

    .summary > .end {
      margin: 0 0 var(--space-2);
      font: 500 var(--size-xl) / 1.3 var(--font-serif);
    }

    .list {
      margin: var(--space-4) 0 0;
      padding: 0;
      list-style: none;
      border-block-start: 1px solid var(--hairline);
    }

    .list li {
      border-block-end: 1px solid var(--hairline);
    }

    .list button {
      display: grid;
      grid-template-columns: 1.4em 1fr;
      gap: var(--space-2);
      justify-content: start;
      align-items: baseline;
      width: 100%;
      padding: var(--space-2) var(--space-1);
      text-align: start;
    }

    .list .sign {
      font-weight: 600;
      text-align: center;
    }

    @media (forced-colors: active) {
      .option:is(.hit, .wrong) {
        border-width: 3px;
      }
    }

    @media print {
      .quiz {
        display: none;
      }
    }
  `,
];
