import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import {
  equals,
  formula,
  fraction,
  guarded,
  index,
  minus,
  named,
  num,
  operator,
  plus,
  row,
  symbol,
  times,
  toText,
  type Expression,
} from '../math.ts';
import { formatColumn, formatNumber } from '../format-number.ts';
import { workedExampleProperties, type WorkedExample } from '../../protocol/worked-example.ts';
import { lossOf } from './backward.ts';
import { applySgd, setChoice, setNumber } from './edits.ts';
import { isFixed } from '../figure.ts';
import { EditEvent, SayEvent } from './events.ts';
import { NumberInputs, type NumberField } from './number-inputs.ts';
import { numberStyles, partStyles } from './styles.ts';
import { BETA, DBETA, DGAMMA, DX, GAMMA, LOSS, RATE } from './symbols.ts';
import type { FeatureView } from './walk.ts';
import { WhenFresh } from './when-fresh.ts';

const becomes = operator('←', '\\leftarrow');
const leads = operator('→', '\\to');

/** Beside the backward walk: its batch-mates, its check by finite differences, and one step of SGD. */
export class GradientLessons extends LitElement {
  static override properties = { view: { attribute: false }, state: { attribute: false } };

  declare view: FeatureView | undefined;
  declare state: WorkedExample;

  readonly #fresh = new WhenFresh(this);
  readonly #inputs = new NumberInputs(this, { find: (id) => this.#fields()[id] });

  #fields(): Record<string, NumberField> {
    const field = (name: 'lr' | 'nudge', label: string): NumberField => ({
      id: name,
      label,
      value: this.state[name],
      range: workedExampleProperties[name],
      edit: (value) => setNumber(name, value),
    });
    return { lr: field('lr', 'Learning rate η'), nudge: field('nudge', 'Change of dL/dy') };
  }

  clearDrafts(): void {
    this.#inputs.clear();
  }

  override render(): TemplateResult {
    const { view } = this;
    const problem = this.#inputs.problem;
    return html`
      <section aria-labelledby="mates">
        <h4 id="mates">Batch-mates</h4>
        ${view ? this.#mates(view) : nothing}
      </section>
      <section aria-labelledby="check">
        <h4 id="check">Checked by finite differences</h4>
        ${view ? this.#check(view) : nothing}
      </section>
      <section aria-labelledby="sgd">
        <h4 id="sgd">One step of SGD</h4>
        ${view ? this.#sgd(view) : nothing}
      </section>
      <p class=${problem === undefined ? 'message' : 'message problem'} id="message" role="alert">
        ${problem ?? nothing}
      </p>
    `;
  }

  #mates(view: FeatureView): TemplateResult {
    const { state, numbers } = view;
    const before = view.column(view.walk.dx);
    const scale = Math.max(...view.column(view.walk.dx_direct).map(Math.abs));
    const change = formatColumn(view.column(numbers.nudged.change.dx), scale);
    const [old, after] = [
      formatColumn(before, scale),
      formatColumn(view.column(numbers.nudged.after.dx), scale),
    ];
    const { nudge } = this.#fields() as { nudge: NumberField };
    const others = view.inference
      ? 'In inference mode only its own gradient changes.'
      : 'Every example’s gradient changes, though only one output’s did.';
    return html`<p class="sentence">
        Add ${this.#inputs.input(nudge, 'inline')} to dL/dy of
        <label
          ><span class="visually-hidden">Whose dL/dy changes</span>
          <select
            ?disabled=${isFixed(this)}
            @change=${(event: Event) => this.#chooseMate(Number((event.target as HTMLSelectElement).value))}
          >
            ${view.x.map((_, at) => html`<option value=${at} ?selected=${at === state.mate}>example ${at + 1}</option>`)}
          </select> </label
        >alone. ${view.examples > 1 ? others : nothing}
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label="dL/dx before and after">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Example</th>
              <th scope="col" class="grad">dx</th>
              <th scope="col">change</th>
              <th scope="col" class="grad">dx after</th>
            </tr>
          </thead>
          <tbody>
            ${before.map(
              (_, at) =>
                html`<tr class=${at === state.mate ? 'mate' : ''}>
                  <th scope="row">${at + 1}</th>
                  <td class="grad">${old[at]}</td>
                  <td>${change[at]}</td>
                  <td class="grad">${after[at]}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }

  #chooseMate(mate: number): void {
    this.dispatchEvent(new EditEvent(setChoice({ mate })));
  }

  #check(view: FeatureView): TemplateResult {
    const { walk } = view;
    const h = symbol('h');
    const at = (sign: typeof plus) => row(symbol('L'), operator('('), symbol('v'), sign, h, operator(')'));
    const line = (name: Expression, own: number, numeric: number) =>
      html`<tr>
        <th scope="row">${named(name, toText(name).replace('_', ', example '))}</th>
        <td class="grad">${formatNumber(own)}</td>
        <td>${formatNumber(numeric)}</td>
      </tr>`;
    const [dx, numeric] = [view.column(walk.dx), view.column(walk.dx_numeric)];
    return html`<p>
        Move one number a little both ways and see what the loss does:
        <span class="formula">${formula([fraction(row(at(plus), minus, at(minus)), row(num(2), h))])}</span>
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label="Gradients and finite differences">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Gradient</th>
              <th scope="col" class="grad">formula</th>
              <th scope="col">numeric</th>
            </tr>
          </thead>
          <tbody>
            ${line(DBETA, view.number(walk.dbeta), view.number(walk.dbeta_numeric))}
            ${line(DGAMMA, view.number(walk.dgamma), view.number(walk.dgamma_numeric))}
            ${dx.map((value, example) => line(index(DX, num(example + 1)), value, numeric[example] ?? NaN))}
          </tbody>
        </table>
      </div>
      <p class="note">
        The largest difference${view.features > 1 ? ', over all features,' : ''} is
        ${formatNumber(walk.largest_difference)}.
      </p>`;
  }

  #sgd(view: FeatureView): TemplateResult {
    const { walk, state } = view;
    const { lr } = this.#fields() as { lr: NumberField };
    const step = (name: Expression, now: number, gradient: Expression, slope: number, next: number) =>
      html`<div class="formula">
        ${formula([
          row(name, becomes, name, minus, RATE, times, gradient),
          row(equals, num(now), minus, num(state.lr), times, guarded(num(slope, undefined, 'grad'))),
          row(equals, num(next)),
        ])}
      </div>`;
    return html`<label class="sentence">Learning rate η ${this.#inputs.input(lr, 'inline')}</label>
      ${step(GAMMA, view.gamma, DGAMMA, view.number(walk.dgamma), view.number(walk.gamma_next))}
      ${step(BETA, view.beta, DBETA, view.number(walk.dbeta), view.number(walk.beta_next))}
      <div class="formula">
        ${formula([row(LOSS, equals, lossOf(view), equals, num(walk.loss), leads, num(walk.loss_next))])}
      </div>
      <p data-changes>
        <button class="primary" @click=${this.#apply}>Take the step</button>
      </p>
      <p class="note">The same step for every feature, on γ and β alone. Undo brings them back.</p>`;
  }

  readonly #apply = (): void => {
    this.#fresh.run(({ walk: { gamma_next, beta_next, loss, loss_next } }) => {
      this.dispatchEvent(new EditEvent(applySgd([...gamma_next.data], [...beta_next.data])));
      this.dispatchEvent(
        new SayEvent(`Step taken. The loss goes from ${formatNumber(loss)} to ${formatNumber(loss_next)}.`),
      );
    });
  };

  static override styles = [
    controls,
    numberStyles,
    partStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-5) var(--space-6);
        margin-block-start: var(--space-5);
      }

      section {
        min-width: 0;
      }

      .sentence {
        line-height: 1.9;
      }

      input.number.inline {
        width: 4.5rem;
        min-height: 1.6rem;
      }

      .sentence select {
        min-height: 1.6rem;
        padding-block: 0;
      }

      .scroll {
        max-height: 17rem;
        overflow: auto;
      }

      table.numbers {
        width: 100%;
      }

      table.numbers :is(th, td) {
        padding-inline: min(var(--space-2), 1.5cqw);
      }

      tr.mate > * {
        background: var(--surface-sunken);
      }

      section > .formula {
        min-height: 2.25rem;
      }

      .message {
        grid-column: 1 / -1;
        min-height: 1.5rem;
        margin: 0;
        font-size: var(--size-s);
      }

      @container (min-width: 48rem) {
        :host {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }

      @container (min-width: 68rem) {
        :host {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
    `,
  ];
}

customElements.define('bn-gradient-lessons', GradientLessons);

declare global {
  interface HTMLElementTagNameMap {
    'bn-gradient-lessons': GradientLessons;
  }
}
