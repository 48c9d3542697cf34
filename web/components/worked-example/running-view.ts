import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import '../moving-average.ts';
import { equals, formula, num, row, type Expression } from '../math.ts';
import { formatColumn, formatNumber } from '../format-number.ts';
import { fedCount, workedExampleProperties, type WorkedExample } from '../../protocol/worked-example.ts';
import { feed, feedProblem, resetRunning, setChoice, setNumber, type Edit } from './edits.ts';
import { EditEvent, SayEvent, SealEvent } from './events.ts';
import { NumberInputs, type NumberField } from './number-inputs.ts';
import { columnOf, kerasMomentum, lastRow } from './numbers.ts';
import { runningUpdate } from './running.ts';
import { numberStyles, partStyles } from './styles.ts';
import { RUNNING_MEAN, RUNNING_VAR } from './symbols.ts';
import type { FeatureView } from './walk.ts';
import { WhenFresh } from './when-fresh.ts';

/** What each library starts with, in the terms of this figure. */
const DEFAULTS = {
  PyTorch: { momentum: 0.1, stored: 'unbiased', eps: 1e-5 },
  Keras: { momentum: 0.01, stored: 'biased', eps: 1e-3 },
} as const;

/**
 * Training and inference: the running mean and variance, fed batch by batch; what momentum means in PyTorch and in Keras;
 * and the outputs of both modes next to each other.
 */
export class RunningView extends LitElement {
  static override properties = { view: { attribute: false }, state: { attribute: false } };

  declare view: FeatureView | undefined;
  declare state: WorkedExample;

  readonly #fresh = new WhenFresh(this);
  readonly #inputs = new NumberInputs(this, { find: (id) => this.#fields()[id] });

  #fields(): Record<string, NumberField> {
    const { momentum } = this.state;
    const range = workedExampleProperties.momentum;
    return {
      momentum: {
        id: 'momentum',
        label: 'Momentum as PyTorch means it: the weight of the new batch',
        value: momentum,
        range,
        edit: (value) => setNumber('momentum', value),
      },
      keras: {
        id: 'keras',
        label: 'Momentum as Keras means it: the weight of the old value',
        value: kerasMomentum(momentum),
        range,
        edit: (value) => setNumber('momentum', kerasMomentum(value)),
      },
    };
  }

  clearDrafts(): void {
    this.#inputs.clear();
  }

  override render(): TemplateResult {
    const { view } = this;
    return html`
      <section class="running" aria-labelledby="running">
        <h4 id="running">Running statistics</h4>
        <p>
          In training, every batch leaves a trace: the layer blends the batch’s mean and variance into a
          running mean M and a running variance V. Inference uses those, whatever batch it is given.
        </p>
        ${this.#feeding()} ${view ? this.#table(view) : nothing} ${this.#momentum()}
      </section>
      <section class="charts" aria-label="The moving averages catching up">
        ${view ? this.#charts(view) : nothing}
      </section>
      <section class="modes" aria-labelledby="modes">
        <h4 id="modes">The same batch in both modes</h4>
        ${view ? this.#modes(view) : nothing}
      </section>
    `;
  }

  #feeding(): TemplateResult {
    const { state } = this;
    const count = fedCount(state);
    const once = feedProblem(state, 1);
    const often = feedProblem(state, 10);
    return html`<div class="buttons">
        <button
          data-changes
          class="primary"
          ?disabled=${once !== undefined || !this.view}
          @click=${() => this.#feed(1)}
        >
          Feed this batch
        </button>
        <button data-changes ?disabled=${often !== undefined || !this.view} @click=${() => this.#feed(10)}>
          × 10<span class="visually-hidden">: feed this batch ten times</span>
        </button>
        <button
          data-changes
          class="quiet"
          ?disabled=${count === 0}
          @click=${() => this.#send(resetRunning(), 'Running statistics reset')}
        >
          Reset
        </button>
        <span class="count"
          >${count === 0 ? 'no batch fed yet' : count === 1 ? '1 batch fed' : `${count} batches fed`}</span
        >
      </div>
      ${once === undefined ? nothing : html`<p class="note">${once}</p>`}`;
  }

  #feed(times: number): void {
    this.#fresh.run((view) => {
      const { mean, var: variance } = view.numbers.training;
      this.#send(feed(times, [...mean.data], [...variance.data]));
      // The new averages are not known yet; what is known now is how many batches they will be over.
      const count = fedCount(this.state) + times;
      this.dispatchEvent(new SayEvent(count === 1 ? '1 batch fed' : `${count} batches fed`));
    });
  }

  #send(edit: Edit, said?: string): void {
    this.dispatchEvent(new EditEvent(edit));
    if (said !== undefined) this.dispatchEvent(new SayEvent(said));
  }

  #table(view: FeatureView): TemplateResult {
    const { running, training } = view.numbers;
    const { stored } = view.state;
    const at = (values: Float64Array) => formatNumber(values[view.feature] ?? NaN);
    const variance = view.number(stored === 'unbiased' ? training.var_unbiased : training.var);
    const update = runningUpdate(view);
    const many = view.features > 1 ? `Feature ${view.feature + 1}` : '';
    const line = (name: Expression, parts: readonly Expression[], value: number) =>
      html`<div class="formula">
        ${formula(parts.map((part) => row(name, equals, part, equals, num(value))))}
      </div>`;
    return html`<div class="scroll" tabindex="0" role="group" aria-label="Running statistics">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">${many || 'Statistic'}</th>
              <th scope="col" class="training">this batch</th>
              <th scope="col" class="inference">running</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">mean</th>
              <td class="training">${formatNumber(view.number(training.mean))}</td>
              <td class="inference" data-running="mean">${at(lastRow(running.pytorch.running_mean))}</td>
            </tr>
            <tr>
              <th scope="row">variance, ${stored}</th>
              <td class="training">${formatNumber(variance)}</td>
              <td class="inference" data-running="var">${at(lastRow(running.pytorch.running_var))}</td>
            </tr>
          </tbody>
        </table>
      </div>
      <div class="update">
        ${
          update.mean.length === 0
            ? html`<p class="note">Before the first batch, M is 0 and V is 1.</p>`
            : html`<p class="note">The last update:</p>
                ${line(RUNNING_MEAN, update.mean, view.runningMean)}
                ${line(RUNNING_VAR, update.variance, view.runningVar)}`
        }
      </div>`;
  }

  #momentum(): TemplateResult {
    const { state } = this;
    const { momentum, keras } = this.#fields() as { momentum: NumberField; keras: NumberField };
    const { running } = this.view?.numbers ?? {};
    const value = (
      history: { running_mean: { data: Float64Array; shape: readonly number[] } } | undefined,
    ) => (history ? formatNumber(lastRow(history.running_mean)[state.feature] ?? NaN) : '');
    const problem = this.#inputs.problem;
    return html`<h4>Momentum, two ways of counting</h4>
      <div class="momentum">
        <label
          ><span>PyTorch</span>${this.#inputs.input(momentum)}<span class="note"
            >weight of the new batch; M = ${value(running?.pytorch)}</span
          ></label
        >
        <label
          ><span>Keras</span>${this.#inputs.input(keras)}<span class="note"
            >weight of the old value; M = ${value(running?.keras)}</span
          ></label
        >
      </div>
      <p class=${problem === undefined ? 'message' : 'message problem'} id="message" role="alert">
        ${problem ?? nothing}
      </p>
      <fieldset class="segmented" data-changes>
        <legend>Stored variance</legend>
        ${(['unbiased', 'biased'] as const).map(
          (stored) =>
            html`<label>
              <input
                type="radio"
                name="stored"
                .checked=${state.stored === stored}
                @change=${() => this.#send(setChoice({ stored }))}
              />
              <span>${stored}, ÷ ${stored === 'unbiased' ? '(m − 1)' : 'm'}</span>
            </label>`,
        )}
      </fieldset>
      <p class="defaults" data-changes="more">
        Set all, and ε, as in
        ${(['PyTorch', 'Keras'] as const).map(
          (library) =>
            html`<button
              @click=${() => {
                this.#send((now) => ({ ...now, ...DEFAULTS[library] }), `${library}’s defaults`);
                this.dispatchEvent(new SealEvent());
              }}
            >
              ${library}
            </button>`,
        )}
      </p>`;
  }

  #charts(view: FeatureView): TemplateResult {
    const { running } = view.numbers;
    const history = (name: 'running_mean' | 'running_var') => ({
      running: columnOf(running.pytorch[name], view.feature),
      batch: columnOf(running.batch[name], view.feature).slice(1),
    });
    const chart = (name: string, which: 'running_mean' | 'running_var') => {
      const data = history(which);
      const now = formatNumber(data.running.at(-1) ?? NaN);
      const target = data.batch.at(-1);
      const conclusion =
        target === undefined
          ? `It starts at ${now}. Feed the batch and watch it move.`
          : `After ${data.batch.length === 1 ? 'one batch' : `${data.batch.length} batches`} it is ${now}; the last batch had ${formatNumber(target)}.`;
      return html`<bn-moving-average .data=${{ name, ...data, conclusion }}></bn-moving-average>`;
    };
    return html`${chart('mean', 'running_mean')} ${chart('variance', 'running_var')}`;
  }

  #modes(view: FeatureView): TemplateResult {
    const { training, inference } = view.numbers;
    const columns = [
      { label: 'x', role: 'x', values: view.x },
      { label: 'y in training', role: 'training', values: view.column(training.y) },
      { label: 'y in inference', role: 'inference', values: view.column(inference.y) },
      { label: 'gap', role: '', values: view.column(training.gap) },
    ].map((column) => ({
      ...column,
      texts: formatColumn(column.values, Math.max(...view.column(training.y).map(Math.abs))),
    }));
    const gaps = view.column(training.gap).map(Math.abs);
    const worst = gaps.indexOf(Math.max(...gaps));
    return html`<p>
        Training normalises by this batch, inference by M and V. The largest gap is
        <strong>${formatNumber(gaps[worst] ?? NaN)}</strong>, at example ${worst + 1}. Feed the batch until
        the averages have caught up: what stays is
        ${view.state.stored === 'unbiased' ? 'the unbiased variance being a little larger' : 'nothing but rounding'}.
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label="y in training and in inference mode">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Example</th>
              ${columns.map(({ label, role }) => html`<th scope="col" class=${role}>${label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${view.x.map(
              (_, row) =>
                html`<tr>
                  <th scope="row">${row + 1}</th>
                  ${columns.map(({ texts }) => html`<td>${texts[row]}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }

  static override styles = [
    controls,
    numberStyles,
    partStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-5) var(--space-6);
      }

      section {
        min-width: 0;
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-block: var(--space-3);
      }

      .count {
        color: var(--text-muted);
        font-size: var(--size-s);
        font-variant-numeric: tabular-nums;
      }

      .scroll {
        max-height: 22rem;
        overflow: auto;
      }

      .running table :is(td, th:not(:first-child)) {
        min-width: min(7rem, 22cqw);
      }

      table.numbers thead th {
        white-space: normal;
      }

      .modes table :is(th, td) {
        padding-inline: min(0.75em, 1.5cqw);
      }

      .update {
        min-height: 8rem;
        margin-block: var(--space-3);
      }

      .momentum {
        display: grid;
        gap: var(--space-1);
        max-width: 28rem;
      }

      .momentum label {
        display: grid;
        grid-template-columns: 4.5rem 5rem minmax(0, 1fr);
        align-items: center;
        gap: var(--space-2);
      }

      .message {
        min-height: 1.5rem;
        margin-block: var(--space-1);
        font-size: var(--size-s);
      }

      .defaults {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-block: var(--space-2) 0;
      }

      .charts {
        display: grid;
        align-content: start;
        gap: var(--space-4);
      }

      table.numbers th[scope='row'] {
        text-align: start;
        white-space: nowrap;
      }

      @container (max-width: 30rem) {
        .segmented > legend {
          float: none;
        }
      }

      @container (min-width: 48rem) {
        :host {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }

      @container (min-width: 62rem) {
        :host {
          grid-template-columns: minmax(0, 27rem) minmax(0, 1fr);
          grid-template-rows: auto 1fr;
        }

        .running {
          grid-row: 1 / 3;
        }

        .charts {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];
}

customElements.define('bn-running-view', RunningView);

declare global {
  interface HTMLElementTagNameMap {
    'bn-running-view': RunningView;
  }
}
