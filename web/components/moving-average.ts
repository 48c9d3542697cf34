import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { MovingAverage, MovingAverageChart } from '../charts/moving-average.ts';
import { THEME_EVENT } from './figure.ts';
import { controls } from '../style/controls.ts';
import { chart } from '../style/parts.ts';
import { formatNumber } from './format-number.ts';

const TABLE_ROWS = 40;
/** Redraws at most this often, in milliseconds. */
const PAUSE = 50;

/** `<bn-moving-average>`: the chart of a moving average, its conclusion in a sentence, and the same as a table. */
export class MovingAverageFigure extends LitElement {
  static override properties = { data: { attribute: false } };

  declare data: MovingAverage | undefined;

  #chart: MovingAverageChart | undefined;
  #starting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #theme = new MutationObserver(() => this.#redraw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dark.addEventListener('change', this.#redraw);
    document.addEventListener(THEME_EVENT, this.#redraw);
    this.#theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    if (this.hasUpdated) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dark.removeEventListener('change', this.#redraw);
    document.removeEventListener(THEME_EVENT, this.#redraw);
    this.#theme.disconnect();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  protected override firstUpdated(): void {
    void this.#start();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('data')) this.#timer ??= setTimeout(this.#redraw, PAUSE);
  }

  async #start(): Promise<void> {
    if (this.#chart || this.#starting) return;
    this.#starting = true;
    const { MovingAverageChart: Drawing } = await import('../charts/moving-average.ts');
    this.#starting = false;
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || !this.isConnected) return;
    this.#chart = new Drawing(canvas, formatNumber);
    this.#redraw();
  }

  readonly #redraw = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.data || !this.#chart) return;
    const style = getComputedStyle(this);
    const token = (name: string) => style.getPropertyValue(name).trim();
    this.#chart.draw(this.data, {
      running: token('--inference'),
      batch: token('--training'),
      text: token('--text-muted'),
      line: token('--line'),
      font: token('--font-sans'),
    });
  };

  override render(): TemplateResult {
    const { data } = this;
    const name = data?.name ?? '';
    return html`
      <figure>
        <p class="legend" aria-hidden="true">
          <span class="running">running ${name}</span><span class="batch">${name} of the batch</span>
        </p>
        <div class="canvas">
          <canvas role="img" aria-label=${`Running ${name}. ${data?.conclusion ?? ''}`}></canvas>
        </div>
        <figcaption>${data?.conclusion ?? ''}</figcaption>
      </figure>
      ${data ? this.#table(data) : ''}
    `;
  }

  #table(data: MovingAverage): TemplateResult {
    const rows = data.running.map((running, at) => ({ at, running, batch: data.batch[at - 1] }));
    const every = Math.ceil(rows.length / TABLE_ROWS);
    const shown = rows.filter(({ at }) => at % every === 0 || at === rows.length - 1);
    return html`<details>
      <summary>The chart as a table</summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${`Running ${data.name} after each batch`}>
        <table class="numbers">
          ${
            every > 1
              ? html`<caption>
                  Every ${every}th batch and the last
                </caption>`
              : ''
          }
          <thead>
            <tr>
              <th scope="col">Batches fed</th>
              <th scope="col">${data.name} of the batch</th>
              <th scope="col">Running ${data.name}</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              ({ at, running, batch }) =>
                html`<tr>
                  <th scope="row">${at}</th>
                  <td>${batch === undefined ? '' : formatNumber(batch)}</td>
                  <td>${formatNumber(running)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  static override styles = [
    controls,
    chart,
    css`
      .canvas {
        height: 11rem;
      }

      .running {
        color: var(--inference);
      }

      .batch {
        color: var(--training);
      }

      .legend .batch::before {
        border-block-start-style: dashed;
      }
    `,
  ];
}

customElements.define('bn-moving-average', MovingAverageFigure);
