import { css, html, type TemplateResult } from 'lit';
import { type Badge, BADGES, MEANINGS } from '../../claims/badge.ts';

/** A sign beside the word, so that a badge is found at a glance without its colour. */
const SIGNS: Readonly<Record<Badge, string>> = {
  exact: '≡',
  robust: '✓',
  depends: '◐',
  fails: '✗',
  unsettled: '?',
  pending: '○',
  none: '–',
};

export function badgeMark(badge: Badge): TemplateResult {
  return html`<span class="badge ${badge}" title=${MEANINGS[badge]}
    ><span aria-hidden="true">${SIGNS[badge]}</span> ${BADGES[badge]}</span
  >`;
}

export const badgeStyles = css`
  .badge {
    display: inline-block;
    padding: 0.1em 0.6em;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    font: 600 var(--size-s) / 1.5 var(--font-sans);
    white-space: nowrap;
  }

  .badge:is(.exact, .robust) {
    border-color: var(--good);
    background: var(--good-soft);
  }

  .badge.fails {
    border-color: var(--bad);
    background: var(--bad-soft);
  }

  .badge.depends {
    border-color: var(--good);
    border-inline-end-color: var(--bad);
    background: linear-gradient(to right, var(--good-soft) 50%, var(--bad-soft) 50%);
  }

  .badge:is(.unsettled, .pending, .none) {
    border-style: dashed;
    font-weight: 400;
  }
`;
