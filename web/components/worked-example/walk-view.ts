import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { cellsOf, formula } from '../math.ts';
import type { WorkedExample } from '../../protocol/worked-example.ts';
import { SayEvent, ViewEvent } from './events.ts';
import { partStyles } from './styles.ts';
import { arithmeticOf, type Step, type WalkTable } from './walk.ts';
import './walk-grid.ts';
import type { LookEvent, WalkGrid } from './walk-grid.ts';

/**
 * One walk, forward or backward: the list of its steps, the step that is open with its formula and its numbers, the cells
 * made so far, and in one fixed place the arithmetic of the cell being looked at.
 */
export class WalkView extends LitElement {
  static override properties = {
    table: { attribute: false },
    state: { attribute: false },
    position: { attribute: false },
    focusedCell: { state: true },
    pointedCell: { state: true },
    term: { state: true },
  };

  declare table: WalkTable | undefined;
  declare state: WorkedExample;
  /** Which part of the view says where this walk stands. */
  declare position: 'step' | 'back_step';
  declare private focusedCell: string | undefined;
  declare private pointedCell: string | undefined;
  /** The cell whose number is pointed at in a formula. */
  declare private term: string | undefined;

  get grid(): WalkGrid | null {
    return this.renderRoot.querySelector('bn-walk-grid');
  }

  get #step(): number {
    return this.state[this.position];
  }

  /** A focused cell stays in view; pointing at one of its sources lights that, pointing elsewhere shows the other cell. */
  #look(): { looked: string | undefined; sources: Set<string>; lit: string | undefined } {
    const { table, focusedCell, pointedCell } = this;
    const sourcesOf = (cell: string | undefined) =>
      new Set(
        table && cell !== undefined
          ? (arithmeticOf(table, cell) ?? []).flatMap(cellsOf).filter((from) => from !== cell)
          : [],
      );
    const pinned = sourcesOf(focusedCell);
    if (focusedCell !== undefined && (pointedCell === undefined || pinned.has(pointedCell))) {
      return { looked: focusedCell, sources: pinned, lit: this.term ?? pointedCell };
    }
    return { looked: pointedCell, sources: sourcesOf(pointedCell), lit: this.term };
  }

  override render(): TemplateResult {
    const { table, state } = this;
    const steps = table?.steps ?? [];
    const { looked, sources, lit } = this.#look();
    return html`
      <ol class="steps" aria-label="Steps" @keydown=${this.#pressed}>
        ${steps.map((step, at) => this.#entry(step, at))}
      </ol>
      <div class="open">
        <div class="panels">${steps.map((step, at) => this.#panel(step, at, lit))}</div>
        <div class="turn">
          <button ?disabled=${this.#step === 0} @click=${() => this.#go(this.#step - 1)}>‹ Back</button>
          <button
            class="primary"
            ?disabled=${this.#step >= steps.length - 1}
            @click=${() => this.#go(this.#step + 1)}
          >
            Next ›
          </button>
          <span class="count">Step ${this.#step + 1} of ${steps.length}</span>
        </div>
      </div>
      <div class="cells">
        ${this.#arithmetic(looked, lit)}
        <bn-walk-grid
          .table=${table}
          .state=${state}
          .step=${this.#step}
          .looked=${looked}
          .sources=${sources}
          .lit=${lit}
          label=${this.position === 'step' ? 'The batch and what the layer makes of it' : 'The gradients'}
          @bn-look=${this.#looked}
        ></bn-walk-grid>
        <slot></slot>
      </div>
    `;
  }

  #entry(step: Step, at: number): TemplateResult {
    const current = at === this.#step;
    const state = current ? 'current' : at < this.#step ? 'past' : '';
    return html`<li class=${state}>
      <button
        class="quiet"
        aria-current=${current ? 'step' : nothing}
        tabindex=${current ? 0 : -1}
        @click=${() => this.#go(at)}
      >
        <span class="number" aria-hidden="true">${at + 1}</span><span class="name">${step.short}</span>
      </button>
    </li>`;
  }

  /** All panels stand in one place, so that the tallest decides and nothing below moves when another opens. */
  #panel(step: Step, at: number, lit: string | undefined): TemplateResult {
    const current = at === this.#step;
    return html`<section
      class=${current ? 'panel' : 'panel closed'}
      ?inert=${!current}
      aria-label=${`Step ${at + 1}: ${step.title}`}
    >
      <h4>${step.title}</h4>
      <p>${step.text}</p>
      ${step.formula.map((line) => html`<div class="formula">${formula([line])}</div>`)}
      <div class="formula worked" @pointerover=${this.#termOver} @pointerleave=${this.#termOut}>
        ${step.worked.length > 0 ? formula(step.worked, { cell: lit }) : nothing}
      </div>
      ${step.note === undefined ? nothing : html`<p class="note">${step.note}</p>`}
    </section>`;
  }

  #arithmetic(looked: string | undefined, lit: string | undefined): TemplateResult {
    const parts = this.table && looked !== undefined ? arithmeticOf(this.table, looked) : undefined;
    return html`<div class="arithmetic formula" @pointerover=${this.#termOver} @pointerleave=${this.#termOut}>
      ${parts ? formula(parts, { cell: lit }) : html`<span class="note">Point at a number, tap it, or move to it with the keyboard, to see where it comes from.</span>`}
    </div>`;
  }

  #go(step: number): void {
    this.dispatchEvent(new ViewEvent({ [this.position]: step }));
    const opened = this.table?.steps[step];
    if (opened)
      this.dispatchEvent(new SayEvent(`Step ${step + 1} of ${this.table?.steps.length}: ${opened.title}`));
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = (this.table?.steps.length ?? 1) - 1;
    const to: Record<string, number> = {
      ArrowLeft: this.#step - 1,
      ArrowUp: this.#step - 1,
      ArrowRight: this.#step + 1,
      ArrowDown: this.#step + 1,
      Home: 0,
      End: last,
    };
    const step = to[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, step));
    this.#go(next);
    this.renderRoot.querySelectorAll<HTMLElement>('.steps button')[next]?.focus();
  };

  readonly #looked = (event: LookEvent): void => {
    event.stopPropagation();
    if (event.how === 'focus') this.focusedCell = event.cell;
    else this.pointedCell = event.cell;
  };

  readonly #termOver = (event: Event): void => {
    this.term = (event.target as Element).closest<HTMLElement>('[data-cell]')?.dataset['cell'];
  };

  readonly #termOut = (): void => {
    this.term = undefined;
  };

  protected override willUpdate(changed: PropertyValues): void {
    // A cell that is gone, because the batch or the walk changed, is not looked at any more.
    if (!changed.has('table')) return;
    const gone = (cell: string | undefined) =>
      cell !== undefined && this.table && arithmeticOf(this.table, cell) === undefined;
    if (gone(this.focusedCell)) this.focusedCell = undefined;
    if (gone(this.pointedCell)) this.pointedCell = undefined;
  }

  static override styles = [
    controls,
    partStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4) var(--space-6);
      }

      .steps {
        display: flex;
        gap: 0;
        margin: 0;
        padding: 0;
        list-style: none;
        border-block-end: 1px solid var(--hairline);
      }

      .steps li {
        flex: 1 1 0;
        margin: 0;
        min-width: 0;
      }

      .steps button {
        width: 100%;
        min-height: 2.25rem;
        padding: 0 var(--space-1);
        border-width: 0 0 2px;
        border-color: transparent;
        border-radius: 0;
        color: var(--text-muted);
        white-space: nowrap;
      }

      .steps .past button {
        color: var(--text);
      }

      .steps .current button {
        border-color: var(--accent);
        color: var(--text);
        font-weight: 600;
      }

      .steps .number {
        font-variant-numeric: tabular-nums;
      }

      .panels {
        display: grid;
      }

      .panel {
        grid-area: 1 / 1;
        min-width: 0;
      }

      .panel.closed {
        visibility: hidden;
      }

      .panel h4 {
        font-size: var(--size-l);
      }

      .panel .formula {
        min-height: 2.75rem;
        font-size: var(--size-l);
      }

      .note {
        margin: var(--space-2) 0 0;
      }

      .turn {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin-block-start: var(--space-3);
      }

      .count {
        margin-inline-start: var(--space-2);
        color: var(--text-muted);
        font-size: var(--size-s);
        font-variant-numeric: tabular-nums;
      }

      .cells {
        min-width: 0;
      }

      .arithmetic {
        min-height: 3.75rem;
        margin-block-end: var(--space-2);
        padding-inline-start: var(--space-3);
        border-inline-start: 2px solid var(--hairline);
        font-size: var(--size-l);
      }

      .arithmetic .note {
        margin: 0;
      }

      @media (forced-colors: active) {
        .steps button {
          border-color: Canvas;
        }

        .steps .current button {
          border-color: Highlight;
        }
      }

      @container (min-width: 62rem) {
        :host {
          grid-template-columns: minmax(0, 24rem) minmax(0, 1fr);
        }

        .steps {
          grid-column: 1 / -1;
        }
      }

      @container (max-width: 40rem) {
        .steps .name {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }

        .arithmetic {
          min-height: 6rem;
        }
      }
    `,
  ];
}

customElements.define('bn-walk-view', WalkView);

declare global {
  interface HTMLElementTagNameMap {
    'bn-walk-view': WalkView;
  }
}
