import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Experiment } from '../../protocol/experiment.ts';
import type { Regions } from '../../charts/decision-map.ts';
import { MapPainter, type MapRange } from '../../charts/map-painter.ts';
import { predictedClass, rowOf } from '../../charts/predictions.ts';
import type { Lab } from '../../client/lab.ts';
import type { LabOpened } from '../../protocol/lab-session.ts';
import type { Mode } from '../../protocol/vocabulary.ts';
import type { LabExamples, LabValue } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { classMark, classMarkStyles, className } from './class-mark.ts';
import { ClosedTables } from './closed-tables.ts';
import { LabFrames } from './frames.ts';
import { coarse, labelAt, type ModePair, sayRegions } from './map-words.ts';
import { panelStyles } from './panel-styles.ts';
import { markedExamples, placesOf, rangeOf } from './plane.ts';
import { Theme } from './theme.ts';
import { formatLoss } from './trace-lines.ts';
import { armName } from './words.ts';

/** Cells a side; fewer where so many would take seconds to compute. */
const RESOLUTION = { most: 64, least: 24 };
/** Weights from which on a network counts as large. */
const LARGE = 200_000;
const MODES: readonly Mode[] = ['training', 'inference'];
/** Rows and columns of the table beside the pictures. */
const COARSE = 9;

/** A cell of the pictures: column and row from the lower left corner. */
interface Cell {
  column: number;
  row: number;
}

/**
 * `<bn-lab-regions>`: which class each model predicts over a plane of two features, in training mode and in inference mode
 * side by side. Pointing at a place, or moving the two sliders, reads the outputs there.
 */
export class LabRegions extends LitElement {
  static override properties = {
    lab: { attribute: false },
    examples: { attribute: false },
    emphasis: { attribute: false },
    shownArm: { state: true },
    hard: { state: true },
    train: { state: true },
    test: { state: true },
    rings: { state: true },
    cell: { state: true },
  };

  declare lab: Lab | undefined;
  /** The reader's own examples, whose classes and features may have names. */
  declare examples: LabExamples | undefined;
  /** Which modes are drawn. */
  declare emphasis: LabValue['emphasis'];
  /** One model, or, undefined, all. */
  declare private shownArm: number | undefined;
  declare private hard: boolean;
  declare private train: boolean;
  declare private test: boolean;
  declare private rings: boolean;
  declare private cell: Cell | undefined;

  readonly #frames = new LabFrames(this);
  readonly #theme = new Theme(this);
  readonly #tables = new ClosedTables(this);
  readonly #painter = new MapPainter();
  readonly #resized = new ResizeObserver(() => this.#paint());
  #range: { of: LabOpened; value: MapRange } | undefined;

  constructor() {
    super();
    this.emphasis = 'both';
    this.hard = false;
    this.train = true;
    this.test = true;
    this.rings = true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected override willUpdate(): void {
    const range = this.#rangeNow();
    this.#frames.want(range && { map: { resolution: this.#resolution, range } });
  }

  get #resolution(): number {
    const large = this.lab?.setup?.arms.some(({ model }) => weightsOf(model) > LARGE);
    return large ? RESOLUTION.least : RESOLUTION.most;
  }

  #rangeNow(): MapRange | undefined {
    const opened = this.lab?.opened;
    if (!opened) return undefined;
    if (this.#range?.of !== opened) {
      this.#range = { of: opened, value: rangeOf(opened) };
      this.cell = undefined;
    }
    return this.#range.value;
  }

  override render(): TemplateResult {
    const { lab } = this;
    const pairs = this.#pairs();
    const arms = (lab?.frame?.arms ?? [])
      .map((_, arm) => arm)
      .filter((arm) => (this.shownArm ?? arm) === arm);
    const said = sayRegions(pairs, lab?.frame);
    return html`
      <figure>
        ${this.#choices()}
        <div class="maps">
          ${arms.flatMap((arm) =>
            MODES.filter((mode) => this.emphasis === 'both' || this.emphasis === mode).map(
              (mode) =>
                html`<div class="map">
                  <h4>${armName(arm)}, <span class=${mode}>${mode} mode</span></h4>
                  <canvas
                    data-arm=${arm}
                    data-mode=${mode}
                    role="img"
                    aria-label=${`Which class ${armName(arm)} predicts in ${mode} mode. ${said}`}
                    @pointerdown=${this.#point}
                    @pointermove=${this.#point}
                    @pointerleave=${this.#leave}
                  ></canvas>
                </div>`,
            ),
          )}
        </div>
        ${this.#legend()}
        <figcaption>
          ${said}
          ${
            arms.some((arm) => lab?.frame?.arms[arm]?.members)
              ? 'In training mode each place is drawn as if it were met in the last batch.'
              : 'Before the first step there is no batch yet: in training mode the places of the picture are one another’s batch.'
          }
        </figcaption>
      </figure>
      ${this.#reading(pairs)}
      ${pairs.map(({ arm }) =>
        this.#tables.render(`${armName(arm)}’s pictures as a table`, () => this.#table(arm), `table-${arm}`),
      )}
    `;
  }

  #pairs(): ModePair[] {
    const { setup, frame, opened } = this.lab ?? {};
    return (frame?.arms ?? []).flatMap(({ map }, arm) => {
      const loss = setup?.arms[arm]?.loss;
      if (!map || !loss || !opened || (this.shownArm ?? arm) !== arm) return [];
      const regions = (outputs: Regions['outputs']): Regions => ({
        outputs,
        resolution: Math.round(Math.sqrt(outputs.shape[0] ?? 0)),
        loss,
        classes: opened.data.classes,
      });
      return [{ arm, training: regions(map.training), inference: regions(map.inference) }];
    });
  }

  protected override updated(): void {
    this.#paint();
  }

  #paint(): void {
    const { opened, frame } = this.lab ?? {};
    const range = this.#rangeNow();
    if (!opened || !range) return;
    const pairs = this.#pairs();
    const examples = markedExamples(opened, { train: this.train, test: this.test });
    for (const canvas of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas')) {
      const arm = Number(canvas.dataset['arm']);
      const members = this.rings ? frame?.arms[arm]?.members : undefined;
      this.#painter.paint(
        canvas,
        {
          regions: pairs.find((pair) => pair.arm === arm)?.[canvas.dataset['mode'] as Mode],
          hard: this.hard,
          range,
          examples,
          ringed: members ? placesOf(opened.train, members) : [],
          place: this.cell && placeOf(this.cell, range, this.#resolution),
        },
        this.#theme.token,
        this.#theme.version,
      );
    }
  }

  #choices(): TemplateResult {
    const toggle = (label: string, name: 'hard' | 'train' | 'test' | 'rings') =>
      html`<label
        ><input
          type="checkbox"
          .checked=${this[name]}
          @change=${({ target }: Event) => (this[name] = (target as HTMLInputElement).checked)}
        />${label}</label
      >`;
    return html`<div class="choices">
      ${
        (this.lab?.frame?.arms.length ?? 0) > 1
          ? html`<fieldset class="segmented">
              <legend>Model</legend>
              ${([undefined, 0, 1] as const).map(
                (arm) =>
                  html`<label
                    ><input
                      type="radio"
                      name="arm"
                      .checked=${this.shownArm === arm}
                      @change=${() => (this.shownArm = arm)}
                    /><span>${arm === undefined ? 'Both' : armName(arm)}</span></label
                  >`,
              )}
            </fieldset>`
          : nothing
      }
      ${toggle('hard regions', 'hard')} ${toggle('training examples', 'train')}
      ${this.lab?.opened?.test ? toggle('test examples', 'test') : nothing}
      ${toggle('last batch ringed', 'rings')}
    </div>`;
  }

  #legend(): TemplateResult {
    const { opened } = this.lab ?? {};
    return html`<ul class="legend">
      ${Array.from(
        { length: opened?.data.classes ?? 0 },
        (_, label) => html`<li>${classMark(label)}${className(this.examples?.classNames, label)}</li>`,
      )}
      ${opened?.test ? html`<li>${classMark(0, true)}with a hole: test set</li>` : nothing}
    </ul>`;
  }

  #reading(pairs: readonly ModePair[]): TemplateResult {
    const range = this.#range?.value;
    const cell = this.cell;
    const resolution = this.#resolution;
    const place = cell && range && placeOf(cell, range, resolution);
    const outputs = pairs[0]?.inference.outputs.shape[1] ?? 0;
    const slider = (label: string, name: 'column' | 'row', feature: 0 | 1) => {
      const at = cell ?? { column: resolution / 2, row: resolution / 2 };
      return html`<label
        ><span>${label}</span
        ><input
          type="range"
          min="0"
          max=${resolution - 1}
          .value=${String(at[name])}
          aria-valuetext=${place ? formatPlace(place[feature]) : 'no place chosen'}
          @input=${({ target }: Event) =>
            (this.cell = { ...at, [name]: Number((target as HTMLInputElement).value) })}
        /><span class="value">${place ? formatPlace(place[feature]) : '–'}</span></label
      >`;
    };
    return html`<div class="reading">
      <div class="sliders">
        <p class="note">Point at a place to read it, or choose one:</p>
        ${slider(this.#feature(0, 'across'), 'column', 0)} ${slider(this.#feature(1, 'up'), 'row', 1)}
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label="Outputs at a place">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">At this place</th>
              <th scope="col">predicts</th>
              ${Array.from({ length: outputs }, (_, k) => html`<th scope="col">output ${outputs > 1 ? k : ''}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${pairs.flatMap((pair) =>
              MODES.map((mode) => {
                const { outputs: all, resolution, loss } = pair[mode];
                const row = cell && rowOf(all, cell.row * resolution + cell.column);
                return html`<tr>
                  <th scope="row">${armName(pair.arm)}, <span class=${mode}>${mode} mode</span></th>
                  <td>${row ? this.#predicted(predictedClass(row, loss)) : '–'}</td>
                  ${Array.from({ length: outputs }, (_, k) => html`<td>${row ? formatLoss(row[k] ?? NaN) : '–'}</td>`)}
                </tr>`;
              }),
            )}
          </tbody>
        </table>
      </div>
    </div>`;
  }

  /** Which feature lies in a direction, where features have names. */
  #feature(index: 0 | 1, direction: string): string {
    const name = this.examples?.inputNames?.[index];
    return name === undefined ? direction : `${name} (${direction})`;
  }

  #predicted(label: number | undefined): TemplateResult | string {
    return label === undefined
      ? 'nothing'
      : html`${classMark(label)}${className(this.examples?.classNames, label)}`;
  }

  #table(arm: number): TemplateResult {
    const pair = this.#pairs().find((one) => one.arm === arm);
    const range = this.#range?.value;
    if (!pair || !range) return html``;
    const [training, inference] = MODES.map((mode) => coarse(pair[mode], COARSE)) as [
      ReturnType<typeof coarse>,
      ReturnType<typeof coarse>,
    ];
    const { loss, resolution } = pair.training;
    return html`<table class="numbers">
      <caption>
        The class predicted at ${COARSE} × ${COARSE} places; where the modes differ, training mode / inference
        mode
      </caption>
      <thead>
        <tr>
          <th scope="col">up \\ across</th>
          ${training.columns.map(
            (column) =>
              html`<th scope="col">${formatPlace(placeOf({ column, row: 0 }, range, resolution)[0])}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${training.rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${formatPlace(placeOf({ column: 0, row }, range, resolution)[1])}</th>
              ${training.columns.map((column) => {
                const said = [training, inference].map((map) => labelAt(map.at(row, column), loss));
                return html`<td>${said[0] === said[1] ? said[0] : said.join(' / ')}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #point(event: PointerEvent): void {
    const { clientWidth: size } = event.target as HTMLCanvasElement;
    const resolution = this.#resolution;
    const cell = (at: number) => Math.min(resolution - 1, Math.max(0, Math.floor((at / size) * resolution)));
    this.cell = { column: cell(event.offsetX), row: resolution - 1 - cell(event.offsetY) };
  }

  #leave(event: PointerEvent): void {
    if (event.pointerType === 'mouse') this.cell = undefined;
  }

  static override styles = [
    controls,
    panelStyles,
    classMarkStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .maps {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-3);
      }

      .map h4 {
        margin: 0 0 var(--space-1);
        font-size: var(--size-s);
      }

      canvas {
        aspect-ratio: 1;
        border: 1px solid var(--line);
        touch-action: pan-y;
        cursor: crosshair;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        margin: var(--space-2) 0 0;
        padding: 0;
        list-style: none;
        font-size: var(--size-s);
      }

      .reading {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2) var(--space-5);
        margin-block: var(--space-3);
      }

      .sliders label {
        display: grid;
        grid-template-columns: minmax(3.5rem, auto) minmax(5rem, 1fr) 4rem;
        align-items: center;
        gap: var(--space-2);
      }

      .value {
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      .reading :is(th, td) {
        padding-inline: 0 min(0.75em, 1.5cqw);
      }

      .reading td {
        min-width: 4.5em;
      }

      .map {
        max-width: 24rem;
      }

      @container (min-width: 44rem) {
        .reading {
          grid-template-columns: minmax(14rem, 20rem) minmax(0, 1fr);
        }
      }

      @container (min-width: 50rem) {
        .maps:has(:nth-child(4)) {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
    `,
  ];
}

/** Of the fully connected layers, which over two features are all there are. */
function weightsOf({ inputs, layers }: Experiment['model']): number {
  const widths = [inputs, ...layers.flatMap((layer) => (layer.kind === 'linear' ? [layer.units] : []))];
  return widths.slice(1).reduce((sum, width, at) => sum + width * (widths[at] ?? 0), 0);
}

/** The middle of a cell. */
function placeOf({ column, row }: Cell, [x0, x1, y0, y1]: MapRange, resolution: number): [number, number] {
  return [x0 + ((column + 0.5) / resolution) * (x1 - x0), y0 + ((row + 0.5) / resolution) * (y1 - y0)];
}

function formatPlace(value: number): string {
  return formatLoss(value).replace(/(\.\d\d)\d+$/, '$1');
}

customElements.define('bn-lab-regions', LabRegions);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-regions': LabRegions;
  }
}
