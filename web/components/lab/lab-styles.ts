import { css } from 'lit';

/** The layout of the whole Lab: settings beside what there is to see, where there is room; one column elsewhere. */
export const labStyles = css`
  :host {
    display: block;
    container-type: inline-size;
    font: var(--size-m) / 1.45 var(--font-sans);
  }

  .figure:focus {
    outline: none;
  }

  .title {
    margin: 0 0 var(--space-3);
    font: 600 var(--size-l) / 1.3 var(--font-sans);
  }

  .messages p {
    margin: 0 0 var(--space-3);
  }

  /* Always at hand, however far down the panels go. */
  bn-lab-run-bar {
    position: sticky;
    inset-block-start: 0;
    z-index: 5;
    padding-block: var(--space-2);
    border-block: 1px solid var(--hairline);
    background: var(--surface);
  }

  .setup {
    min-width: 0;
  }

  .toggle {
    justify-content: flex-start;
    width: 100%;
    margin-block: var(--space-3) 0;
    text-align: start;
  }

  .toggle .note {
    display: block;
  }

  #settings {
    display: none;
    padding-block: var(--space-3);
  }

  #settings.open {
    display: block;
  }

  .main {
    min-width: 0;
    padding-block: var(--space-3);
  }

  .differences p {
    margin: 0;
    text-wrap: pretty;
  }

  .differences ul {
    margin: 0 0 var(--space-2);
    padding-inline-start: 1.4em;
  }

  .chooser {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    margin-block: var(--space-3);
  }

  .chooser button {
    border-color: var(--hairline);
    font-size: var(--size-s);
  }

  .chooser button[aria-pressed='true'] {
    border-color: var(--accent);
  }

  .panel {
    padding-block: var(--space-4) var(--space-5);
    border-block-start: 1px solid var(--hairline);
  }

  .panel > h3 {
    margin: 0 0 var(--space-3);
    font: 600 var(--size-l) / 1.3 var(--font-sans);
  }

  /* About as high as it will be, so that what stands below does not jump when it comes. */
  .panel > :not(h3) {
    display: block;
    min-height: 12rem;
  }

  @container (min-width: 60rem) {
    .columns {
      display: grid;
      grid-template-columns: 20rem minmax(0, 1fr);
      gap: var(--space-6);
    }

    /* At hand beside whatever panel is looked at, and scrolled by itself. */
    .setup {
      position: sticky;
      inset-block-start: 3.5rem;
      align-self: start;
      max-height: calc(100vh - 4rem);
      /* Room at both sides for outlines, which scrolling would cut off. */
      margin-inline-start: calc(-1 * var(--space-2));
      padding-inline: var(--space-2);
      overflow-y: auto;
      scrollbar-width: thin;
    }

    .toggle {
      display: none;
    }

    #settings {
      display: block;
    }
  }

  @media print {
    bn-lab-run-bar,
    .setup {
      position: static;
      max-height: none;
      overflow: visible;
    }
  }
`;
