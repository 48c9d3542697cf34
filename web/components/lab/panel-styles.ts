import { css } from 'lit';

/** What the panels inside a network share: sections, figures with a conclusion, tables that open. */
export const panelStyles = css`
  :host {
    display: block;
    min-width: 0;
    font: var(--size-m) / 1.45 var(--font-sans);
  }

  section {
    min-width: 0;
  }

  section + section {
    margin-block-start: var(--space-5);
  }

  h4 {
    margin: 0 0 var(--space-2);
    font: 600 var(--size-m) / 1.3 var(--font-sans);
  }

  p {
    margin: 0 0 var(--space-2);
    max-width: var(--measure);
    text-wrap: pretty;
  }

  figure {
    margin: 0;
  }

  figcaption {
    min-height: 2.9em;
    margin-block-start: var(--space-2);
    max-width: var(--measure);
  }

  canvas {
    display: block;
    width: 100%;
  }

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

  details {
    font-size: var(--size-s);
  }

  summary {
    min-height: var(--target);
    line-height: var(--target);
    color: var(--text-muted);
    cursor: pointer;
  }

  .scroll {
    max-height: 20rem;
    overflow: auto;
  }
`;
