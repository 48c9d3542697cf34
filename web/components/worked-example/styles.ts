import { css } from 'lit';
import { block, words } from '../../style/parts.ts';
import { figureControls } from '../figure.ts';

/** A number to edit, in a table or beside a label: looks like a number until it is wanted. */
export const numberStyles = css`
  input.number {
    width: 100%;
    min-width: 3rem;
    min-height: var(--target);
    padding: 0 0.35em;
    border: 1px solid transparent;
    border-block-end-color: var(--line);
    border-radius: var(--radius) var(--radius) 0 0;
    background: transparent;
    text-align: end;
    font-variant-numeric: tabular-nums lining-nums;
    touch-action: pan-y;
  }

  input.number:hover:not(:focus) {
    border-color: var(--line);
    cursor: ew-resize;
  }

  input.number:focus {
    border-color: var(--line);
    background: var(--surface-raised);
  }

  input.number[aria-invalid='true'] {
    border: 2px solid var(--bad);
    border-radius: var(--radius);
  }
`;

/** What several parts of the figure share. */
export const partStyles = [
  figureControls,
  block,
  words,
  css`
    math {
      font-family: var(--font-math);
      font-size: 1.1em;
      math-style: normal;
    }

    /* Formulas break between their parts; a part wider than the screen scrolls by itself. */
    .formula {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: var(--space-2) 0.05em;
      max-width: 100%;
      padding-block: 0.2em;
      overflow-x: auto;
      overflow-y: hidden;
    }

    .term {
      border-radius: var(--radius);
    }

    .term:hover,
    .term.lit {
      background: var(--surface-sunken);
      box-shadow: 0 0 0 2px var(--line);
    }
  `,
];
