import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { controls } from '../../style/controls.ts';
import { formula, named, power, symbol, toText } from '../math.ts';
import { featureCount, workedExampleProperties, type WorkedExample } from '../../protocol/worked-example.ts';
import { setCell, setVector } from './edits.ts';
import { PasteEvent, ViewEvent } from './events.ts';
import { NumberInputs, type NumberField } from './number-inputs.ts';
import { numberStyles } from './styles.ts';
import { X } from './symbols.ts';
import { arithmeticOf, type Column, type Single, type WalkTable } from './walk.ts';

/** The pointer or the focus is on a cell, or (undefined) on none any more. */
export class LookEvent extends Event {
  static readonly type = 'bn-look';
  constructor(
    readonly cell: string | undefined,
    readonly how: 'point' | 'focus',
  ) {
    super(LookEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'bn-look': LookEvent;
  }
}

const RANGES = { gamma: 0.1, beta: 0.1 } as const;

/**
 * The numbers of a walk: one row per example, one column per quantity, above a column what goes into it and below what
 * comes out of it. What was given can be edited; what was computed can be looked at, by pointing or with the arrow keys.
 */
export class WalkGrid extends LitElement {
  static override properties = {
    table: { attribute: false },
    state: { attribute: false },
    step: { type: Number },
    looked: { attribute: false },
    sources: { attribute: false },
    lit: { attribute: false },
    label: { type: String },
  };

  declare table: WalkTable | undefined;
  declare state: WorkedExample;
  declare step: number;
  /** The cell being looked at, the cells it came from, and the one pointed at in its arithmetic. */
  declare looked: string | undefined;
  declare sources: ReadonlySet<string>;
  declare lit: string | undefined;
  declare label: string;

  /** The computed cell that Tab reaches; the arrow keys move on from there. */
  #entry: string | undefined;

  readonly #inputs = new NumberInputs(this, {
    find: (id) => this.#field(id),
    enter: (id, back) => this.#nextRow(id, back),
  });

  get problem(): string | undefined {
    return this.#inputs.problem;
  }

  /** Forgets what was typed and not accepted. */
  clearDrafts(): void {
    this.#inputs.clear();
  }

  #field(id: string): NumberField | undefined {
    const [name = '', row, column] = id.split('.');
    const { feature } = this.state;
    if (name === 'gamma' || name === 'beta') {
      return {
        id,
        label: this.#many(`${name === 'gamma' ? 'γ, scale' : 'β, shift'}`, feature),
        value: this.state[name][feature] ?? 0,
        range: { ...workedExampleProperties[name], step: RANGES[name] },
        edit: (value) => setVector(name, feature, value),
      };
    }
    if (name !== 'x' && name !== 'dy' && name !== 'target') return undefined;
    const [r, c] = [Number(row), Number(column)];
    const value = this.state[name][r]?.[c];
    if (value === undefined) return undefined;
    const symbolText = { x: 'x', dy: 'dL/dy', target: 'target' }[name];
    return {
      id,
      label: this.#many(`${symbolText}, example ${r + 1}`, c),
      value,
      range: { ...workedExampleProperties[name], step: 0.1 },
      edit: (next) => setCell(name, r, c, next),
    };
  }

  #many(label: string, feature: number): string {
    return featureCount(this.state) > 1 ? `${label}, feature ${feature + 1}` : label;
  }

  override render(): TemplateResult {
    const { state } = this;
    const columns = this.table?.columns ?? [];
    const features = featureCount(state);
    const beforeX = columns[0]?.id === 'x' ? Array.from({ length: features }, (_, at) => at) : [];
    const singles = (place: Single['place']) =>
      this.table?.singles.filter((single) => single.place === place) ?? [];
    const rows = state.x.map((_, at) => at);
    const { problem } = this;
    return html`<div class="scroll">
        <table
          class=${`numbers ${features > 1 ? 'many' : ''} ${breadth(columns.length + Math.max(0, beforeX.length - 1))} ${this.step === 0 ? 'start' : ''} ${this.#shown(columns) > 3 ? 'full' : ''}`}
          role="grid"
          aria-label=${this.label}
          @pointerover=${this.#pointed}
          @pointerleave=${() => this.dispatchEvent(new LookEvent(undefined, 'point'))}
          @focusin=${this.#focused}
          @focusout=${() => this.dispatchEvent(new LookEvent(undefined, 'focus'))}
          @keydown=${this.#moved}
          @paste=${this.#pasted}
        >
          <thead>
            <tr>
              <th scope="col" class="corner"><span class="visually-hidden">Example</span></th>
              ${columns.map((column) =>
                column.id === 'x'
                  ? beforeX.map((feature) => this.#featureHead(column, feature))
                  : this.#head(column),
              )}
            </tr>
            ${this.#singlesRow(columns, singles('above'))}
          </thead>
          <tbody>
            ${repeat(
              rows,
              (row) => row,
              (row) =>
                html`<tr class=${row === state.example ? 'chosen' : ''}>
                  <th scope="row">
                    <button
                      class="quiet"
                      aria-pressed=${row === state.example}
                      aria-label=${`Example ${row + 1}`}
                      @click=${() => this.dispatchEvent(new ViewEvent({ example: row }))}
                    >
                      ${row + 1}
                    </button>
                  </th>
                  ${columns.map((column) =>
                    column.id === 'x'
                      ? beforeX.map((feature) => this.#featureCell(column, row, feature))
                      : this.#cell(column, row),
                  )}
                </tr>`,
            )}
          </tbody>
          <tfoot>
            ${this.#footRows(columns, singles('below'))}
          </tfoot>
        </table>
      </div>
      <p class=${problem === undefined ? 'message' : 'message problem'} id="message" role="alert">
        ${problem ?? nothing}
      </p>`;
  }

  /** Narrow screens show the columns a step touches; the others are away. */
  #classes(column: Column): string {
    const parts = [column.role ?? '', column.shownAt.includes(this.step) ? '' : 'away'];
    if (column.step === this.step) parts.push('made');
    return parts.join(' ');
  }

  /** How many columns a narrow screen shows now. */
  #shown(columns: readonly Column[]): number {
    return columns.filter(({ shownAt }) => shownAt.includes(this.step)).length;
  }

  #head(column: Column): TemplateResult {
    return html`<th scope="col" class=${this.#classes(column)} title=${column.name}>
      ${named(column.symbol, column.name)}
    </th>`;
  }

  #featureHead(column: Column, feature: number): TemplateResult {
    if (featureCount(this.state) === 1) return this.#head(column);
    const chosen = feature === this.state.feature;
    return html`<th scope="col" class=${chosen ? this.#classes(column) : this.#otherClasses()}>
      <button
        class="quiet"
        aria-pressed=${chosen}
        @click=${() => this.dispatchEvent(new ViewEvent({ feature }))}
      >
        ${named(power(X, symbol(`(${feature + 1})`)), `Feature ${feature + 1}`)}
      </button>
    </th>`;
  }

  /** The columns of the features not chosen: part of the batch, not of this walk. */
  #otherClasses(): string {
    return this.step === 0 ? 'other' : 'other away';
  }

  #featureCell(column: Column, row: number, feature: number): TemplateResult {
    if (feature === this.state.feature) return this.#cell(column, row);
    const field = this.#field(`x.${row}.${feature}`);
    return html`<td class=${this.#otherClasses()}>${field ? this.#inputs.input(field) : nothing}</td>`;
  }

  #cell(column: Column, row: number): TemplateResult {
    const cell = `${column.id}.${row}`;
    const field = column.editable && this.#field(`${column.editable}.${row}.${this.state.feature}`);
    if (field) {
      return html`<td class=${`${this.#classes(column)} ${this.#lights(cell)}`} data-cell=${cell}>
        ${this.#inputs.input(field, column.role ?? '')}
      </td>`;
    }
    return this.#computed(cell, column.texts[row] ?? '', column.step, column.idle, this.#classes(column));
  }

  #computed(
    cell: string,
    text: string,
    step: number,
    idle: boolean | undefined,
    classes: string,
  ): TemplateResult {
    if (step > this.step || idle || text === '') {
      return html`<td class=${`${classes} unmade ${idle ? 'idle' : ''}`}></td>`;
    }
    return html`<td
      class=${`${classes} computed ${this.#lights(cell)}`}
      data-cell=${cell}
      role="gridcell"
      tabindex=${cell === this.#entry ? 0 : -1}
      aria-description=${this.#spoken(cell)}
    >
      ${text}
    </td>`;
  }

  /** The arithmetic of the cell that has the focus, for those who do not see it light up. */
  #spoken(cell: string): string | typeof nothing {
    if (!this.table || cell !== this.#entry) return nothing;
    return (arithmeticOf(this.table, cell) ?? []).map(toText).join('').replace(/ +/g, ' ');
  }

  #lights(cell: string): string {
    const parts = [];
    if (cell === this.looked) parts.push('looked');
    else if (cell === this.lit) parts.push('lit');
    else if (this.sources.has(cell)) parts.push('source');
    return parts.join(' ');
  }

  #singlesRow(columns: readonly Column[], singles: readonly Single[]): TemplateResult | typeof nothing {
    if (singles.length === 0) return nothing;
    return html`<tr>
      <td class="corner"></td>
      ${columns.map((column) => {
        const single = singles.find((candidate) => candidate.column === column.id);
        const others = column.id === 'x' ? Array.from({ length: featureCount(this.state) - 1 }) : [];
        const own = single ? this.#single(single, column) : html`<td class=${this.#classes(column)}></td>`;
        const before = others.slice(0, this.state.feature);
        const empty = () => html`<td class=${this.#otherClasses()}></td>`;
        return [...before.map(empty), own, ...others.slice(this.state.feature).map(empty)];
      })}
    </tr>`;
  }

  /** As many rows as the column with the most results has. */
  #footRows(columns: readonly Column[], singles: readonly Single[]): TemplateResult[] {
    const used = new Map<string, number>();
    const rows: Single[][] = [];
    for (const single of singles) {
      const at = used.get(single.column) ?? 0;
      used.set(single.column, at + 1);
      (rows[at] ??= []).push(single);
    }
    return rows.flatMap((row) => {
      const rendered = this.#singlesRow(columns, row);
      return rendered === nothing ? [] : [rendered as TemplateResult];
    });
  }

  #single(single: Single, column: Column): TemplateResult {
    const away = column.shownAt.includes(this.step) ? '' : 'away';
    const label = html`<span class="label" aria-hidden="true">${formula([single.symbol])}</span>`;
    const field = single.editable && this.#field(single.editable);
    if (field) {
      return html`<td class=${`single ${away} ${this.#lights(single.id)}`} data-cell=${single.id}>
        ${label}${this.#inputs.input(field)}
      </td>`;
    }
    const made = single.step <= this.step && !single.idle;
    const fresh = single.place === 'below' && single.step === this.step;
    const classes = `single ${single.id} ${away} ${single.role ?? ''} ${fresh ? 'made' : ''}`;
    if (!made) return html`<td class=${`${classes} unmade`}></td>`;
    return html`<td
      class=${`${classes} computed ${this.#lights(single.id)}`}
      data-cell=${single.id}
      role="gridcell"
      tabindex=${single.id === this.#entry ? 0 : -1}
      aria-description=${this.#spoken(single.id)}
    >
      ${label}<span class="visually-hidden">${single.name}</span>
      <span class="value">${single.text}</span>
    </td>`;
  }

  protected override willUpdate(): void {
    // Tab must find a computed cell wherever the walk stands: the one used last, or the first there is.
    const made = [
      ...(this.table?.columns ?? []).flatMap((column) =>
        !column.editable && !column.idle && column.step <= this.step
          ? column.values.map((_, row) => `${column.id}.${row}`)
          : [],
      ),
      ...(this.table?.singles ?? []).flatMap((single) =>
        !single.editable && single.step <= this.step ? [single.id] : [],
      ),
    ];
    if (this.#entry === undefined || !made.includes(this.#entry)) this.#entry = made[0];
  }

  protected override updated(changed: PropertyValues<WalkGrid>): void {
    if (changed.has('state') && changed.get('state')?.example !== this.state.example) this.#showChosen();
  }

  /** An example that was added, or chosen in the picture, comes into sight in a long batch; the page itself stays. */
  #showChosen(): void {
    const [head, chosen, foot] = ['thead', 'tr.chosen', 'tfoot'].map((part) =>
      this.renderRoot.querySelector(part)?.getBoundingClientRect(),
    );
    if (!head || !chosen || !foot) return;
    const top = Math.min(0, chosen.top - head.bottom) || Math.max(0, chosen.bottom - foot.top);
    this.renderRoot.querySelector('.scroll')?.scrollBy({ top, behavior: 'instant' });
  }

  #cellOf(event: Event): string | undefined {
    return (event.target as Element).closest<HTMLElement>('[data-cell]')?.dataset['cell'];
  }

  readonly #pointed = (event: Event): void => {
    this.dispatchEvent(new LookEvent(this.#cellOf(event), 'point'));
  };

  readonly #focused = (event: Event): void => {
    const cell = this.#cellOf(event);
    if (cell !== undefined && (event.target as Element).matches('td')) this.#entry = cell;
    this.dispatchEvent(new LookEvent(cell, 'focus'));
    this.requestUpdate();
  };

  /** Arrow keys go from computed cell to cell; in an input they belong to the input. */
  readonly #moved = (event: KeyboardEvent): void => {
    const from = event.target as HTMLElement;
    if (!from.matches('td') || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = neighbour(from, event.key);
    if (!to) return;
    event.preventDefault();
    (to.querySelector('input') ?? to).focus();
  };

  #nextRow(id: string, back: boolean): void {
    const [name = '', row = '', column = ''] = id.split('.');
    const next = `${name}.${Number(row) + (back ? -1 : 1)}.${column}`;
    const input = this.renderRoot.querySelector<HTMLInputElement>(`input[data-field="${next}"]`);
    input?.focus();
    input?.select();
  }

  readonly #pasted = (event: ClipboardEvent): void => {
    const id = (event.target as HTMLElement).dataset['field'];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const [name, row, column] = id?.split('.') ?? [];
    if (row === undefined || (name !== 'x' && name !== 'dy' && name !== 'target')) return;
    // One number goes into the input as usual; a list or a block of cells goes into the batch.
    if (!/[\t\n\r;]|\S[\s,]+\S+[\s,]+\S/.test(text.trim()) && !/^\S+\s+\S+$/.test(text.trim())) return;
    event.preventDefault();
    this.dispatchEvent(new PasteEvent(text, { name, row: Number(row), column: Number(column) }));
  };

  static override styles = [
    controls,
    numberStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .scroll {
        max-height: 27rem;
        overflow: auto;
        scrollbar-width: thin;
      }

      table {
        border-collapse: separate;
        border-spacing: 0;
        font-size: var(--size-m);
      }

      table.numbers :is(th, td) {
        min-width: 6rem;
        height: 2.125rem;
        padding: 1px var(--space-2);
        border-block-end: 1px solid var(--hairline);
        text-align: end;
        vertical-align: middle;
        white-space: nowrap;
      }

      table:is(.broader, .broadest) :is(th, td) {
        min-width: 5rem;
      }

      /* Of many features, the first step shows the whole batch, and the others the one looked at. */
      .broadest .other.away,
      .broadest.start .away {
        display: none;
      }

      table.numbers :is(thead th.corner, th[scope='row'], td.corner) {
        min-width: 2rem;
        width: 2rem;
        padding-inline: 0;
        text-align: start;
      }

      thead {
        position: sticky;
        inset-block-start: 0;
        z-index: 2;
        background: var(--surface);
      }

      tfoot {
        position: sticky;
        inset-block-end: 0;
        z-index: 2;
        background: var(--surface);
      }

      thead tr:first-child th {
        height: 2.5rem;
        border-block-end: 0;
        font-weight: 400;
        font-size: var(--size-l);
      }

      table.numbers thead tr:last-child > :is(th, td) {
        border-block-end: 1px solid var(--line);
      }

      tfoot tr:first-child > :is(th, td) {
        border-block-start: 1px solid var(--line);
      }

      tbody tr:last-child > :is(th, td),
      tfoot tr > :is(th, td) {
        border-block-end-color: transparent;
      }

      th[scope='row'] button {
        min-width: var(--target);
        padding: 0;
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      th[scope='row'] button[aria-pressed='true'] {
        border-color: transparent;
        background: transparent;
        color: var(--text);
        font-weight: 700;
        box-shadow: inset 0 -2px 0 currentColor;
      }

      thead th button {
        padding: 0 var(--space-2);
      }

      thead th button.quiet[aria-pressed='true'] {
        border-color: transparent;
        border-block-end: 2px solid var(--x);
        border-radius: 0;
        background: transparent;
        color: inherit;
      }

      td {
        position: relative;
      }

      td.computed {
        cursor: default;
        font-variant-numeric: tabular-nums lining-nums;
      }

      td.unmade::after {
        content: '';
        display: inline-block;
        width: 2.5rem;
        border-block-end: 2px dotted var(--hairline);
        vertical-align: middle;
      }

      td.idle::after {
        border: 0;
      }

      tbody tr.chosen > * {
        background: var(--surface-sunken);
      }

      .made.computed,
      .made.computed .value {
        font-weight: 600;
      }

      td.source,
      td.lit,
      td.looked {
        background: var(--light, var(--surface-sunken));
        box-shadow: inset 0 0 0 1px var(--line);
      }

      td.source {
        outline: 1px dashed var(--line);
        outline-offset: -1px;
        box-shadow: none;
      }

      td.lit {
        outline: 2px solid currentColor;
        outline-offset: -2px;
      }

      td.looked {
        box-shadow: inset 0 0 0 2px currentColor;
      }

      td.looked:has(input:focus) {
        box-shadow: none;
      }

      td:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: -2px;
      }

      .single {
        font-weight: 400;
      }

      .message {
        min-height: 1.5em;
        margin: var(--space-2) 0 0;
        font-size: var(--size-s);
      }

      /* What comes out of a column has its symbol above it, what goes in beside it. */
      .label {
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      .label math {
        math-style: compact;
      }

      tfoot .label,
      tfoot .value {
        display: block;
        line-height: 1.35;
      }

      thead .label {
        margin-inline-end: 0.4em;
      }

      thead .factor > * {
        display: block;
        margin: 0;
      }

      .single input {
        width: 3.5rem;
      }

      /* A number cut off would be another number. */
      input.number {
        text-overflow: ellipsis;
      }

      /* The box that scrolls would cut off an outline around it. */
      th[scope='row'] button:focus-visible {
        outline-offset: -2px;
      }

      table.numbers tfoot td {
        height: 3rem;
      }

      .x {
        --light: var(--x-soft);
      }

      .xhat {
        --light: var(--xhat-soft);
      }

      .y {
        --light: var(--y-soft);
      }

      .grad {
        --light: var(--grad-soft);
      }

      .training {
        --light: var(--training-soft);
      }

      .inference {
        --light: var(--inference-soft);
      }

      @container (max-width: 62rem) {
        table {
          width: 100%;
        }
      }

      @container (max-width: 52rem) {
        :is(.broader, .broadest) .away {
          display: none;
        }
      }

      @container (max-width: 40rem) {
        .away {
          display: none;
        }

        /* Where the batch is wider than the screen, a finger moves the table, not the number. */
        .many input.number {
          touch-action: auto;
        }
      }

      @media (forced-colors: active) {
        th[scope='row'] button {
          border-color: Canvas;
        }

        th[scope='row'] button[aria-pressed='true'] {
          border-block-end: 3px solid Highlight;
        }

        td.looked {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }

      @container (max-width: 30rem) {
        table {
          font-size: var(--size-s);
        }

        table.numbers :is(th, td) {
          min-width: 3.6rem;
          padding-inline: 0.25rem;
        }

        table.numbers :is(thead th.corner, th[scope='row'], td.corner) {
          min-width: 1.875rem;
          width: 1.875rem;
        }

        .single input {
          min-width: 0;
          padding-inline: 0.1em;
        }

        thead .label {
          margin-inline-end: 0.2em;
        }
      }

      @container (max-width: 20rem) {
        .full .single input {
          width: 2.25rem;
        }
      }
    `,
  ];
}

/** From how many columns on a table needs how much room, for the rules above. */
function breadth(columns: number): string {
  return columns > 9 ? 'broadest' : columns > 6 ? 'broader' : '';
}

function neighbour(from: HTMLElement, key: string): HTMLElement | undefined {
  const row = from.parentElement as HTMLTableRowElement;
  const cells = (of: HTMLTableRowElement) =>
    [...of.cells].map((cell) => (cell.dataset['cell'] !== undefined && cell.offsetParent ? cell : undefined));
  const at = [...row.cells].indexOf(from as HTMLTableCellElement);
  const along = cells(row);
  const rows = [...(row.closest('table')?.rows ?? [])];
  const place = rows.indexOf(row);
  const first = (candidates: readonly (HTMLElement | undefined)[]) =>
    candidates.find((cell) => cell !== undefined);
  switch (key) {
    case 'ArrowLeft':
      return first(along.slice(0, at).reverse());
    case 'ArrowRight':
      return first(along.slice(at + 1));
    case 'ArrowUp':
      return first(
        rows
          .slice(0, place)
          .reverse()
          .map((other) => cells(other)[at]),
      );
    case 'ArrowDown':
      return first(rows.slice(place + 1).map((other) => cells(other)[at]));
    case 'Home':
      return first(along);
    case 'End':
      return first([...along].reverse());
    default:
      return undefined;
  }
}

customElements.define('bn-walk-grid', WalkGrid);

declare global {
  interface HTMLElementTagNameMap {
    'bn-walk-grid': WalkGrid;
  }
}
