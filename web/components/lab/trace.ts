import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { nearestPlace, type Place } from '../../charts/places.ts';
import type { TraceDrawing, TraceSeries } from '../../charts/trace-chart.ts';
import type { Lab } from '../../client/lab.ts';
import type { LabValue } from '../../protocol/lab.ts';
import type { LabPoint } from '../../protocol/lab-session.ts';
import type { Mode } from '../../protocol/vocabulary.ts';
import { controls } from '../../style/controls.ts';
import { ClosedTables } from './closed-tables.ts';
import { LabFrames } from './frames.ts';
import { panelStyles } from './panel-styles.ts';
import {
  conclusion,
  formatAccuracy,
  formatStep,
  formatTick,
  gapAxis,
  gapOf,
  linesOf,
  lineColour,
  lossAxis,
  type Measured,
  MEASURED,
  MODES,
  places,
  type Quantity,
  stepAxis,
  stepsOf,
  valueOf,
} from './trace-lines.ts';
import type { CursorEvent } from './trace-plot.ts';
import './trace-plot.ts';
import { type Shown, readingStyles, twinTable, valuesTable, WIDTH } from './trace-tables.ts';
import { armName } from './words.ts';

const ACCURACY = { min: 0, max: 1, log: false, linear: 1, above: false };
const EVERY_MODE = Object.keys(MODES) as Mode[];

/**
 * `<bn-lab-trace>`: loss and accuracy over the steps, on the test set, the training set and the batches, in training mode
 * and in inference mode, for each model, and how far the modes are apart. The table under the charts is their legend too;
 * it has the values at the step pointed at, or the newest.
 */
export class LabTrace extends LitElement {
  static override properties = {
    lab: { attribute: false },
    value: { attribute: false },
    measured: { state: true },
    modes: { state: true },
    arms: { state: true },
    gaps: { state: true },
    logLoss: { state: true },
    logSteps: { state: true },
    hovered: { state: true },
    chosen: { state: true },
  };

  declare lab: Lab | undefined;
  /** Its `emphasis` says which modes are shown until the reader chooses. */
  declare value: Pick<LabValue, 'emphasis'> | undefined;
  declare private measured: readonly Measured[];
  declare private modes: readonly Mode[];
  declare private arms: readonly number[];
  declare private gaps: boolean;
  declare private logLoss: boolean;
  declare private logSteps: boolean;
  /** The step under the pointer, and the one the slider stands at; undefined: the newest. */
  declare private hovered: number | undefined;
  declare private chosen: number | undefined;

  protected readonly frames = new LabFrames(this);
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.measured = ['test'];
    this.modes = EVERY_MODE;
    this.arms = [0, 1];
    this.gaps = true;
    this.logLoss = false;
    this.logSteps = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const emphasis = this.value?.emphasis ?? 'both';
    if (!changed.has('value') || emphasis === (changed.get('value')?.emphasis ?? 'both')) return;
    this.modes = emphasis === 'both' ? EVERY_MODE : [emphasis];
  }

  override render(): TemplateResult {
    const trace = this.lab?.trace ?? [];
    const shown = this.#shown(trace);
    const steps = stepsOf(trace).map((x) => ({ x, y: 0 }));
    const pointed = this.hovered ?? this.chosen;
    const at = steps[pointed === undefined ? steps.length - 1 : nearestPlace(steps, pointed)]?.x;
    const diverged = (this.lab?.frame?.arms ?? []).map(({ divergence }) => divergence?.step);
    const said = conclusion(trace, diverged);
    return html`
      <figure @bn-cursor=${this.#point}>
        ${this.#choices(shown)}
        <div class="plots">${this.#plots(shown, pointed === undefined ? undefined : at, said)}</div>
        ${this.#slider(steps, at)}
        <div class="read">
          ${valuesTable(shown, at)}
          <figcaption>${said}</figcaption>
        </div>
      </figure>
      ${this.#tables.render('The charts as a table', () => twinTable(shown))}
    `;
  }

  #shown(trace: readonly (readonly LabPoint[])[]): Shown {
    const hasTest = trace.some((points) => points.some(({ test }) => test));
    const asked = this.measured.filter((one) => one !== 'test' || hasTest);
    const measured = asked.length === 0 ? (['train'] as const) : asked;
    const arms = this.arms.filter((arm) => arm < Math.max(1, trace.length));
    const hasAccuracy = trace.some((points) =>
      points.some(({ train }) => !Number.isNaN(train.inference.accuracy)),
    );
    return {
      trace,
      hasTest,
      quantities: hasAccuracy ? ['loss', 'accuracy'] : ['loss'],
      lines: linesOf(arms, measured, this.modes),
      gaps: this.gaps
        ? linesOf(arms, measured, ['training']).filter((line) => line.measured !== 'steps')
        : [],
    };
  }

  #choices({ trace, hasTest }: Shown): TemplateResult {
    const toggle = (label: string, on: boolean, change: (on: boolean) => void, disabled = false) =>
      html`<label
        ><input
          type="checkbox"
          .checked=${on}
          ?disabled=${disabled}
          @change=${({ target }: Event) => change((target as HTMLInputElement).checked)}
        />${label}</label
      >`;
    const among = <T>(
      all: readonly T[],
      chosen: readonly T[],
      name: (one: T) => string,
      set: (now: T[]) => void,
    ) =>
      all.map((one) =>
        toggle(
          name(one),
          chosen.includes(one),
          // In the order of the list, whatever the order of the clicks.
          (on) => set(all.filter((other) => (other === one ? on : chosen.includes(other)))),
        ),
      );
    const sets = (Object.keys(MEASURED) as Measured[]).filter((one) => one !== 'test' || hasTest);
    return html`<div class="choices">
      <fieldset>
        <legend>Measured on</legend>
        ${among(
          sets,
          this.measured,
          (one) => MEASURED[one],
          (now) => (this.measured = now),
        )}
      </fieldset>
      <fieldset>
        <legend>In</legend>
        ${among(
          EVERY_MODE,
          this.modes,
          (mode) => MODES[mode],
          (now) => (this.modes = now),
        )}
        ${toggle('gap between them', this.gaps, (on) => (this.gaps = on))}
      </fieldset>
      ${
        trace.length > 1
          ? html`<fieldset>
              <legend>Model</legend>
              ${among([0, 1], this.arms, armName, (now) => (this.arms = now))}
            </fieldset>`
          : nothing
      }
      <fieldset>
        <legend>Log scale</legend>
        ${toggle('loss', this.logLoss, (on) => (this.logLoss = on))}
        ${toggle('steps', this.logSteps, (on) => (this.logSteps = on))}
      </fieldset>
    </div>`;
  }

  #plots(shown: Shown, cursor: number | undefined, said: string): TemplateResult[] {
    const { trace, quantities, lines, gaps } = shown;
    const x = stepAxis(trace, this.logSteps);
    const series = (
      { arm, measured }: Shown['gaps'][number],
      colour: string,
      value: (point: LabPoint) => number,
    ): TraceSeries => ({
      points: places(trace[arm] ?? [], value, this.logSteps),
      colour,
      width: WIDTH[measured],
      dashed: arm === 1,
      letter: armName(arm),
    });
    const plot = (quantity: Quantity): TemplateResult => {
      const all = lines
        .filter(({ measured }) => quantity === 'loss' || measured !== 'steps')
        .map((line) => series(line, lineColour(line), (point) => valueOf(point, line, quantity)));
      const y =
        quantity === 'loss'
          ? lossAxis(
              all.map(({ points }) => points),
              this.logLoss,
            )
          : ACCURACY;
      const between = gaps.map((line) => series(line, '--text', (point) => gapOf(point, line, quantity)));
      const gapY = gapAxis(
        between.map(({ points }) => points),
        y.linear,
      );
      const percent = quantity === 'accuracy';
      const name = percent ? 'Accuracy' : 'Loss';
      return html`<div class="quantity">
        <h4>${name}${percent ? '' : this.logLoss ? ', log scale' : ''}</h4>
        ${draw(`${name} over the steps. ${said}`, 'tall', {
          series: all,
          x,
          y,
          formatX: formatStep,
          formatY: percent ? percentTick : formatTick,
          cursor,
        })}
        ${
          y.above
            ? html`<p class="note">
                Values above ${formatTick(y.max)} are off this chart; the log scale shows them.
              </p>`
            : nothing
        }
        ${
          between.length > 0
            ? html`<h4>Gap in ${name.toLowerCase()}: inference mode − training mode</h4>
                ${draw(`Gap in ${name.toLowerCase()} between the modes over the steps`, 'low', {
                  series: between,
                  x,
                  y: gapY,
                  formatX: formatStep,
                  formatY: percent ? percentTick : formatTick,
                  cursor,
                })}`
            : nothing
        }
      </div>`;
    };
    return quantities.map(plot);
  }

  #slider(steps: readonly Place[], at: number | undefined): TemplateResult {
    const index = steps.findIndex(({ x }) => x === at);
    const last = Math.max(0, steps.length - 1);
    return html`<label class="cursor">
      <span>Step</span>
      <input
        type="range"
        min="0"
        max=${last}
        .value=${String(Math.max(0, index))}
        aria-valuetext=${at === undefined ? 'none' : `step ${at}`}
        ?disabled=${steps.length < 2}
        @input=${({ target }: Event) => {
          const to = Number((target as HTMLInputElement).value);
          this.hovered = undefined;
          // At its right end the slider goes along with the newest step.
          this.chosen = to >= last ? undefined : steps[to]?.x;
        }}
      />
      <span class="value">${at === undefined ? '–' : formatStep(at)}</span>
    </label>`;
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

      .choices {
        gap: var(--space-1) var(--space-5);
      }

      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-3);
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }

      fieldset label {
        min-height: var(--target);
      }

      legend {
        float: inline-start;
        padding: 0;
        margin-inline-end: var(--space-1);
        color: var(--text-muted);
        line-height: var(--target);
      }

      .plots {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4) var(--space-5);
      }

      .quantity {
        min-width: 0;
      }

      .quantity h4 {
        margin: 0;
        font-size: var(--size-s);
      }

      .tall {
        height: 13rem;
      }

      .low {
        height: 6.5rem;
      }

      .cursor {
        grid-template-columns: auto minmax(0, 1fr) 4.5rem;
      }

      @container (min-width: 40rem) {
        .plots {
          grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr));
        }
      }
    `,
  ];
}

function draw(label: string, size: string, drawing: TraceDrawing): TemplateResult {
  return html`<bn-lab-trace-plot class=${size} .drawing=${drawing} .label=${label}></bn-lab-trace-plot>`;
}

function percentTick(value: number): string {
  return value === 0 ? '0' : formatAccuracy(value).replace('.0', '');
}

customElements.define('bn-lab-trace', LabTrace);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-trace': LabTrace;
  }
}
