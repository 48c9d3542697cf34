import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Line, Lines, LinesChart } from '../../charts/lines.ts';
import { controls } from '../../style/controls.ts';
import { chart } from '../../style/parts.ts';
import { Theme } from './theme.ts';

const TABLE_ROWS = 40;

/** `<bn-lab-lines>`: lines over steps or over layers, their conclusion in a sentence, and the same as a table. */
export class LinesFigure extends LitElement {
  static override properties = {
    data: { attribute: false },
    conclusion: { attribute: false },
    name: {},
    open: { state: true },
  };

  declare data: Lines | undefined;
  declare conclusion: string;
  /** What is shown, for who cannot see it. */
  declare name: string;
  declare private open: boolean;

  readonly #theme = new Theme(this);
  #chart: LinesChart | undefined;
  #starting = false;

  constructor() {
    super();
    this.conclusion = '';
    this.name = '';
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  protected override firstUpdated(): void {
    void this.#start();
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.data) this.#chart?.draw(this.data, (name) => this.#theme.token(name));
  }

  async #start(): Promise<void> {
    if (this.#chart || this.#starting) return;
    this.#starting = true;
    const { LinesChart: Drawing } = await import('../../charts/lines.ts');
    this.#starting = false;
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || !this.isConnected) return;
    this.#chart = new Drawing(canvas);
    if (this.data) this.#chart.draw(this.data, (name) => this.#theme.token(name));
  }

  override render(): TemplateResult {
    const lines = this.data?.lines ?? [];
    return html`
      <figure>
        <p class="legend" aria-hidden="true">
          ${lines
            .filter(({ faint }) => !faint)
            .map(
              ({ label, dashed, color }) =>
                html`<span .style=${`--swatch: var(${color})`} class=${dashed ? 'dashed' : ''}
                  >${label}</span
                >`,
            )}
        </p>
        <div class="canvas">
          <canvas role="img" aria-label=${`${this.name}. ${this.conclusion}`}></canvas>
        </div>
        <figcaption>${this.conclusion}</figcaption>
      </figure>
      <details @toggle=${(event: Event) => (this.open = (event.target as HTMLDetailsElement).open)}>
        <summary>The chart as a table</summary>
        ${this.open && this.data ? this.#table(this.data) : nothing}
      </details>
    `;
  }

  #table({ lines, x, y }: Lines): TemplateResult {
    const columns = lines.map((line: Line) => new Map(line.points.map((point) => [point.x, point.y])));
    const all = [...new Set(lines.flatMap(({ points }) => points.map((point) => point.x)))].toSorted(
      (a, b) => a - b,
    );
    const every = Math.ceil(all.length / TABLE_ROWS);
    const rows = all.filter((_, at) => at % every === 0 || at === all.length - 1);
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${this.name}>
      <table class="numbers">
        ${
          every > 1
            ? html`<caption>
                ${rows.length} of ${all.length} rows, evenly chosen
              </caption>`
            : nothing
        }
        <thead>
          <tr>
            <th scope="col">${x.title}</th>
            ${lines.map(({ label }) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (at) =>
              html`<tr>
                <th scope="row">${x.names?.[at] ?? at}</th>
                ${columns.map((column) => html`<td>${cell(column.get(at), y.format)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  static override styles = [
    controls,
    chart,
    css`
      .canvas {
        height: 12rem;
      }

      .legend .dashed::before {
        border-block-start-style: dashed;
      }
    `,
  ];
}

function cell(value: number | undefined, format: (value: number) => string): string {
  return value === undefined || Number.isNaN(value) ? '–' : format(value);
}

customElements.define('bn-lab-lines', LinesFigure);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-lines': LinesFigure;
  }
}
