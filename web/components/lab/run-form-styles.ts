import { css } from 'lit';
import { row } from '../../style/parts.ts';

/** The line of settings above many runs, and how far they have come. */
export const runFormStyles = [
  row,
  css`
    .row {
      gap: var(--space-2) var(--space-4);
      margin-block-end: var(--space-3);
    }

    progress {
      flex: 1 1 8rem;
      max-width: 20rem;
      accent-color: var(--accent);
    }

    label {
      display: inline-flex;
      align-items: center;
      gap: var(--space-2);
      min-width: 0;
    }
  `,
];
