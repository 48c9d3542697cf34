import { css, html, nothing, svg, type TemplateResult, unsafeCSS } from 'lit';
import { classShape, classToken, MARKED_CLASSES } from '../../charts/class-marks.ts';

/** A class as it is marked in the pictures, for text and tables; with a hole where it is an example of the test set. */
export function classMark(label: number, hole = false): TemplateResult {
  return html`<svg class="mark" viewBox="-1.6 -1.6 3.2 3.2" aria-hidden="true">
    <path class=${`class-${label % MARKED_CLASSES}`} d=${classShape(label).path}></path>
    ${hole ? svg`<circle class="hole" r="0.5"></circle>` : nothing}
  </svg>`;
}

/** What a class is called: as given, or by its number. */
export function className(names: readonly string[] | undefined, label: number): string {
  return names?.[label] ?? `class ${label}`;
}

export const classMarkStyles = css`
  .mark {
    width: 1.15em;
    height: 1.15em;
    margin-inline-end: 0.2em;
    vertical-align: -0.2em;
    stroke: var(--text);
    stroke-width: 0.22;
    overflow: visible;
  }

  .mark .hole {
    fill: var(--surface-raised);
    stroke: none;
  }

  ${unsafeCSS(
    Array.from({ length: MARKED_CLASSES }, (_, k) => `.class-${k} { fill: var(${classToken(k)}); }`).join(
      '\n',
    ),
  )}
`;
