import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Lab } from '../../client/lab.ts';
import type { LabArmFrame } from '../../protocol/lab-session.ts';
import { controls } from '../../style/controls.ts';
import { formatNumber } from '../format-number.ts';
import { whatHappened, whatToTry, whyThere } from './divergence-words.ts';
import { LabFrames } from './frames.ts';
import { layerNames } from './layer-names.ts';
import { panelStyles } from './panel-styles.ts';
import { armName } from './words.ts';

/**
 * `<bn-lab-divergence>`: when training left the numbers: where, at which step, which value first, why there, and what to
 * try. Says so as long as all values are finite; a live region, so that it is also heard.
 */
export class DivergencePanel extends LitElement {
  static override properties = { lab: { attribute: false } };

  declare lab: Lab | undefined;
  protected readonly frames = new LabFrames(this);

  override render(): TemplateResult {
    const arms = this.lab?.frame?.arms ?? [];
    return html`
      ${arms.some(({ divergence }) => divergence) ? nothing : html`<p class="note">All numbers are finite so far.</p>`}
      <div role="status">${arms.map((frame, arm) => this.#event(frame, arm, arms))}</div>
    `;
  }

  #event(
    { divergence, members }: LabArmFrame,
    arm: number,
    arms: readonly LabArmFrame[],
  ): TemplateResult | typeof nothing {
    const experiment = this.lab?.setup?.arms[arm];
    if (!divergence || !experiment) return nothing;
    const name = armName(arm);
    const others = arms.flatMap((other, at) => (at !== arm && !other.divergence ? [armName(at)] : []));
    const example = divergence.diverged_example;
    const facts: [string, string | undefined][] = [
      ['Step', String(divergence.step)],
      [
        'Layer',
        divergence.diverged_layer === undefined
          ? 'the loss, after the last layer'
          : layerNames(experiment.model.layers)[divergence.diverged_layer],
      ],
      [
        'First value not finite',
        divergence.diverged_value === undefined ? undefined : written(divergence.diverged_value),
      ],
      ['Of', divergence.diverged_what],
      ['Unit', divergence.diverged_unit === undefined ? undefined : String(divergence.diverged_unit)],
      [
        'Example',
        example === undefined
          ? undefined
          : `number ${example + 1} of the batch${members?.[example] === undefined ? '' : `, number ${(members[example] ?? 0) + 1} of the training set`}`,
      ],
    ];
    return html`<section>
      <h4>${whatHappened(name, divergence, experiment)}</h4>
      <p>
        ${whyThere(divergence)} ${name} keeps the weights it had before this step, and what is shown of it
        stays as it was.${others.length > 0 ? ` ${others.join(' and ')} can go on.` : ''}
      </p>
      <dl>
        ${facts.map(([term, fact]) =>
          fact === undefined
            ? nothing
            : html`<div>
                <dt>${term}</dt>
                <dd>${fact}</dd>
              </div>`,
        )}
      </dl>
      <p class="try">What to try:</p>
      <ul>
        ${whatToTry(experiment, this.lab?.setup?.data.data.scale).map((tip) => html`<li>${tip}</li>`)}
      </ul>
    </section>`;
  }

  static override styles = [
    controls,
    panelStyles,
    css`
      section {
        padding: var(--space-3) var(--space-4);
        border-inline-start: 3px solid var(--bad);
        background: var(--bad-soft);
      }

      section + section {
        margin-block-start: var(--space-3);
      }

      dl {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-5);
        margin: 0 0 var(--space-3);
        font-size: var(--size-s);
      }

      dt {
        color: var(--text-muted);
      }

      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
      }

      .try {
        margin: 0;
        font-weight: 600;
      }

      ul {
        margin: 0;
        padding-inline-start: 1.2em;
        max-width: var(--measure);
      }

      @media (forced-colors: active) {
        section {
          border-inline-start-color: CanvasText;
        }
      }
    `,
  ];
}

function written(value: number): string {
  return Number.isNaN(value) ? 'NaN (not a number)' : formatNumber(value);
}

customElements.define('bn-lab-divergence', DivergencePanel);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-divergence': DivergencePanel;
  }
}
