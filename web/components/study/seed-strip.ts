import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { AxisScale } from './axis-scale.ts';
import { beside, markPath } from './marks.ts';
import { plotStyles } from './plot-styles.ts';
import { Sized } from './sized.ts';

const HEIGHT = 28;
const AXIS = 16;
const MIDDLE = HEIGHT / 2;
const SIDE = 12;
const LETTER = 6.6;

export interface Strip {
  scale: AxisScale;
  /** One for each seed; NaN is no value. */
  values: readonly number[];
  mean?: number | undefined;
  /** Of the 95 % interval. */
  from?: number | undefined;
  to?: number | undefined;
  /** Shaded: what is asked for. An end that is missing is open. */
  bound?: { low?: number | undefined; high?: number | undefined };
  /** A value to compare with. */
  guide?: number | undefined;
  /** Of a tick of the axis; without, the strip has none. */
  tickText?: ((value: number) => string) | undefined;
}

/** `<bn-seed-strip>`: a mark for each seed along a line, their mean and its interval, and what they are compared with. */
export class SeedStrip extends LitElement {
  static override properties = { strip: { attribute: false }, name: { attribute: false } };

  declare strip: Strip | undefined;
  /** What is shown, for who cannot see it; without, the strip is for the eye alone. */
  declare name: string;

  readonly #size = new Sized(this);

  constructor() {
    super();
    this.name = '';
  }

  override render(): TemplateResult | typeof nothing {
    const { strip } = this;
    if (!strip) return nothing;
    const { scale, values, mean, from, to, bound, guide, tickText } = strip;
    const { width } = this.#size;
    const across = (value: number) => SIDE + (width - 2 * SIDE) * scale.place(value);
    const height = HEIGHT + (tickText ? AXIS : 0);
    const dot = (value: number, seed: number) =>
      markPath('circle', across(value), MIDDLE + 7 * beside(seed, values.length));
    const lost = (value: number) => scale.log && value <= 0;
    const seeds = (which: (value: number) => boolean) =>
      values.map((value, seed) => (!Number.isNaN(value) && which(value) ? dot(value, seed) : '')).join('');
    return html`<svg
      role=${this.name ? 'img' : 'presentation'}
      aria-label=${this.name || nothing}
      aria-hidden=${this.name ? nothing : 'true'}
      viewBox=${`0 0 ${width} ${height}`}
    >
      ${bound ? this.#bound(bound, across, width) : nothing}
      ${scale.ticks.map(
        (tick) =>
          svg`<g class="tick"><line x1=${across(tick)} x2=${across(tick)} y1="2" y2=${HEIGHT - 2} /></g>`,
      )}
      ${tickText ? this.#ticks(scale, across, tickText, width) : nothing}
      ${
        guide === undefined
          ? nothing
          : svg`<line class="guide" x1=${across(guide)} x2=${across(guide)} y1="0" y2=${HEIGHT} />`
      }
      <path class="dots" d=${seeds((value) => !lost(value))} />
      <path class="dots beyond" d=${seeds(lost)} />
      ${
        from === undefined || to === undefined
          ? nothing
          : svg`<path class="whisker" d=${`M${across(from)} ${MIDDLE - 5}v10M${across(from)} ${MIDDLE}H${across(to)}M${across(to)} ${MIDDLE - 5}v10`} />`
      }
      ${
        mean === undefined || !Number.isFinite(mean)
          ? nothing
          : svg`<line class="mean" x1=${across(mean)} x2=${across(mean)} y1=${MIDDLE - 10} y2=${MIDDLE + 10} />`
      }
    </svg>`;
  }

  #bound(
    { low, high }: NonNullable<Strip['bound']>,
    across: (value: number) => number,
    width: number,
  ): SVGTemplateResult {
    const from = low === undefined ? 0 : across(low);
    const to = high === undefined ? width : across(high);
    // A bound of a single value would have no width at all.
    const least = Math.max(to - from, 2);
    return svg`<rect class="bound" x=${from} y="0" width=${least} height=${HEIGHT} />
      ${low === undefined ? nothing : svg`<line class="edge" x1=${from} x2=${from} y1="0" y2=${HEIGHT} />`}
      ${high === undefined ? nothing : svg`<line class="edge" x1=${to} x2=${to} y1="0" y2=${HEIGHT} />`}`;
  }

  #ticks(
    scale: AxisScale,
    across: (value: number) => number,
    tickText: (value: number) => string,
    width: number,
  ): readonly (SVGTemplateResult | typeof nothing)[] {
    let free = -Infinity;
    return scale.ticks.map((tick) => {
      const text = tickText(tick);
      const half = (LETTER * text.length) / 2;
      const x = Math.min(width - half, Math.max(half, across(tick)));
      if (x - half < free) return nothing;
      free = x + half + 6;
      return svg`<text x=${x} y=${HEIGHT + 12} text-anchor="middle">${text}</text>`;
    });
  }

  static override styles = [
    plotStyles,
    css`
      :host {
        color: var(--accent);
      }

      svg {
        width: 100%;
      }

      .bound {
        fill: var(--good-soft);
      }

      .edge {
        stroke: var(--good);
        stroke-width: 1.5;
      }
    `,
  ];
}

customElements.define('bn-seed-strip', SeedStrip);

declare global {
  interface HTMLElementTagNameMap {
    'bn-seed-strip': SeedStrip;
  }
}
