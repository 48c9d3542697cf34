import { css } from 'lit';

/*
 * What figures and their parts are made of again and again, for a component's shadow root behind the controls:
 * `static styles = [controls, block, row, css`…`]`. What a component says itself comes last, and so overrules.
 */

/** An element as wide as there is room, in the size of text that figures have. */
export const block = css`
  :host {
    display: block;
    min-width: 0;
    font: var(--size-m) / 1.45 var(--font-sans);
  }
`;

/** Short texts under small headings. */
export const words = css`
  h4 {
    margin: 0 0 var(--space-2);
    font: 600 var(--size-m) / 1.3 var(--font-sans);
  }

  p {
    margin: 0 0 var(--space-2);
    max-width: var(--measure);
    text-wrap: pretty;
  }
`;

/** What is folded away until it is asked for, below a line that is as easy to hit as a button. */
export const folded = css`
  details {
    font-size: var(--size-s);
  }

  summary {
    min-height: var(--target);
    line-height: var(--target);
    color: var(--text-muted);
    cursor: pointer;
  }
`;

/** Buttons and what they tell, in lines. */
export const row = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
  }
`;

/** Above a figure: groups of buttons and settings, which wrap. */
export const toolbar = css`
  .bar,
  .group,
  label {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }

  .bar {
    gap: var(--space-2) var(--space-5);
  }
`;

/** Settings with their names before them, in lines. */
export const choices = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-4);
    margin-block-end: var(--space-4);
  }

  .choices label {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-height: var(--target);
  }
`;

/** Text to paste, or to copy, as it is written. */
export const textBox = css`
  textarea {
    display: block;
    width: 100%;
    padding: var(--space-2);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-raised);
    font: var(--size-s) / 1.5 var(--font-mono);
  }
`;

/** The names of lines, each behind a piece of its line. */
export const legend = css`
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-4);
    margin: 0;
    font-size: var(--size-s);
  }

  .legend span::before {
    content: '';
    display: inline-block;
    width: 1.75rem;
    margin-inline-end: var(--space-2);
    border-block-start: 2px solid var(--swatch, currentColor);
    vertical-align: middle;
  }
`;

/** A small chart of lines with their names, a conclusion, and its numbers in a table that opens. */
export const chart = [
  block,
  legend,
  folded,
  css`
    figure {
      margin: 0;
    }

    .canvas {
      position: relative;
      min-width: 0;
    }

    figcaption {
      min-height: 2.9em;
      color: var(--text-muted);
      font-size: var(--size-s);
    }

    .scroll {
      max-height: 14rem;
      overflow: auto;
    }
  `,
];

/** A drawing with an axis: its labels and its lines at the ticks. */
export const plot = css`
  :host {
    display: block;
    min-width: 0;
  }

  svg {
    display: block;
    font: 12px var(--font-sans);
  }

  text {
    fill: var(--text-muted);
    font-variant-numeric: tabular-nums;
  }

  .tick line {
    stroke: var(--hairline);
  }
`;
