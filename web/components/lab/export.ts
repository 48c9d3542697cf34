import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { createClient, type EngineClient } from '../../client/engine-client.ts';
import type { Lab } from '../../client/lab.ts';
import { download } from '../../export/download.ts';
import { kerasScript } from '../../export/keras.ts';
import { pictureOf } from '../../export/png.ts';
import { type ProgramOf, programName } from '../../export/program.ts';
import { pytorchScript } from '../../export/pytorch.ts';
import { recordRun } from '../../export/record.ts';
import { writeSafetensors } from '../../export/safetensors.ts';
import { traceCsv } from '../../export/trace-csv.ts';
import { setWeights, weightsFile, type WeightStore } from '../../export/weights.ts';
import { isOwnData } from '../../protocol/lab-compile.ts';
import { encodeLab, LAB_KEY, type LabExamples, type LabValue } from '../../protocol/lab.ts';
import { writeHash } from '../../protocol/hash.ts';
import { controls } from '../../style/controls.ts';
import '../copy-text.ts';
import { parseNumber } from '../format-number.ts';
import { siteLink } from '../site-link.ts';
import { fileButtonStyles } from './file-button-styles.ts';
import { LabSayEvent } from './events.ts';
import { LabFrames } from './frames.ts';
import { panelStyles } from './panel-styles.ts';
import { armName, listed } from './words.ts';

const MAX_STEPS = 2000;
const MAX_WEIGHTS = 200_000_000;

type Program = 'pytorch' | 'keras';
type Part = 'programs' | 'weights' | 'trace' | 'pictures';
const PROGRAMS = { pytorch: 'PyTorch', keras: 'Keras' } as const;

/**
 * `<bn-lab-export>`: what can be taken along. The trace as CSV, the panels as pictures, the weights out and in, and each model
 * as a PyTorch or Keras program with the recorded run it starts from.
 */
export class LabExport extends LitElement {
  static override properties = {
    lab: { attribute: false },
    value: { attribute: false },
    examples: { attribute: false },
    arm: { state: true },
    steps: { state: true },
    shown: { state: true },
    recorded: { state: true },
    told: { state: true },
  };

  declare lab: Lab | undefined;
  declare value: LabValue | undefined;
  declare examples: LabExamples | undefined;
  /** Another engine than one of its own. */
  createEngine: () => Promise<EngineClient> = createClient;

  declare private arm: number;
  declare private steps: string;
  /** The program that is open for reading. */
  declare private shown: Program | undefined;
  /** Steps recorded so far, while a run is being recorded. */
  declare private recorded: number | undefined;
  /** What the last action came to, and in which part. */
  declare private told: { part: Part; text: string; failed: boolean } | undefined;

  protected readonly frames = new LabFrames(this);
  #abort: AbortController | undefined;

  constructor() {
    super();
    this.arm = 0;
    this.steps = '100';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  /** Runs an action; what it says it did, or what it throws, is told beside its button. */
  async #try(part: Part, action: () => Promise<string> | string): Promise<void> {
    this.told = undefined;
    try {
      const text = await action();
      this.told = { part, text, failed: false };
      this.dispatchEvent(new LabSayEvent(`${text}.`));
    } catch (error) {
      this.told = { part, text: error instanceof Error ? error.message : String(error), failed: true };
    }
  }

  #message(part: Part): TemplateResult | typeof nothing {
    if (this.told?.part !== part) return nothing;
    const { text, failed } = this.told;
    return failed ? html`<p class="problem" role="alert">${text}</p>` : html`<p class="done">${text}.</p>`;
  }

  override render(): TemplateResult | typeof nothing {
    const { lab, value } = this;
    if (!lab?.setup || !lab.opened || !value)
      return html`<p class="note">Nothing is open in the Lab yet.</p>`;
    const arms = lab.setup.arms.length;
    const arm = Math.min(this.arm, arms - 1);
    return html`
      ${
        arms > 1
          ? html`<fieldset class="segmented">
              <legend>Model</legend>
              ${lab.setup.arms.map(
                (_, index) =>
                  html`<label
                    ><input
                      type="radio"
                      name="arm"
                      .checked=${index === arm}
                      @change=${() => (this.arm = index)}
                    /><span>${armName(index)}</span></label
                  >`,
              )}
            </fieldset>`
          : nothing
      }
      ${this.#programs(lab, value, arm)} ${this.#weights(lab, arm)} ${this.#numbers(lab)} ${this.#pictures()}
    `;
  }

  // ---- programs

  #programOf(lab: Lab, value: LabValue, arm: number): ProgramOf {
    const { setup, opened } = lab;
    const link = siteLink(`lab.html${writeHash('', LAB_KEY, encodeLab(value))}`);
    return {
      data: setup!.data,
      arm: setup!.arms[arm]!,
      name: armName(arm),
      examples: opened!.data.train,
      recording: `${programName(armName(arm))}.safetensors`,
      ...(!isOwnData(value) && link !== undefined && { link }),
    };
  }

  #programs(lab: Lab, value: LabValue, arm: number): TemplateResult {
    const name = armName(arm);
    const write = { pytorch: pytorchScript, keras: kerasScript };
    const file = { pytorch: `${programName(name)}.py`, keras: `${programName(name)}-keras.py` };
    const text = (program: Program) => write[program](this.#programOf(lab, value, arm));
    const steps = this.#stepsProblem();
    const buttons = (program: Program) => html`
      <button
        @click=${() =>
          void this.#try('programs', () => {
            download(file[program], text(program), 'text/x-python');
            return `${file[program]} downloaded`;
          })}
      >
        ${PROGRAMS[program]} program
      </button>
      <button
        class="quiet"
        aria-expanded=${this.shown === program}
        aria-label=${`Read the ${PROGRAMS[program]} program`}
        @click=${() => (this.shown = this.shown === program ? undefined : program)}
      >
        <span aria-hidden="true">${this.shown === program ? '▾' : '▸'}</span>read
      </button>
    `;
    return html`<section aria-labelledby="programs">
      <h4 id="programs">${name} as a program</h4>
      <p>
        The same network, loss and optimiser, with momentum, ε and variance as this experiment has them. The
        program trains from a recorded run: the same examples, initial weights and batches, and so with the
        same losses.
      </p>
      <div class="choices">
        <span class="pair">${buttons('pytorch')}</span><span class="pair">${buttons('keras')}</span>
      </div>
      ${this.shown === undefined ? nothing : this.#reading(PROGRAMS[this.shown], text(this.shown))}
      <div class="choices">
        <label
          >Steps to record
          <input
            class="number"
            type="text"
            inputmode="numeric"
            autocomplete="off"
            aria-invalid=${steps === undefined ? nothing : 'true'}
            .value=${this.steps}
            ?disabled=${this.recorded !== undefined}
            @input=${(event: Event) => (this.steps = (event.target as HTMLInputElement).value)}
          />
        </label>
        ${
          this.recorded === undefined
            ? html`<button
                ?disabled=${steps !== undefined}
                @click=${() => void this.#try('programs', () => this.#record(lab, value, arm))}
              >
                Recorded run
              </button>`
            : html`<button @click=${() => this.#abort?.abort()}>Cancel</button>
                <progress max=${Number(this.steps)} value=${this.recorded} aria-label="Recording"></progress>`
        }
        ${steps === undefined ? nothing : html`<span class="problem">${steps}</span>`}
      </div>
      <p class="note">
        Save the program and the recorded run in one directory. The run is made anew from step 0 with the
        settings of now, and leaves the training here alone.
      </p>
      ${this.#message('programs')}
    </section>`;
  }

  #reading(name: string, text: string): TemplateResult {
    return html`<div class="reading">
      <button
        class="quiet"
        @click=${() => void this.renderRoot.querySelector('bn-copy-text')?.copy(`${name} program`, text)}
      >
        Copy
      </button>
      <bn-copy-text></bn-copy-text>
      <pre tabindex="0" role="region" aria-label=${`${name} program`}>${text}</pre>
    </div>`;
  }

  #stepsProblem(): string | undefined {
    const value = parseNumber(this.steps);
    return value !== undefined && Number.isInteger(value) && value >= 1 && value <= MAX_STEPS
      ? undefined
      : `Steps: expected a whole number from 1 to ${MAX_STEPS}.`;
  }

  async #record(lab: Lab, value: LabValue, arm: number): Promise<string> {
    const program = this.#programOf(lab, value, arm);
    const abort = new AbortController();
    this.#abort = abort;
    this.recorded = 0;
    let engine: EngineClient | undefined;
    try {
      engine = await this.createEngine();
      const tensors = await recordRun(engine, program.data, program.arm, {
        steps: Number(parseNumber(this.steps)),
        signal: abort.signal,
        onProgress: (done) => {
          if (done % 20 === 0) this.recorded = done;
        },
      });
      download(program.recording, writeSafetensors(tensors), 'application/octet-stream');
      const steps = tensors.get('losses')!.data.length;
      return `${program.recording} downloaded: ${steps} ${steps === 1 ? 'step' : 'steps'}`;
    } catch (error) {
      if (abort.signal.aborted) return 'Recording cancelled';
      throw error;
    } finally {
      engine?.close();
      if (this.#abort === abort) this.recorded = undefined;
    }
  }

  // ---- weights

  #store(lab: Lab, arm: number): WeightStore {
    return {
      names: lab.opened!.names[arm]!,
      get: async (name) => (await lab.call(arm, 'model_get', { name })).value,
      set: (name, value) => lab.call(arm, 'model_set', { name, value }),
    };
  }

  #weights(lab: Lab, arm: number): TemplateResult {
    const name = armName(arm);
    const file = `${programName(name)}-weights.safetensors`;
    const save = async () => {
      download(file, await weightsFile(this.#store(lab, arm)), 'application/octet-stream');
      return `${file} downloaded: ${lab.opened!.names[arm]!.length} tensors after step ${lab.frame?.arms[arm]?.step ?? 0}`;
    };
    return html`<section aria-labelledby="weights">
      <h4 id="weights">${name}’s weights</h4>
      <div class="choices">
        <button @click=${() => void this.#try('weights', save)}>Save as safetensors</button>
        <label class="file">
          <input
            type="file"
            accept=".safetensors"
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement;
              const [given] = input.files ?? [];
              if (given) void this.#try('weights', () => this.#openWeights(lab, arm, given));
              input.value = '';
            }}
          />
          <span>Open weights</span>
        </label>
      </div>
      <p class="note">
        Named as in PyTorch’s state_dict, with the running statistics. Weights that are opened replace those
        here; training goes on from them, and Rewind brings back the initial ones.
      </p>
      ${this.#message('weights')}
    </section>`;
  }

  async #openWeights(lab: Lab, arm: number, file: File): Promise<string> {
    if (file.size > MAX_WEIGHTS)
      throw new Error(`${file.name} has ${file.size} bytes, more than ${MAX_WEIGHTS}.`);
    // Between two of its tensors no step may be made.
    await lab.pause();
    try {
      await setWeights(this.#store(lab, arm), new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${file.name} was not taken over, and nothing has changed. ${reason}`, {
        cause: error,
      });
    }
    return `${file.name} is in ${armName(arm)} now`;
  }

  // ---- numbers and pictures

  #numbers(lab: Lab): TemplateResult {
    const points = lab.trace.reduce((sum, { length }) => sum + length, 0);
    return html`<section aria-labelledby="trace">
      <h4 id="trace">The trace</h4>
      <div class="choices">
        <button
          ?disabled=${points === 0}
          @click=${() =>
            void this.#try('trace', () => {
              download('batchnorm-lab-trace.csv', traceCsv(lab.trace), 'text/csv');
              return 'batchnorm-lab-trace.csv downloaded';
            })}
        >
          Save as CSV
        </button>
        <span class="note">${points} points of ${listed(lab.trace.map((_, arm) => armName(arm)))}</span>
      </div>
      ${this.#message('trace')}
    </section>`;
  }

  /** The panels of the Lab this one is in, by their headings. */
  #panels(): readonly { title: string; panel: Element }[] {
    const root = this.getRootNode() as ParentNode;
    return [...root.querySelectorAll('section')].flatMap((section) => {
      const panel = [...section.children].find(
        (child) => child !== this && child.localName.startsWith('bn-lab-'),
      );
      const title = section.querySelector('h3')?.textContent?.trim();
      return panel && title ? [{ title, panel }] : [];
    });
  }

  #pictures(): TemplateResult {
    const panels = this.#panels();
    return html`<section aria-labelledby="pictures">
      <h4 id="pictures">Pictures</h4>
      ${
        panels.length === 0
          ? html`<p class="note">Open the panels you want pictures of; each has a button here then.</p>`
          : html`<div class="choices">
              ${panels.map(
                ({ title, panel }) =>
                  html`<button @click=${() => void this.#try('pictures', () => this.#picture(title, panel))}>
                    ${title}
                  </button>`,
              )}
            </div>`
      }
      <p class="note">PNG, twice the size on the screen, with what stands in the panel now.</p>
      ${this.#message('pictures')}
    </section>`;
  }

  async #picture(title: string, panel: Element): Promise<string> {
    const picture = await pictureOf(panel, { title, source: 'BatchNorm Lab' });
    const file = `batchnorm-lab-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.png`;
    download(file, picture, 'image/png');
    return `${file} downloaded`;
  }

  static override styles = [
    controls,
    panelStyles,
    fileButtonStyles,
    css`
      .segmented {
        margin-block-end: var(--space-4);
      }

      .choices {
        margin-block-end: var(--space-2);
        gap: var(--space-2);
      }

      .pair {
        display: inline-flex;
        align-items: center;
      }

      input.number {
        width: 5rem;
        text-align: end;
      }

      progress {
        accent-color: var(--accent);
      }

      pre {
        max-height: 24rem;
        margin: 0 0 var(--space-3);
        padding: var(--space-3);
        overflow: auto;
        background: var(--surface-sunken);
        font: var(--size-s) / 1.5 var(--font-mono);
      }

      .done {
        color: var(--good);
      }
    `,
  ];
}

customElements.define('bn-lab-export', LabExport);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-export': LabExport;
  }
}
