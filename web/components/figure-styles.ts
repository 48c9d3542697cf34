import { css } from 'lit';
import { block, folded } from '../style/parts.ts';

/** What a chapter's own figures share: knobs above, the picture, a conclusion, a table that opens. */
export const figureStyles = [
  block,
  folded,
  css`
    .knobs {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr));
      gap: var(--space-3) var(--space-5);
      margin-block-end: var(--space-4);
    }

    .knobs label {
      display: block;
    }

    .knobs :is(input, select) {
      display: block;
      width: 100%;
      min-height: var(--target);
    }

    .knobs label > span {
      float: inline-end;
      font-variant-numeric: tabular-nums;
    }

    .segmented {
      margin-block-end: var(--space-3);
    }

    figure {
      margin: 0;
    }

    bn-line-plot {
      max-width: 46rem;
    }

    figcaption {
      min-height: 4.4em;
      margin-block-start: var(--space-3);
      max-width: var(--measure);
    }

    figcaption p {
      margin: 0 0 var(--space-2);
      text-wrap: pretty;
    }

    .scroll {
      max-height: 20rem;
      overflow: auto;
    }
  `,
];
