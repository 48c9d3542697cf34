import { css } from 'lit';
import { block, choices, folded, words } from '../../style/parts.ts';

/** What the panels inside a network share: sections, figures with a conclusion, tables that open. */
export const panelStyles = [
  block,
  choices,
  folded,
  words,
  css`
    section {
      min-width: 0;
    }

    section + section {
      margin-block-start: var(--space-5);
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

    .scroll {
      max-height: 20rem;
      overflow: auto;
    }
  `,
];
