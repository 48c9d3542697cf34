import { css } from 'lit';

/** Number lines with points that can be dragged: `.name` and `.tick` label them, a `.point` has a `.dot` and a `.ring`. */
export const numberLine = css`
  .name {
    font: italic 600 var(--size-l) var(--font-serif);
    fill: currentColor;
  }

  .tick {
    fill: var(--text-muted);
    font-size: var(--size-xs);
    font-variant-numeric: tabular-nums;
    text-anchor: middle;
  }

  .index {
    fill: currentColor;
    font-size: var(--size-xs);
    font-weight: 600;
    text-anchor: middle;
  }

  .mark,
  .dot {
    fill: currentColor;
    stroke: var(--surface);
    stroke-width: 2;
  }

  .track {
    fill: transparent;
  }

  .point {
    cursor: ew-resize;
    outline: none;
  }

  .ring {
    fill: transparent;
    stroke: transparent;
    stroke-width: 2;
  }

  .point:hover .ring {
    stroke: var(--line);
  }

  .point:focus-visible .ring {
    stroke: var(--focus);
  }
`;
