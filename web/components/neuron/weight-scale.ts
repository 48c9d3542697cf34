import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { sharedClient } from '../../client/engine-client.ts';
import { formatColumn, formatNumber } from '../format-number.ts';
import { NeuronFigure } from './figure.ts';
import {
  at,
  EXAMPLES,
  FIRST,
  LEARNING_RATE,
  type Pair,
  type Run,
  TARGETS,
  weightScale,
  weightScaleSentence,
} from './weight-scale-numbers.ts';
import { type Settings, type Stops, stopSlider } from './stops.ts';

/**
 * `<bn-weight-scale>`: a neuron whose weights are multiplied by a, whose bias is moved and whose γ is turned round, beside the
 * neuron as it was: its outputs, its gradient as an arrow at right angles to the weights, and one step of SGD.
 */
export class WeightScale extends NeuronFigure<Pair> {
  protected override readonly first = FIRST;
  protected override readonly stops: Readonly<Record<string, Stops>> = {
    a: {
      label: html`The weights are <i>a</i>·<i>w</i>, <i>a</i>`,
      name: 'a: what the weights are multiplied by',
      places: [-2, -1, -0.5, 0.5, 1, 2],
    },
    bias: { label: html`Bias <i>b</i>`, name: 'Bias', places: [-4, -2, -1, 0, 1, 2, 4] },
    gamma: { label: html`<i>γ</i>`, name: 'γ', places: [-1, 1] },
  };

  protected override async compute(settings: Settings): Promise<Pair> {
    return weightScale(await sharedClient(), settings);
  }

  protected override sentence(pair: Pair, settings: Settings): string {
    return weightScaleSentence(pair, settings);
  }

  protected override controls(): TemplateResult {
    const { a, bias } = this.stops as Record<'a' | 'bias', Stops>;
    return html`<div class="knobs" data-changes>
      ${stopSlider(a, this.settings['a']!, (value) => this.change({ a: value }))}
      ${stopSlider(bias, this.settings['bias']!, (value) => this.change({ bias: value }))}
      <fieldset class="segmented">
        <legend><i>γ</i></legend>
        ${[1, -1].map(
          (gamma) =>
            html`<label
              ><input
                type="radio"
                name="gamma"
                .checked=${this.settings['gamma'] === gamma}
                @change=${() => this.change({ gamma })}
              /><span>${formatNumber(gamma)}</span></label
            >`,
        )}
      </fieldset>
      <button type="button" class="quiet" @click=${() => this.change(FIRST)}>Start again</button>
    </div>`;
  }

  protected override show(pair: Pair, settings: Settings): TemplateResult {
    return html`<figure>
        <div class="pictures">
          <div>
            <p class="title">Weights and one step; ○ should come to 1, □ to −1</p>
            ${plane(pair)}
          </div>
          <div>
            <p class="title">The six examples on their way: hollow as they were, full as they are</p>
            ${rails(pair)}
          </div>
        </div>
        <figcaption>${this.sentence(pair, settings)}</figcaption>
      </figure>
      <div class="scroll" tabindex="0" role="group" aria-label="The neuron before and now">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">One step with η = ${formatNumber(LEARNING_RATE)}</th>
              <th scope="col"><i>w</i></th>
              <th scope="col">as set</th>
            </tr>
          </thead>
          <tbody>
            ${rows(pair).map(
              ([name, before, now, role]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td class=${role ?? nothing}>${before}</td>
                  <td class=${role ?? nothing}>${now}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <details>
        <summary>The examples as a table</summary>
        <div class="scroll" tabindex="0" role="group" aria-label="The examples">${examplesTable(pair)}</div>
      </details>`;
  }

  static override styles = [
    ...NeuronFigure.styles,
    css`
      .pictures {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-4) var(--space-6);
        align-items: start;
      }

      @media (max-width: 46rem) {
        .pictures {
          grid-template-columns: minmax(0, 1fr);
        }

        .pictures > * {
          max-width: 20rem;
        }
      }

      table.numbers th:first-child {
        min-width: 7rem;
        white-space: normal;
      }

      table.numbers :is(th, td) {
        padding-inline: 0.5em;
      }

      .title {
        margin: 0 0 var(--space-1);
        font-size: var(--size-s);
      }

      .axis {
        stroke: var(--hairline);
      }

      .line {
        stroke: var(--line);
      }

      .example {
        fill: none;
        stroke: var(--x);
        stroke-width: 1.5;
      }

      .arrow {
        fill: none;
        stroke: currentColor;
        stroke-width: 2.5;
      }

      .head {
        fill: currentColor;
      }

      .was {
        color: var(--text-muted);
        stroke-dasharray: 4 3;
      }

      .step {
        color: var(--grad);
      }

      .next {
        stroke-dasharray: 2 4;
      }

      text {
        fill: currentColor;
        font: var(--size-s) var(--font-sans);
      }

      .name {
        font: italic 600 var(--size-l) var(--font-serif);
      }

      .tick {
        fill: var(--text-muted);
        font-size: var(--size-xs);
        text-anchor: middle;
      }

      .full {
        fill: currentColor;
      }

      .hollow {
        fill: none;
        stroke: currentColor;
        stroke-width: 1.5;
      }

      .index {
        fill: var(--text-muted);
        font-size: var(--size-xs);
        text-anchor: middle;
      }
    `,
  ];
}

/** Half the width of the plane, in the inputs' units: the weights reach 2, and a step a little further. */
const REACH = 2.6;
const PLANE = 320;
const place = (value: number) => (PLANE / 2) * (1 + value / REACH);
const point = (x: number, y: number): [number, number] => [place(x), place(-y)];

function arrow(from: [number, number], to: [number, number], kind: string, head = true): SVGTemplateResult {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 0.5) return svg``;
  const size = Math.min(9, length);
  const [ux, uy] = [dx / length, dy / length];
  const base = [to[0] - size * ux, to[1] - size * uy] as const;
  const half = size / 2.4;
  return svg`<g class=${kind}>
    <path class="arrow" d=${`M${from.join(' ')}L${(head ? base : to).join(' ')}`} />
    ${
      head
        ? svg`<path class="head" d=${`M${to.join(' ')}L${base[0] - half * uy} ${base[1] + half * ux}L${base[0] + half * uy} ${base[1] - half * ux}Z`} />`
        : nothing
    }
  </g>`;
}

/** The examples, the weights as an arrow from 0, and a step: against the gradient, from the arrow's tip. */
function plane({ before, now }: Pair): TemplateResult {
  const [x, y, nextX, nextY] = [0, 1, 2, 3].map((index) => at(now.weight, index)) as [
    number,
    number,
    number,
    number,
  ];
  const origin = point(0, 0);
  const tip = point(x, y);
  const next = point(nextX, nextY);
  const moved = now.weight.data[0] !== before.weight.data[0];
  const side = x < 0 ? -1 : 1;
  return html`<svg
    viewBox="0 0 ${PLANE} ${PLANE}"
    role="img"
    aria-label="The weights as an arrow; the step stands at right angles to it"
  >
    <path class="axis" d=${`M0 ${PLANE / 2}H${PLANE}M${PLANE / 2} 0V${PLANE}`} />
    ${EXAMPLES.map(([px, py], index) => {
      const [cx, cy] = point(px, py);
      return TARGETS[index]! > 0
        ? svg`<circle class="example" cx=${cx} cy=${cy} r="4.5" />`
        : svg`<rect class="example" x=${cx - 4} y=${cy - 4} width="8" height="8" />`;
    })}
    ${moved ? arrow(origin, point(at(before.weight), at(before.weight, 1)), 'was') : nothing}
    ${arrow(origin, next, 'next', false)} ${arrow(origin, tip, 'weights')} ${arrow(tip, next, 'step')}
    <text x=${tip[0] + 10 * side} y=${tip[1] + (y < 0 ? 16 : 4)} text-anchor=${side < 0 ? 'end' : 'start'}>
      ${moved ? 'a·w' : 'w'}
    </text>
    <text
      class="step"
      x=${next[0] - 6 * side}
      y=${next[1] - (y < 0 ? -16 : 8)}
      text-anchor=${side < 0 ? 'start' : 'end'}
    >
      −η∂w
    </text>
  </svg>`;
}

const RAIL = { width: 360, height: 86, start: 38, end: 350, base: 44 };

/** u, x̂ and y of each example on a line of its own. u may reach as far as 2·w and the bias take it. */
function rails({ before, now }: Pair): TemplateResult {
  const lines = [
    { name: 'u', role: 'x', reach: 8, step: 4, was: before.u, is: now.u },
    { name: 'x̂', role: 'xhat', reach: 2, step: 1, was: before.xhat, is: now.xhat },
    { name: 'y', role: 'y', reach: 2, step: 1, was: before.y, is: now.y },
  ] as const;
  return html`<svg
    viewBox="0 0 ${RAIL.width} ${RAIL.height * lines.length}"
    role="img"
    aria-label="u, x̂ and y of the six examples on three lines; the numbers stand in the table below"
  >
    ${lines.map(({ name, role, reach, step, was, is }, row) => {
      const across = (value: number) =>
        RAIL.start + ((RAIL.end - RAIL.start) * (value + reach)) / (2 * reach);
      const ticks = Array.from({ length: (2 * reach) / step + 1 }, (_, tick) => tick * step - reach);
      return svg`<g class=${role} transform=${`translate(0 ${row * RAIL.height})`}>
        <text class="name" x="4" y=${RAIL.base + 6}>${name}</text>
        <path class="line" d=${`M${RAIL.start} ${RAIL.base}H${RAIL.end}`} />
        ${ticks.map(
          (tick) =>
            svg`<text class="tick" x=${across(tick)} y=${RAIL.base + 26}>${formatNumber(tick)}</text>`,
        )}
        ${[...was.data].map(
          (value) => svg`<circle class="hollow" cx=${across(value)} cy=${RAIL.base} r="7" />`,
        )}
        ${[...is.data].map(
          (value, index) => svg`<circle class="full" cx=${across(value)} cy=${RAIL.base} r="4" />
          <text class="index" x=${across(value)} y=${RAIL.base - (index % 2 ? 12 : 24)}>${index + 1}</text>`,
        )}
      </g>`;
    })}
  </svg>`;
}

type Row = readonly [name: TemplateResult, before: string, now: string, role: string | undefined];

function rows({ before, now }: Pair): Row[] {
  const row = (name: TemplateResult, value: (run: Run) => number, role?: string, scale?: number): Row => [
    name,
    formatNumber(value(before), scale),
    formatNumber(value(now), scale),
    role,
  ];
  return [
    row(html`length of the weights, ‖<i>w</i>‖`, (run) => at(run.weight_norm)),
    row(html`spread of <i>u</i>, √(<i>σ</i>² + <i>ε</i>)`, (run) => run.std),
    row(html`loss`, (run) => at(run.loss)),
    row(html`length of the gradient, ‖∂<i>w</i>‖`, (run) => at(run.gradient_norm), 'grad'),
    row(html`along the weights, ⟨<i>w</i>, ∂<i>w</i>⟩`, (run) => at(run.radial), 'grad'),
    row(html`gradient of the bias, ∂<i>b</i>`, (run) => run.dbias, 'grad', 1),
    row(html`effective learning rate, <i>η</i>/‖<i>w</i>‖²`, (run) => at(run.effective_lr)),
    row(html`the direction turns by`, (run) => at(run.turn)),
  ];
}

function examplesTable({ before, now }: Pair): TemplateResult {
  const columns = [before.u, now.u, before.xhat, now.xhat, before.y, now.y].map(({ data }) =>
    formatColumn([...data]),
  );
  const roles = ['x', 'x', 'xhat', 'xhat', 'y', 'y'];
  return html`<table class="numbers">
    <thead>
      <tr>
        <th scope="col">Example</th>
        ${['u', 'x̂', 'y'].flatMap((name) => [
          html`<th scope="col"><i>${name}</i> of <i>w</i></th>`,
          html`<th scope="col"><i>${name}</i> as set</th>`,
        ])}
      </tr>
    </thead>
    <tbody>
      ${EXAMPLES.map(
        (_, index) =>
          html`<tr>
            <th scope="row">${index + 1}</th>
            ${columns.map((column, place) => html`<td class=${roles[place]!}>${column[index]}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define('bn-weight-scale', WeightScale);

declare global {
  interface HTMLElementTagNameMap {
    'bn-weight-scale': WeightScale;
  }
}
