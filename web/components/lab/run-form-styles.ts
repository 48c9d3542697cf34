import { css } from 'lit';

/** The line of settings above many runs, and how far they have come. */
export const runFormStyles = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
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
`;
