import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { greyRange, paintPicture } from '../../charts/picture.ts';
import { predictedClass, rowOf } from '../../charts/predictions.ts';
import type { Lab } from '../../client/lab.ts';
import type { LabOpened } from '../../protocol/lab-session.ts';
import type { LossKind, Mode } from '../../protocol/vocabulary.ts';
import type { LabExamples } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { className } from './class-mark.ts';
import { type Confusion, rowShare, sayConfusion } from './confusion.ts';
import { LabFrames } from './frames.ts';
import { sayFrozen } from './map-words.ts';
import { panelStyles } from './panel-styles.ts';
import { classesOf } from './plane.ts';
import { armName } from './words.ts';

const COUNT = 24;
const MODES: readonly Mode[] = ['training', 'inference'];

/**
 * `<bn-lab-pictures>`: the first examples of the test set as pictures, with what a model says they are in each mode, and how
 * often it takes which class for which. Examples that are not pictures have the tables alone.
 */
export class LabPictures extends LitElement {
  static override properties = {
    lab: { attribute: false },
    examples: { attribute: false },
    arm: { state: true },
  };

  declare lab: Lab | undefined;
  /** The reader's own examples, whose classes and features may have names. */
  declare examples: LabExamples | undefined;
  declare private arm: number;

  readonly #frames = new LabFrames(this);
  #painted: LabOpened | undefined;

  constructor() {
    super();
    this.arm = 0;
  }

  protected override willUpdate(): void {
    const { data, test } = this.lab?.opened ?? {};
    this.#frames.want(test && data?.classes ? { examples: COUNT } : undefined);
    if (this.arm >= (this.lab?.setup?.arms.length ?? 1)) this.arm = 0;
  }

  override render(): TemplateResult {
    const { lab } = this;
    const { opened, setup, frame } = lab ?? {};
    if (!opened || !setup) return html`<p class="note">There are no models yet.</p>`;
    if (!opened.data.classes)
      return html`<p class="note">These models predict values, not classes: there is nothing to confuse.</p>`;
    if (!opened.test)
      return html`<p class="note">
        Without a test set there are no unseen examples to show. Hold some out.
      </p>`;
    const confusion = frame?.arms[this.arm]?.examples?.confusion;
    const said = confusion
      ? sayConfusion(armName(this.arm), confusion, (label) => this.#short(label)) + sayFrozen(this.arm, frame)
      : 'Nothing has been predicted yet.';
    return html`
      ${setup.arms.length > 1 ? this.#choice(setup.arms.length) : nothing}
      <figure>
        ${pictureSize(lab) ? this.#pictures(opened, setup.arms[this.arm]?.loss ?? 'cross_entropy') : nothing}
        ${confusion ? this.#matrices(confusion) : nothing}
        <figcaption>${said}</figcaption>
      </figure>
    `;
  }

  #short(label: number): string {
    return this.examples?.classNames?.[label] ?? String(label);
  }

  #choice(arms: number): TemplateResult {
    return html`<fieldset class="segmented">
      <legend>Model</legend>
      ${Array.from(
        { length: arms },
        (_, arm) =>
          html`<label
            ><input
              type="radio"
              name="arm"
              .checked=${this.arm === arm}
              @change=${() => (this.arm = arm)}
            /><span>${armName(arm)}</span></label
          >`,
      )}
    </fieldset>`;
  }

  #pictures({ test }: LabOpened, loss: LossKind): TemplateResult {
    const labels = test ? classesOf(test) : new Int32Array();
    const examples = this.lab?.frame?.arms[this.arm]?.examples;
    return html`<ul class="pictures" aria-label="The first examples of the test set">
      ${Array.from(labels.subarray(0, COUNT), (label, i) => {
        const said = MODES.map((mode) => {
          const outputs =
            examples && i < (examples[mode].shape[0] ?? 0) ? rowOf(examples[mode], i) : undefined;
          return { mode, predicted: outputs && predictedClass(outputs, loss), known: outputs !== undefined };
        });
        return html`<li>
          <div class="what">
            <canvas
              role="img"
              aria-label=${`A picture of ${className(this.examples?.classNames, label)}`}
            ></canvas>
            <span aria-hidden="true">${this.#short(label)}</span>
          </div>
          <dl>
            ${said.map(({ mode, predicted, known }) => {
              const right = predicted === label;
              return html`<div>
                <dt class=${mode}>${mode}</dt>
                <dd class=${right ? 'right' : 'wrong'}>
                  ${
                    known
                      ? html`${predicted === undefined ? '–' : this.#short(predicted)}<span aria-hidden="true"
                            >${right ? ' ✓' : ' ✗'}</span
                          ><span class="visually-hidden">, ${right ? 'right' : 'wrong'}</span>`
                      : '–'
                  }
                </dd>
              </div>`;
            })}
          </dl>
        </li>`;
      })}
    </ul>`;
  }

  #matrices(confusion: Confusion): TemplateResult {
    return html`<div class="matrices">
      ${MODES.map((mode) => {
        const counts = confusion[mode];
        const classes = counts.shape[0] ?? 0;
        const labels = Array.from({ length: classes }, (_, label) => this.#short(label));
        return html`<div class="scroll" tabindex="0" role="group" aria-label=${`Confusion in ${mode} mode`}>
          <table class="confusion">
            <caption>
              ${armName(this.arm)},
              <span class=${mode}>${mode} mode</span
              >: how many of a class (row) were taken for which (column)
            </caption>
            <thead>
              <tr>
                <td></td>
                ${labels.map((label) => html`<th scope="col">${label}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${labels.map(
                (label, row) =>
                  html`<tr>
                    <th scope="row">${label}</th>
                    ${labels.map((_, column) => {
                      const share = rowShare(counts, row, column);
                      const tone = row === column ? '--good' : '--bad';
                      return html`<td
                        class=${row === column ? 'same' : ''}
                        .style=${`background: color-mix(in oklab, var(${tone}) ${Math.round(45 * share)}%, var(--surface-raised))`}
                      >
                        ${counts.data[row * classes + column]}
                      </td>`;
                    })}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;
      })}
    </div>`;
  }

  protected override updated(): void {
    const { opened } = this.lab ?? {};
    const size = pictureSize(this.lab);
    const canvases = this.renderRoot.querySelectorAll<HTMLCanvasElement>('.pictures canvas');
    if (!opened?.test || !size || canvases.length === 0) {
      this.#painted = undefined;
      return;
    }
    if (this.#painted === opened) return;
    this.#painted = opened;
    const { x } = opened.test;
    const range = greyRange(x.data);
    // Several channels: the first stands for all.
    canvases.forEach((canvas, i) =>
      paintPicture(canvas, rowOf(x, i).subarray(0, size[0] * size[1]), size, range),
    );
  }

  static override styles = [
    controls,
    panelStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .pictures {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(5.5rem, 1fr));
        gap: var(--space-4) var(--space-2);
        margin: var(--space-3) 0 var(--space-5);
        padding: 0;
        list-style: none;
      }

      canvas {
        width: 3.75rem;
        height: auto;
        border: 1px solid var(--line);
        image-rendering: pixelated;
      }

      .what {
        display: flex;
        gap: var(--space-1);
        font-weight: 600;
        line-height: 1;
      }

      dl {
        margin: var(--space-1) 0 0;
        font-size: var(--size-xs);
      }

      dl div {
        display: grid;
        grid-template-columns: 4.6em 1fr;
      }

      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
      }

      .right {
        color: var(--good);
      }

      .wrong {
        color: var(--bad);
        font-weight: 600;
      }

      .matrices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-4) var(--space-6);
        margin-block: var(--space-3);
      }

      .matrices .scroll {
        max-height: none;
      }

      /* Wide enough for its caption also where there are two classes. */
      .confusion caption {
        min-width: 13rem;
      }

      .confusion :is(th, td) {
        min-width: min(2.4em, 8.2cqw);
        padding: 0.25em min(0.4em, 1cqw);
        border: 1px solid var(--hairline);
        font-size: var(--size-s);
        font-weight: 400;
        text-align: center;
      }

      .confusion thead td {
        border-color: transparent;
      }

      .confusion .same {
        outline: 1px solid var(--line);
        outline-offset: -1px;
        font-weight: 600;
      }

      @container (max-width: 24rem) {
        .confusion :is(th, td) {
          font-size: var(--size-xs);
        }
      }
    `,
  ];
}

/** A square of fewer pixels a side than this is a table's row by chance. */
const LEAST_SIDE = 5;

/** Height and width of the examples, if they are pictures; networks that take them as rows do not say. */
function pictureSize(lab: Lab | undefined): readonly [number, number] | undefined {
  const { inputs = 0, input_shape } = lab?.setup?.arms[0]?.model ?? {};
  const [, height = 1, width = 1] = input_shape ?? [];
  if (height > 1 && width > 1) return [height, width];
  const side = Math.sqrt(inputs);
  return Number.isInteger(side) && side >= LEAST_SIDE ? [side, side] : undefined;
}

customElements.define('bn-lab-pictures', LabPictures);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-pictures': LabPictures;
  }
}
