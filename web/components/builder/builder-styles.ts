import { css } from 'lit';
import { controls } from '../../style/controls.ts';
import { block } from '../../style/parts.ts';

export const builderStyles = [
  controls,
  block,
  css`
    :host {
      scroll-margin-block-start: var(--space-4);
    }

    section + section {
      margin-block-start: var(--space-6);
    }

    h3 {
      margin: 0 0 var(--space-3);
      font: 600 var(--size-l) / 1.3 var(--font-sans);
    }

    .search {
      display: block;
      font-size: var(--size-s);
    }

    .search input {
      display: block;
      width: min(100%, 26rem);
    }

    .choices {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr));
      gap: var(--space-2);
      max-height: min(31rem, 60vh);
      margin: var(--space-3) 0;
      padding: 2px;
      overflow: auto;
      list-style: none;
    }

    .choices button {
      display: flex;
      flex-direction: column;
      align-items: start;
      justify-content: start;
      gap: 0;
      width: 100%;
      height: 100%;
      padding: var(--space-2) var(--space-3);
      border-color: var(--hairline);
      text-align: start;
    }

    .choices button[aria-pressed='true'] {
      border-color: var(--accent);
      background: var(--surface-sunken);
      box-shadow: inset 3px 0 var(--accent);
      color: inherit;
    }

    .choices b {
      display: block;
      font-weight: 600;
    }

    .choices small {
      display: block;
      color: var(--text-muted);
      font-size: var(--size-s);
    }

    .detail {
      display: block;
      font-size: var(--size-s);
    }

    .detail + .detail {
      margin-block-start: var(--space-2);
    }

    .detail select {
      display: block;
      width: min(100%, 42rem);
      text-overflow: ellipsis;
    }

    .detail input,
    .pixels input {
      display: block;
      width: 6rem;
    }

    .options,
    .address {
      display: flex;
      flex-wrap: wrap;
      align-items: end;
      gap: var(--space-3) var(--space-5);
      margin-block-end: var(--space-3);
      font-size: var(--size-s);
    }

    .options legend,
    .address legend {
      float: none;
      margin: 0;
      line-height: 1.5;
    }

    .base {
      flex: 1 1 18rem;
      max-width: 34rem;
      min-width: 0;
    }

    .base input {
      display: block;
      width: 100%;
    }

    :is(.address, .options) p {
      flex: 1 1 100%;
      max-width: var(--measure);
      margin: 0;
    }

    .note {
      margin: var(--space-2) 0 0;
    }
  `,
];
