import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { figureEngine } from '../figure-engine.ts';
import { Figure } from '../figure.ts';
import { figureStyles } from '../figure-styles.ts';
import { formatFixed, formatNumber } from '../format-number.ts';
import { LatestWins } from '../latest-wins.ts';
import { ClosedTables } from '../lab/closed-tables.ts';
import { type Box, type BoxSettings, CHANNELS, normaliseBox, NORMALISATIONS } from './compute.ts';

const EXAMPLES = [1, 2, 3, 4, 5, 6] as const;
const SIDES = [1, 2, 3, 4] as const;
const FIRST: BoxSettings = { norm: 'batch', examples: 4, side: 2, example: 0, channel: 1 };

/** Of one channel of one example, in the picture's units. */
const CELL = 56;
const GAP = 10;
const LEFT = 26;
const TOP = 20;

/**
 * `<bn-averaged-over>`: a layer's values as a box of examples, channels and pixels; and for one of them, with which others it
 * is normalised by batch, layer, group and instance normalization. What stands inside is shown until the engine has answered.
 */
export class AveragedOver extends Figure {
  static override properties = {
    settings: { state: true },
    seen: { state: true },
    problem: { state: true },
  };

  declare private settings: BoxSettings;
  declare private seen: { settings: BoxSettings; box: Box } | undefined;
  declare private problem: string | undefined;

  #jobs: LatestWins<BoxSettings, Box> | undefined;
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.settings = FIRST;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#jobs = new LatestWins(
      async (settings) => normaliseBox(await figureEngine(), settings),
      (settings, box) => (this.seen = { settings, box }),
      (_, error) => (this.problem = error instanceof Error ? error.message : String(error)),
      this.awake,
    );
    this.#jobs.submit(this.settings);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#jobs?.stop();
  }

  #change(change: Partial<BoxSettings>): void {
    const settings = { ...this.settings, ...change };
    this.settings = { ...settings, example: Math.min(settings.example, settings.examples - 1) };
    this.#jobs?.submit(this.settings);
  }

  override render(): TemplateResult {
    const { seen, problem, settings } = this;
    if (problem || !seen)
      return html`<slot></slot>${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}`;
    return html`
      <fieldset class="segmented" data-changes>
        <legend class="visually-hidden">Normalisation</legend>
        ${NORMALISATIONS.map(
          ({ name, label }) =>
            html`<label
              ><input
                type="radio"
                name="norm"
                .checked=${name === settings.norm}
                @change=${() => this.#change({ norm: name })}
              /><span>${label}</span></label
            >`,
        )}
      </fieldset>
      <div class="knobs" data-changes>
        ${choice('Batch size, N', EXAMPLES, settings.examples, String, (examples) => this.#change({ examples }))}
        ${choice('Pixels, H × W', SIDES, settings.side, pixelsName, (side) => this.#change({ side }))}
        ${choice('Look at example', numbers(settings.examples), settings.example, ordinal, (example) => this.#change({ example }))}
        ${choice('and channel', numbers(CHANNELS), settings.channel, ordinal, (channel) => this.#change({ channel }))}
      </div>
      <figure>
        ${this.#picture(seen.settings, seen.box)}
        <figcaption>
          <p role="status">${conclusion(seen.settings, seen.box)}</p>
          <p class="note">
            Filled: the values that have a say in it, by the gradient. The ring marks the value looked at.
            Choose another one by clicking on it.
          </p>
        </figcaption>
      </figure>
      ${this.#tables.render('The values as a table', () => table(seen.settings, seen.box))}
    `;
  }

  #picture({ examples, side }: BoxSettings, box: Box): TemplateResult {
    const width = LEFT + CHANNELS * (CELL + GAP);
    const height = TOP + examples * (CELL + GAP);
    return html`<svg
      class="box"
      viewBox=${`0 0 ${width} ${height}`}
      role="img"
      aria-label=${`${examples} examples of ${CHANNELS} channels with ${side * side} values each; ${box.heard.filter(Boolean).length} of them are filled.`}
    >
      ${numbers(CHANNELS).map(
        (channel) =>
          svg`<text x=${left(channel) + CELL / 2} y="12" text-anchor="middle">C ${channel + 1}</text>`,
      )}
      ${numbers(examples).map(
        (
          example,
        ) => svg`<text x="0" y=${top(example) + CELL / 2} dominant-baseline="middle">N ${example + 1}</text>
          ${numbers(CHANNELS).map((channel) => this.#cell(example, channel, side, box))}`,
      )}
    </svg>`;
  }

  #cell(example: number, channel: number, side: number, { heard, place }: Box): SVGTemplateResult {
    const size = CELL / side;
    const first = (example * CHANNELS + channel) * side * side;
    return svg`<g @click=${() => this.#change({ example, channel })}>
      ${numbers(side * side).map((pixel) => {
        const [x, y] = [
          left(channel) + (pixel % side) * size,
          top(example) + Math.floor(pixel / side) * size,
        ];
        const at = first + pixel;
        return svg`<rect class=${heard[at] ? 'value heard' : 'value'} x=${x + 1} y=${y + 1} width=${size - 2} height=${size - 2} />
          ${at === place ? svg`<circle cx=${x + size / 2} cy=${y + size / 2} r=${Math.min(9, size / 3.2)} />` : nothing}`;
      })}
    </g>`;
  }

  static override styles = [
    controls,
    figureStyles,
    css`
      .box {
        display: block;
        width: 100%;
        max-width: 26rem;
        height: auto;
        font: 11px var(--font-sans);
      }

      text {
        fill: var(--text-muted);
      }

      g {
        cursor: pointer;
      }

      .value {
        fill: var(--surface-raised);
        stroke: var(--line);
        stroke-width: 1;
      }

      .heard {
        fill: var(--xhat);
        stroke: var(--xhat);
      }

      circle {
        fill: none;
        stroke: var(--surface);
        stroke-width: 3;
      }

      @media (forced-colors: active) {
        .heard {
          fill: CanvasText;
        }
      }
    `,
  ];
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const ordinal = (index: number): string => String(index + 1);
const pixelsName = (side: number): string => (side === 1 ? '1 × 1 (fully connected)' : `${side} × ${side}`);
const left = (channel: number): number => LEFT + channel * (CELL + GAP);
const top = (example: number): number => TOP + example * (CELL + GAP);

function choice<T extends number>(
  label: string,
  values: readonly T[],
  value: number,
  name: (value: T) => string,
  take: (value: T) => void,
): TemplateResult {
  return html`<label
    >${label}
    <select @change=${(event: Event) => take(values[(event.target as HTMLSelectElement).selectedIndex]!)}>
      ${values.map((each) => html`<option ?selected=${each === value}>${name(each)}</option>`)}
    </select>
  </label>`;
}

/** Whom the value is compared with, counted from what the gradient says. */
function conclusion(
  { norm, example, channel, side }: BoxSettings,
  { heard, normalised, place }: Box,
): string {
  const label = NORMALISATIONS.find(({ name }) => name === norm)!.label;
  const pixels = side * side;
  const members = [...heard.keys()].filter((at) => heard[at]);
  const among = (of: (at: number) => number) => new Set(members.map(of)).size;
  const examples = among((at) => Math.floor(at / (CHANNELS * pixels)));
  const channels = among((at) => Math.floor(at / pixels) % CHANNELS);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const who = `${label}: a value in channel ${channel + 1} of example ${example + 1}`;
  if (typeof normalised === 'string')
    return `${who} would have nothing but itself to be compared with. ${normalised}`;
  const alone =
    members.length === 1
      ? ' It is its own mean: x̂ is 0 whatever the value, and nothing is learned. PyTorch refuses this.'
      : '';
  return (
    `${who} is normalised among ${count(members.length, 'value')}: ${count(channels, 'channel')} of ` +
    `${count(examples, 'example')}, ${count(pixels, 'pixel')} each. Their mean is ${formatFixed(normalised.mean, 2)}, their standard deviation ` +
    `${formatFixed(normalised.std, 2)}, and x̂ = ${formatFixed(normalised.xhat.data[place]!, 2)}.${alone} ` +
    (examples > 1
      ? 'The other examples of the batch have a say.'
      : 'The other examples of the batch have no say.')
  );
}

function table({ examples, side }: BoxSettings, { x, normalised, heard }: Box): TemplateResult {
  const pixels = side * side;
  return html`<table class="numbers">
    <caption>
      Every value, and what it becomes
    </caption>
    <thead>
      <tr>
        <th scope="col">Example</th>
        <th scope="col">Channel</th>
        <th scope="col">Pixel</th>
        <th scope="col">x</th>
        <th scope="col">x̂</th>
        <th scope="col">has a say</th>
      </tr>
    </thead>
    <tbody>
      ${numbers(examples * CHANNELS * pixels).map(
        (at) =>
          html`<tr>
            <th scope="row">${Math.floor(at / (CHANNELS * pixels)) + 1}</th>
            <td>${(Math.floor(at / pixels) % CHANNELS) + 1}</td>
            <td>${(at % pixels) + 1}</td>
            <td>${formatNumber(x.data[at]!)}</td>
            <td>${typeof normalised === 'string' ? '–' : formatNumber(normalised.xhat.data[at]!)}</td>
            <td>${heard[at] ? 'yes' : 'no'}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

customElements.define('bn-averaged-over', AveragedOver);

declare global {
  interface HTMLElementTagNameMap {
    'bn-averaged-over': AveragedOver;
  }
}
