import { css } from 'lit';
import { plot } from '../../style/parts.ts';

/** What all drawings of seeds have in common. */
export const plotStyles = [
  plot,
  css`
    svg {
      max-width: 100%;
    }

    .guide {
      stroke: var(--line);
      stroke-dasharray: 2 3;
    }

    .dots {
      fill: currentColor;
      fill-opacity: 0.45;
      stroke: currentColor;
      stroke-width: 0.75;
    }

    /* What has no place on a logarithmic axis lies hollow at its end. */
    .dots.beyond {
      fill: none;
    }

    .mean {
      stroke: var(--text);
      stroke-width: 2.5;
    }

    .whisker {
      fill: none;
      stroke: var(--text);
      stroke-width: 1.25;
    }
  `,
];
