import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { grouped } from '../../protocol/decimal.ts';
import { CsvReader } from '../../client/csv.ts';
import { CSV_LIMITS, type CsvExamples, type CsvTable, type CsvTarget } from '../../protocol/csv.ts';
import type { LabValue } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { block, choices, textBox } from '../../style/parts.ts';
import {
  countOf,
  examplesWords,
  leftOutWords,
  previewColumns,
  problemWords,
  tableWords,
  toLabExamples,
  VALUES_STAY,
} from './csv-words.ts';
import { LabEditEvent, LabExamplesEvent, LabSayEvent } from './events.ts';

/**
 * A table of the visitor's own: opened as a file, dropped or pasted, looked at, and handed to the Lab as examples once its
 * button is pressed (LabExamplesEvent, and a LabEditEvent for `standardize`). The table stays in this browser.
 */
export class LabCsv extends LitElement {
  static override properties = {
    value: { attribute: false },
    source: { state: true },
    busy: { state: true },
    table: { state: true },
    header: { state: true },
    label: { state: true },
    target: { state: true },
    standardize: { state: true },
    result: { state: true },
    problem: { state: true },
    used: { state: true },
    over: { state: true },
  };

  declare value: LabValue | undefined;
  /** What the table is called. */
  declare private source: string;
  declare private busy: boolean;
  declare private table: CsvTable | undefined;
  declare private header: boolean;
  declare private label: number;
  declare private target: CsvTarget;
  declare private standardize: boolean;
  declare private result: CsvExamples | undefined;
  declare private problem: string | undefined;
  declare private used: boolean;
  /** Something is being dragged over this. */
  declare private over: boolean;

  readonly #reader = new CsvReader();
  /** What was opened, to open it again. */
  #input: Blob | string = '';
  /** The reader was ended and has not got the table any more. */
  #ended = false;
  /** Counts what is asked of the reader: only the answer to the last counts. */
  #turn = 0;

  constructor() {
    super();
    this.source = '';
    this.busy = false;
    this.header = false;
    this.label = 0;
    this.target = 'classes';
    this.standardize = true;
    this.used = false;
    this.over = false;
    this.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.over = true;
    });
    this.addEventListener('dragleave', () => (this.over = false));
    this.addEventListener('drop', (event) => {
      event.preventDefault();
      this.over = false;
      if (event.dataTransfer) this.#take(event.dataTransfer);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#turn++;
    this.busy = false;
    this.#reader.close();
    this.#ended = true;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('value') && this.used && this.value) this.standardize = this.value.standardize;
  }

  override render(): TemplateResult {
    return html`
      <div class=${this.over ? 'well over' : 'well'}>
        <label class="file">
          <span>A table of numbers (CSV)</span>
          <input
            type="file"
            accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
            @change=${this.#chosen}
          />
        </label>
        <p class="note">
          Or drop a file here. Up to ${grouped(CSV_LIMITS.rows)} rows of ${CSV_LIMITS.features} numbers. It
          stays in this browser.
        </p>
        <details>
          <summary>Paste instead</summary>
          <label>
            <span class="visually-hidden">Cells copied from a spreadsheet, or the text of a CSV file</span>
            <textarea
              rows="4"
              spellcheck="false"
              placeholder="Cells copied from a spreadsheet, or the text of a CSV file"
              @paste=${this.#pasted}
            ></textarea>
          </label>
          <button @click=${this.#readText}>Read</button>
        </details>
      </div>
      ${this.busy ? html`<p class="busy">Reading ${this.source}… <button @click=${this.#cancel}>Cancel</button></p>` : nothing}
      ${this.problem ? html`<p class="problem">${this.problem}</p>` : nothing}
      ${this.table ? this.#opened(this.table) : nothing}
    `;
  }

  #opened(table: CsvTable): TemplateResult {
    const chosen = table.columns[this.label];
    return html`<section aria-label=${`The table ${this.source}`}>
      <p><strong>${this.source}</strong>: ${tableWords(table)}.</p>
      <div class="choices">
        <label>
          <input type="checkbox" .checked=${live(this.header)} @change=${this.#setHeader} />
          The first row holds names
        </label>
        <label>
          <span>Predict</span>
          <select @change=${this.#setLabel}>
            ${table.columns.map(({ name }, i) => html`<option value=${i} .selected=${i === this.label}>${name}</option>`)}
          </select>
        </label>
        <label>
          <span>as</span>
          <select ?disabled=${!chosen?.numeric} @change=${this.#setTarget}>
            <option value="classes" .selected=${this.target === 'classes'}>classes</option>
            <option value="values" .selected=${this.target === 'values'}>a number</option>
          </select>
        </label>
        <label>
          <input type="checkbox" .checked=${this.standardize} @change=${this.#setStandardize} />
          Standardise each feature
        </label>
      </div>
      ${this.#preview(table)} ${this.result ? this.#read(this.result) : nothing}
    </section>`;
  }

  #preview(table: CsvTable): TemplateResult {
    const shown = previewColumns(table, this.label);
    const hidden = table.columns.length - shown.length;
    const role = (i: number) =>
      i === this.label ? 'predicted' : table.columns[i]!.numeric ? '' : 'left out';
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The first rows">
      <table>
        <caption>
          The first rows${hidden > 0 ? html`, without ${countOf(hidden, 'column')}` : nothing}
        </caption>
        <thead>
          <tr>
            ${shown.map(
              (i) =>
                html`<th scope="col" class=${role(i).replace(' ', '-')}>
                  ${table.columns[i]!.name}${role(i) ? html` <span class="role">${role(i)}</span>` : nothing}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${table.preview.map(
            (cells) =>
              html`<tr>
                ${shown.map((i) => html`<td class=${role(i).replace(' ', '-')}>${cells[i] ?? ''}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #read(examples: CsvExamples): TemplateResult {
    const { problems, problemCount, badRows } = examples;
    const [count = 0] = examples.x.shape;
    return html`
      <p>${examplesWords(examples)}</p>
      ${leftOutWords(examples).map((sentence) => html`<p class="note">${sentence}</p>`)}
      ${examples.classes.length === 0 ? html`<p class="note">${VALUES_STAY}</p>` : nothing}
      ${
        badRows > 0
          ? html`<div class="problem">
              <p>
                ${countOf(badRows, 'row')} ${badRows === 1 ? 'has' : 'have'} something wrong and
                ${badRows === 1 ? 'is' : 'are'} left out:
              </p>
              <ul tabindex="0" aria-label="What is wrong">
                ${problems.map((problem) => html`<li>${problemWords(problem)}</li>`)}
                ${problemCount > problems.length ? html`<li>and ${countOf(problemCount - problems.length, 'problem')} more</li>` : nothing}
              </ul>
            </div>`
          : nothing
      }
      <p>
        <button class="primary" @click=${this.#use}>
          Use ${count === 1 ? 'this example' : `these ${countOf(count, 'example')}`}
        </button>
        ${this.used ? html`<span class="note">They are in the Lab.</span>` : nothing}
      </p>
    `;
  }

  readonly #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) void this.#open(file, file.name);
    // The same file again is a change too: it may have been mended.
    input.value = '';
  };

  #take(data: DataTransfer): boolean {
    const [file] = data.files;
    const text = data.getData('text/plain');
    if (file) void this.#open(file, file.name);
    else if (text.includes('\n')) void this.#open(text, 'pasted cells');
    return file !== undefined || text.includes('\n');
  }

  readonly #pasted = (event: ClipboardEvent): void => {
    // Straight to the reader: a text area is slow with many lines.
    if (event.clipboardData && this.#take(event.clipboardData)) event.preventDefault();
  };

  readonly #readText = (): void => {
    void this.#open(this.renderRoot.querySelector('textarea')?.value ?? '', 'pasted cells');
  };

  readonly #cancel = (): void => {
    this.#turn++;
    this.#reader.close();
    this.busy = false;
    this.#forget();
  };

  /** The reader, with the table in it. */
  async #withTable(): Promise<CsvReader> {
    if (this.#ended) {
      const { header } = await this.#reader.open(this.#input);
      if (this.table && this.table.header !== header) await this.#reader.look(this.table.header);
      this.#ended = false;
    }
    return this.#reader;
  }

  #forget(): void {
    this.table = undefined;
    this.result = undefined;
    this.problem = undefined;
    this.used = false;
  }

  async #open(source: Blob | string, name: string): Promise<void> {
    this.#forget();
    this.source = name;
    this.#input = source;
    this.#ended = false;
    await this.#lookAt(() => this.#reader.open(source));
  }

  readonly #setHeader = (event: Event): void => {
    const { checked } = event.target as HTMLInputElement;
    this.header = checked;
    void this.#lookAt(async () => (await this.#withTable()).look(checked));
  };

  async #lookAt(look: () => Promise<CsvTable>): Promise<void> {
    await this.#ask(look, (table) => {
      this.table = table;
      this.header = table.header;
      this.label = table.label;
      this.target = table.columns[table.label]!.target;
      void this.#readExamples();
    });
  }

  readonly #setLabel = (event: Event): void => {
    this.label = Number((event.target as HTMLSelectElement).value);
    this.target = this.table?.columns[this.label]?.target ?? 'classes';
    void this.#readExamples();
  };

  readonly #setTarget = (event: Event): void => {
    this.target = (event.target as HTMLSelectElement).value as CsvTarget;
    void this.#readExamples();
  };

  readonly #setStandardize = (event: Event): void => {
    this.standardize = (event.target as HTMLInputElement).checked;
    if (this.used) this.#editStandardize();
  };

  async #readExamples(): Promise<void> {
    const { label, target } = this;
    this.result = undefined;
    this.used = false;
    await this.#ask(
      async () => (await this.#withTable()).read({ label, target }),
      (examples) => {
        this.result = examples;
        const bad = examples.badRows > 0 ? ` ${countOf(examples.badRows, 'row')} left out.` : '';
        this.dispatchEvent(new LabSayEvent(`${this.source}: ${examplesWords(examples)}${bad}`));
      },
    );
  }

  /** What is asked last counts; what is wrong with it is said in its place. */
  async #ask<T>(question: () => Promise<T>, take: (answer: T) => void): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    this.problem = undefined;
    try {
      const answer = await question();
      if (turn !== this.#turn) return;
      this.busy = false;
      take(answer);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.busy = false;
      this.header = this.table?.header ?? false;
      this.problem = error instanceof Error ? error.message : String(error);
      this.dispatchEvent(new LabSayEvent(this.problem));
    }
  }

  #editStandardize(): void {
    const { standardize } = this;
    if (this.value?.standardize !== standardize) this.dispatchEvent(new LabEditEvent({ standardize }));
  }

  readonly #use = (): void => {
    if (!this.result) return;
    this.used = true;
    this.#editStandardize();
    this.dispatchEvent(new LabExamplesEvent('csv', toLabExamples(this.result, this.source)));
  };

  static override styles = [
    controls,
    block,
    choices,
    textBox,
    css`
      p {
        margin: 0 0 var(--space-2);
        max-width: var(--measure);
        overflow-wrap: anywhere;
      }

      .well {
        margin-block-end: var(--space-3);
        padding: var(--space-3);
        border: 1px dashed var(--line);
        border-radius: var(--radius);
      }

      .well.over {
        border-style: solid;
        background: var(--surface-sunken);
      }

      .file {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        margin-block-end: var(--space-2);
      }

      input[type='file'] {
        max-width: 100%;
        min-width: 0;
      }

      summary {
        min-height: var(--target);
        line-height: var(--target);
        color: var(--text-muted);
        font-size: var(--size-s);
        cursor: pointer;
      }

      textarea {
        margin-block-end: var(--space-2);
        font: var(--size-s) / 1.4 var(--font-mono);
      }

      .choices {
        margin-block-end: var(--space-3);
      }

      .choices label {
        min-width: 0;
      }

      .choices select {
        max-width: 14rem;
      }

      .scroll {
        margin-block-end: var(--space-3);
      }

      table {
        font-size: var(--size-s);
      }

      td,
      th {
        max-width: 12rem;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .predicted {
        background: var(--y-soft);
      }

      .left-out {
        color: var(--text-muted);
      }

      .role {
        color: var(--text-muted);
        font-weight: 400;
      }

      .problem {
        margin-block-end: var(--space-3);
      }

      ul {
        max-height: 14rem;
        margin: 0;
        padding-inline-start: var(--space-5);
        overflow: auto;
      }
    `,
  ];
}

customElements.define('bn-lab-csv', LabCsv);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-csv': LabCsv;
  }
}
