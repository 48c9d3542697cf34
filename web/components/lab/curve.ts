import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { nearestPlace } from '../../charts/places.ts';
import type { TraceSeries } from '../../charts/trace-chart.ts';
import type { Lab } from '../../client/lab.ts';
import { controls } from '../../style/controls.ts';
import { ClosedTables } from './closed-tables.ts';
import { type Curve, curvesOf, examplePoints, heightAxis, sayCurves } from './curve-lines.ts';
import { LabFrames } from './frames.ts';
import { panelStyles } from './panel-styles.ts';
import { rangeOf } from './plane.ts';
import { formatLoss, formatTick } from './trace-lines.ts';
import type { CursorEvent } from './trace-plot.ts';
import './trace-plot.ts';
import { readingStyles } from './trace-tables.ts';
import { armName } from './words.ts';

const RESOLUTION = 129;
const TABLE_ROWS = 33;

/**
 * `<bn-lab-curve>`: what each model predicts along one feature, in training mode and in inference mode, with the examples.
 */
export class LabCurve extends LitElement {
  static override properties = {
    lab: { attribute: false },
    output: { state: true },
    hovered: { state: true },
    chosen: { state: true },
  };

  declare lab: Lab | undefined;
  /** Which of the network's outputs. */
  declare private output: number;
  declare private hovered: number | undefined;
  declare private chosen: number | undefined;

  readonly #frames = new LabFrames(this);
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.output = 0;
  }

  protected override willUpdate(): void {
    const opened = this.lab?.opened;
    this.#frames.want(opened && { map: { resolution: RESOLUTION, range: rangeOf(opened) } });
  }

  override render(): TemplateResult {
    const { opened, frame } = this.lab ?? {};
    if (!opened) return html``;
    const [from, to] = rangeOf(opened);
    const curves = curvesOf(frame, [from, to], this.output);
    const examples = [opened.train, ...(opened.test ? [opened.test] : [])].map(examplePoints);
    const x = this.hovered ?? this.chosen;
    const at = x === undefined ? undefined : nearestPlace(curves[0]?.points ?? [], x);
    const said = sayCurves(curves, frame);
    const drawing = {
      series: [...marks(examples, frame?.arms[0]?.members), ...curves.map(lineOf)],
      x: { min: from, max: to, log: false, open: true },
      y: heightAxis(examples, curves),
      formatX: formatTick,
      formatY: formatTick,
      cursor: at === undefined ? undefined : curves[0]?.points[at]?.x,
    };
    return html`
      <figure @bn-cursor=${this.#point}>
        ${opened.data.outputs > 1 ? this.#choice(opened.data.outputs) : nothing}
        <bn-lab-trace-plot
          .drawing=${drawing}
          .label=${`The curves of the models. ${said}`}
        ></bn-lab-trace-plot>
        ${this.#slider(curves, at)}
        <div class="read">
          ${this.#values(curves, at)}
          <figcaption>
            ${said}
            ${
              examples[0]?.length
                ? html`<span class="note">
                    Dots: training examples, those of the last batch
                    ringed${examples.length > 1 ? '; circles: test examples' : ''}.
                  </span>`
                : nothing
            }
          </figcaption>
        </div>
      </figure>
      ${this.#tables.render('The curves as a table', () => table(curves))}
    `;
  }

  #choice(outputs: number): TemplateResult {
    return html`<div class="choices">
      <label
        >Output
        <select @change=${({ target }: Event) => (this.output = Number((target as HTMLSelectElement).value))}>
          ${Array.from({ length: outputs }, (_, k) => html`<option ?selected=${k === this.output}>${k}</option>`)}
        </select></label
      >
    </div>`;
  }

  #slider(curves: readonly Curve[], at: number | undefined): TemplateResult {
    const points = curves[0]?.points ?? [];
    const x = at === undefined ? undefined : points[at]?.x;
    return html`<label class="cursor">
      <span>Feature</span>
      <input
        type="range"
        min="0"
        max=${Math.max(0, points.length - 1)}
        .value=${String(at ?? Math.floor(points.length / 2))}
        aria-valuetext=${x === undefined ? 'no place chosen' : formatLoss(x)}
        @input=${({ target }: Event) => {
          this.hovered = undefined;
          this.chosen = points[Number((target as HTMLInputElement).value)]?.x;
        }}
      />
      <span class="value">${x === undefined ? '–' : formatLoss(x)}</span>
    </label>`;
  }

  #values(curves: readonly Curve[], at: number | undefined): TemplateResult {
    return html`<div class="scroll values" tabindex="0" role="group" aria-label="Predictions at a place">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">${at === undefined ? 'Point at a place' : 'At this place'}</th>
            <th scope="col">output</th>
          </tr>
        </thead>
        <tbody>
          ${curves.map(
            ({ arm, mode, points }) =>
              html`<tr>
                <th scope="row">
                  <svg class=${`swatch ${mode}`} viewBox="0 0 28 8" aria-hidden="true">
                    <line
                      x2="28"
                      y1="4"
                      y2="4"
                      stroke-width="2.25"
                      stroke-dasharray=${arm === 1 ? '6 4' : 'none'}
                    ></line></svg
                  >${armName(arm)}, ${mode} mode
                </th>
                <td>${at === undefined ? '–' : formatLoss(points[at]?.y ?? NaN)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #point({ x, pinned }: CursorEvent): void {
    this.hovered = pinned ? undefined : x;
    if (pinned) this.chosen = x;
  }

  static override styles = [
    controls,
    panelStyles,
    readingStyles,
    css`
      :host {
        container-type: inline-size;
      }

      bn-lab-trace-plot {
        height: 20rem;
      }
    `,
  ];
}

function lineOf({ arm, mode, points }: Curve): TraceSeries {
  return {
    points,
    colour: mode === 'training' ? '--training-line' : '--inference',
    width: 2.25,
    dashed: arm === 1,
    letter: armName(arm),
  };
}

/** Examples first, so that the curves lie over them. */
function marks(examples: readonly Curve['points'][], members: Int32Array | undefined): TraceSeries[] {
  const [train = [], test = []] = examples;
  const inBatch = Array.from(members ?? []).flatMap((member) => train[member] ?? []);
  const common = { colour: '--line', width: 1.25, dashed: false, letter: '' };
  return [
    { ...common, points: train, marks: 'dot' },
    { ...common, points: test, marks: 'hole' },
    { ...common, points: inBatch, marks: 'ring', colour: '--text' },
  ];
}

function table(curves: readonly Curve[]): TemplateResult {
  const count = curves[0]?.points.length ?? 0;
  const rows = Array.from({ length: TABLE_ROWS }, (_, i) => Math.round((i / (TABLE_ROWS - 1)) * (count - 1)));
  return html`<table class="numbers">
    <thead>
      <tr>
        <th scope="col">Feature</th>
        ${curves.map(({ arm, mode }) => html`<th scope="col">${armName(arm)}, ${mode} mode</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <th scope="row">${formatLoss(curves[0]?.points[row]?.x ?? NaN)}</th>
            ${curves.map(({ points }) => html`<td>${formatLoss(points[row]?.y ?? NaN)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define('bn-lab-curve', LabCurve);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-curve': LabCurve;
  }
}
