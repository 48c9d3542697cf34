import { css, html, LitElement, type TemplateResult } from 'lit';
import type { TraceChart, TraceDrawing } from '../../charts/trace-chart.ts';
import { Theme } from './theme.ts';

/** A pointer is over a place along a plot's x axis, or, undefined, over none any more. `pinned`: it was a finger, and the cursor stays. */
export class CursorEvent extends Event {
  constructor(
    readonly x: number | undefined,
    readonly pinned: boolean,
  ) {
    super('bn-cursor', { bubbles: true });
  }
}

/** `<bn-lab-trace-plot>`: one chart of lines. What it shows in words and numbers is told by the figure around it. */
export class TracePlot extends LitElement {
  static override properties = { drawing: { attribute: false }, label: {} };

  declare drawing: TraceDrawing | undefined;
  declare label: string;

  readonly #theme = new Theme(this);
  #chart: TraceChart | undefined;
  #starting = false;

  constructor() {
    super();
    this.label = '';
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

  protected override updated(): void {
    if (this.#chart) this.#draw(this.#chart);
    else void this.#start();
  }

  async #start(): Promise<void> {
    if (this.#starting) return;
    this.#starting = true;
    const { TraceChart: Drawing } = await import('../../charts/trace-chart.ts');
    this.#starting = false;
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || !this.isConnected || this.#chart) return;
    this.#chart = new Drawing(canvas);
    this.#draw(this.#chart);
  }

  #draw(chart: TraceChart): void {
    if (this.drawing) chart.draw(this.drawing, this.#theme.token);
  }

  override render(): TemplateResult {
    return html`<canvas
      role="img"
      aria-label=${this.label}
      @pointerdown=${this.#point}
      @pointermove=${this.#point}
      @pointerleave=${this.#leave}
    ></canvas>`;
  }

  #point(event: PointerEvent): void {
    const x = this.#chart?.valueAt(event.offsetX);
    if (x !== undefined) this.dispatchEvent(new CursorEvent(x, event.pointerType !== 'mouse'));
  }

  #leave(event: PointerEvent): void {
    if (event.pointerType === 'mouse') this.dispatchEvent(new CursorEvent(undefined, false));
  }

  static override styles = css`
    :host {
      display: block;
      position: relative;
      min-width: 0;
    }

    canvas {
      position: absolute;
      inset: 0;
      touch-action: pan-y;
      cursor: crosshair;
    }
  `;
}

customElements.define('bn-lab-trace-plot', TracePlot);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-trace-plot': TracePlot;
  }
  interface HTMLElementEventMap {
    'bn-cursor': CursorEvent;
  }
}
