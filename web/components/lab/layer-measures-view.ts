import { css, html, LitElement, type TemplateResult } from 'lit';
import type { Lines } from '../../charts/lines.ts';
import { controls } from '../../style/controls.ts';
import { ClosedTables } from './closed-tables.ts';
import { conclusion, measured, MEASURES, measureOverTime, type Measure } from './layer-measures.ts';
import type { ArmLayers } from './layer-view.ts';
import './lines-figure.ts';
import { panelStyles } from './panel-styles.ts';
import { armName, formatFloat, formatShare } from './words.ts';

/** One number per layer: over the depth of the network, and for one layer over the steps; a table of all of them. */
export class LayerMeasures extends LitElement {
  static override properties = {
    arms: { attribute: false },
    names: { attribute: false },
    chosen: { attribute: false },
    measure: { state: true },
  };

  declare arms: readonly ArmLayers[];
  declare names: readonly string[];
  declare chosen: string;
  declare private measure: Measure;

  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.measure = MEASURES[0] as Measure;
  }

  override render(): TemplateResult {
    const { measure, arms, names, chosen } = this;
    const values = arms.map(({ blocks, entries, now }) => ({
      values: now ? measured(measure, now.numbers, blocks) : new Map<string, number>(),
      ...(entries[0] && { first: measured(measure, entries[0].value.numbers, blocks) }),
    }));
    const y = {
      title: measure.axis,
      log: measure.log,
      format: measure.share ? formatShare : formatFloat,
      ...(measure.share && { min: 0, max: 1 }),
    };
    const line = (arm: number, points: { x: number; y: number }[]) => ({
      label: armName(arm),
      points: points.filter((point) => !Number.isNaN(point.y)),
      color: measure.token,
      dashed: arm > 0,
    });
    const depth: Lines = {
      lines: values.map((one, arm) =>
        line(
          arm,
          names.map((name, x) => ({ x, y: one.values.get(name) ?? NaN })),
        ),
      ),
      x: { title: 'layer', names },
      y,
    };
    const time: Lines = {
      lines: arms.map(({ arm, entries, block }) =>
        line(
          arm,
          block ? entries.map(({ step, value }) => ({ x: step, y: measure.of(value.numbers, block) })) : [],
        ),
      ),
      x: { title: 'step' },
      y,
    };
    return html`
      <h4>Is each layer learning?</h4>
      <div class="choices">
        <label>
          Show
          <select @change=${this.#choose}>
            ${MEASURES.map(
              (each) => html`<option value=${each.name} ?selected=${each === measure}>${each.label}</option>`,
            )}
          </select>
        </label>
      </div>
      <p class="note about">${measure.about}</p>
      <div class="charts">
        <bn-lab-lines
          .data=${depth}
          .name=${`${measure.label}, layer by layer`}
          .conclusion=${conclusion(measure, values, chosen)}
        ></bn-lab-lines>
        <bn-lab-lines
          .data=${time}
          .name=${`${measure.label} of ${chosen}, step after step`}
          .conclusion=${measureOverTime(measure, arms, chosen)}
        ></bn-lab-lines>
      </div>
      ${this.#tables.render('All numbers of all layers as a table', () => this.#table())}
    `;
  }

  readonly #choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this.measure = MEASURES.find(({ name }) => name === value) ?? this.measure;
  };

  #table(): TemplateResult {
    const { arms } = this;
    return html`<table class="numbers">
      <thead>
        <tr>
          <th scope="col">Layer</th>
          ${MEASURES.flatMap(({ label }) =>
            arms.map(({ arm }) => html`<th scope="col">${label}, ${armName(arm)}</th>`),
          )}
        </tr>
      </thead>
      <tbody>
        ${this.names.map(
          (name) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${MEASURES.flatMap((measure) =>
                arms.map(({ blocks, now }) => {
                  const block = blocks.find((each) => each.name === name);
                  const value = now && block ? measure.of(now.numbers, block) : NaN;
                  if (Number.isNaN(value)) return html`<td>–</td>`;
                  return html`<td>${measure.share ? formatShare(value) : formatFloat(value)}</td>`;
                }),
              )}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  static override styles = [
    controls,
    panelStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .choices {
        margin-block-end: var(--space-2);
      }

      .about {
        min-height: 2.9em;
      }

      .charts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4) var(--space-5);
      }

      thead th {
        white-space: normal;
        min-width: 7rem;
      }

      @container (min-width: 44rem) {
        .charts {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];
}

customElements.define('bn-layer-measures', LayerMeasures);

declare global {
  interface HTMLElementTagNameMap {
    'bn-layer-measures': LayerMeasures;
  }
}
