import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { createLab } from '../../client/lab-session-client.ts';
import type { Lab } from '../../client/lab.ts';
import {
  decodeLab,
  defaultLab,
  encodeLab,
  LAB_KEY,
  type LabExamples,
  LabProblem,
  type LabValue,
  sameLab,
} from '../../protocol/lab.ts';
import { writeHash } from '../../protocol/hash.ts';
import { describeDifferences, labProblem } from '../../protocol/lab-differences.ts';
import { type PanelName, PANELS } from '../../protocol/lab-properties.ts';
import { isOwnData } from '../../protocol/lab-compile.ts';
import { controls } from '../../style/controls.ts';
import { labOfAttributes } from './attributes.ts';
import { Figure } from '../figure.ts';
import { UndoHistory } from '../undo-history.ts';
import { UrlState } from '../url-state.ts';
import type {
  LabCommand,
  LabCommandEvent,
  LabEditEvent,
  LabExamplesEvent,
  LabLoadEvent,
  LabSayEvent,
} from './events.ts';
import { labStyles } from './lab-styles.ts';
import { refusalWords, restartWords, stopWords, summary } from './lab-words.ts';
import './members.ts';
import { OWN_DATA, PANEL_ELEMENTS, type PanelElement, shownPanels, usefulPanels } from './panels.ts';
import { LabPredict } from './predict.ts';
import './run-bar.ts';
import './run-options.ts';
import { LabSession } from './session.ts';
import './setup.ts';
import './toolbar.ts';

/** A setting changed again after this many milliseconds is another step of undo. */
const IDLE = 1500;
const KEYS: Readonly<Record<string, LabCommand>> = { s: 'batch', e: 'epoch', r: 'rewind' };
/** What is being typed into or pressed has keys of its own. */
const HAS_KEYS = 'input:not([type=checkbox]), select, textarea, [contenteditable], [role=slider], [role=tab]';
const HAS_SPACE = `${HAS_KEYS}, input, button, summary, a[href]`;

/**
 * `<bn-lab>`: two small networks that train in front of the reader, and everything there is to see of it. Its state is one
 * value (web/protocol/lab.ts): attributes, link, file and undo history are made from it. README.md in this folder
 * describes attributes, slots and events.
 */
export class LabFigure extends Figure {
  static override properties = {
    preset: { type: String },
    experiment: { type: String },
    controls: { type: String },
    panels: { type: String },
    heading: { type: String },
    hash: { type: String },
    value: { state: true },
    lab: { state: true },
    examples: { state: true },
    problem: { state: true },
    waiting: { state: true },
    slept: { state: true },
    failure: { state: true },
    said: { state: true },
    settings: { state: true },
    asks: { state: true },
  };

  declare preset: string | null;
  /** A whole experiment as in a link: `1;data=moons;lr=0.3`. */
  declare experiment: string | null;
  declare controls: string | null;
  declare panels: string | null;
  declare heading: string | null;
  /** The key of this figure's state in the address; empty: `lab`; absent: no state in the address. */
  declare hash: string | null;
  declare private value: LabValue;
  declare private lab: Lab | undefined;
  /** Drawn points and an opened table are kept apart from the value, and from each other. */
  declare private examples: OwnExamples;
  /** What was wrong with a link, a file, an attribute or a setting. */
  declare private problem: string | undefined;
  /** Why there is nothing to train yet: examples are missing. */
  declare private waiting: string | undefined;
  /** It was running when it went out of sight. */
  declare private slept: boolean;
  /** Why there is no engine. */
  declare private failure: string | undefined;
  declare private said: string;
  declare private settings: boolean;
  /** A question waits for an answer before anything runs. */
  declare private asks: boolean;

  #initial: LabValue = defaultLab;
  #history = new UndoHistory<LabValue>(defaultLab);
  #session: LabSession | undefined;
  #url: UrlState | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #elements = new Map<string, PanelElement>();
  #status: Lab['status'] = 'empty';
  #diverged = false;
  /** What was asked for and is still to be told of: that it runs, its end, or a step's. */
  #asked: 'run' | 'end' | 'step' | undefined;
  /** Where the step that was asked for began. */
  #from = 0;

  constructor() {
    super();
    this.value = defaultLab;
    this.examples = {};
    this.said = '';
    this.settings = false;
    this.slept = false;
    this.asks = false;
    this.addEventListener('bn-lab-edit', (event: LabEditEvent) => this.#edit(event.change, event.group));
    this.addEventListener('bn-lab-seal', () => this.#history.seal());
    this.addEventListener('bn-lab-say', (event: LabSayEvent) => (this.said = event.text));
    this.addEventListener('bn-lab-command', (event: LabCommandEvent) => void this.#command(event.command));
    this.addEventListener('bn-lab-load', (event: LabLoadEvent) => this.#load(event.value, event.said));
    this.addEventListener('bn-lab-examples', (event: LabExamplesEvent) => this.#take(event));
    this.addEventListener('bn-predicted', () => (this.asks = false));
    this.addEventListener('keydown', this.#pressed);
  }

  get #ownExamples(): LabExamples | undefined {
    return examplesOf(this.value, this.examples);
  }

  /** Where the address holds this experiment, if it does. */
  get #key(): string | null {
    return this.hash === '' ? LAB_KEY : (this.hash ?? null);
  }

  get #prediction(): LabPredict | undefined {
    const found = this.querySelector(':scope > bn-lab-predict');
    return found instanceof LabPredict ? found : undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#key) this.#url = new UrlState(this.#key, (text) => this.#arrived(text));
    const linked = this.#url?.connect();
    // Moved within the page, the figure keeps its experiment; new in it, it begins.
    if (!this.hasUpdated) this.#start(linked);
    this.asks = this.#prediction !== undefined && !this.#prediction.predicted;
    void this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#url?.disconnect();
    this.#url = undefined;
    clearTimeout(this.#idle);
    this.#session = undefined;
    this.lab?.close();
    this.lab = undefined;
  }

  async #connect(): Promise<void> {
    let lab: Lab;
    try {
      await this.awake();
      lab = await createLab();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      return;
    }
    if (!this.isConnected || this.lab) {
      lab.close();
      return;
    }
    lab.addEventListener('frame', this.#heard);
    lab.addEventListener('status', this.#heard);
    this.lab = lab;
    this.#session = new LabSession(lab, {
      applied: (_, restarted) => this.#applied(restarted),
      refused: (error, kept) => this.#refused(error, kept),
    });
    this.#submit();
  }

  /** From the attributes, then from the link if there is one. */
  #start(text: string | undefined): void {
    const { value, problem } = labOfAttributes(this);
    this.#initial = value;
    this.problem = problem;
    const linked = text === undefined ? undefined : decodeLab(text);
    if (linked?.problem !== undefined)
      this.problem = `This link could not be read: ${linked.problem}. Here is the experiment it would have replaced.`;
    this.value = linked?.value ?? this.#initial;
    this.#history = new UndoHistory(this.value);
  }

  #submit(): void {
    this.#session?.submit(this.value, this.#ownExamples);
  }

  #edit(change: Partial<LabValue>, group?: string): void {
    const next: LabValue = { ...this.#history.present, ...change };
    if (sameLab(next, this.#history.present)) return;
    const problem = isWaiting(next, this.examples)
      ? undefined
      : labProblem(next, examplesOf(next, this.examples));
    if (problem !== undefined) {
      this.problem = `${problem} The experiment stays as it was.`;
      // The control that asked for it shows the value again that is in force.
      this.renderRoot.querySelector('bn-lab-setup')?.refresh();
      return;
    }
    const begun = this.#history.push(next, group);
    this.problem = undefined;
    this.#changed(begun);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#history.seal(), IDLE);
  }

  /** A change of view: no step of undo, no entry of the browser's history. */
  #show(change: Partial<LabValue>): void {
    this.#history.replace({ ...this.#history.present, ...change });
    this.#changed(false);
  }

  #changed(push: boolean): void {
    this.value = this.#history.present;
    this.#submit();
    const text = sameLab(this.value, this.#initial) ? undefined : encodeLab(this.value);
    this.#url?.write(text, push);
    this.dispatchEvent(
      new CustomEvent('bn-change', { detail: { value: this.value }, bubbles: true, composed: true }),
    );
  }

  #load(value: LabValue, said: string): void {
    this.#history.seal();
    this.problem = undefined;
    this.#history.push(value);
    this.#changed(true);
    this.said = said;
  }

  #take({ data, examples }: LabExamplesEvent): void {
    this.examples = { ...this.examples, [data]: examples };
    if (this.value.data === data) this.#submit();
    else this.#edit({ data });
  }

  /** The browser went back or forward, or a link on the page was followed. */
  #arrived(text: string | undefined): void {
    const read = text === undefined ? { value: this.#initial } : decodeLab(text);
    if (read.problem !== undefined) {
      this.problem = `This link could not be read: ${read.problem}. The experiment stays as it was.`;
      return;
    }
    this.problem = undefined;
    this.#history.visit(read.value, sameLab);
    this.value = this.#history.present;
    this.#submit();
  }

  #applied(restarted: readonly string[] | undefined): void {
    this.waiting = undefined;
    this.failure = undefined;
    if (restarted && restarted.length > 0) this.said = restartWords(restarted);
  }

  #refused(error: unknown, kept: LabValue | undefined): void {
    const message = refusalWords(error);
    if (error instanceof LabProblem && isWaiting(this.value, this.examples)) {
      this.waiting = message;
      // What trained until now is not what the settings say any more.
      void this.#halt();
      return;
    }
    if (this.lab?.status === 'failed') {
      this.failure = this.lab.failure ?? message;
      return;
    }
    this.problem = `${message} ${kept ? 'The experiment stays as it was.' : ''}`;
    if (!kept) {
      this.waiting = 'There is nothing to train: see above why.';
      return;
    }
    // Back to what the engine still holds; the refused setting is not a step to come back to.
    this.#history.replace(kept);
    this.#history.seal();
    this.value = kept;
    this.#url?.write(sameLab(kept, this.#initial) ? undefined : encodeLab(kept), false);
  }

  override get place(): string {
    return writeHash('', LAB_KEY, encodeLab(this.value));
  }

  /** Out of sight nothing trains; nothing starts again by itself either. */
  protected override fellAsleep(): void {
    if (this.lab?.status !== 'running') return;
    this.#asked = undefined;
    this.slept = true;
    this.said = 'Paused: the Lab was out of sight';
    void this.#halt();
  }

  async #halt(): Promise<void> {
    try {
      await this.lab?.pause();
    } catch {
      // Nothing was open: nothing runs.
    }
  }

  async #command(command: LabCommand): Promise<void> {
    const { lab, value } = this;
    if (command === 'undo' || command === 'redo') {
      const went = command === 'undo' ? this.#history.undo() : this.#history.redo();
      if (!went) return;
      this.problem = undefined;
      this.#changed(true);
      this.said = command === 'undo' ? 'Undone' : 'Redone';
      return;
    }
    if (!lab || (lab.status !== 'ready' && lab.status !== 'running') || this.#locked !== undefined) return;
    this.slept = false;
    try {
      if (command === 'run') {
        if (lab.status !== 'running') this.#asked = 'run';
        await lab.run({
          ...(value.speed > 0 && { speed: value.speed }),
          ...(value.stop_steps > 0 && { steps: value.stop_steps }),
          ...(value.stop_loss > 0 && { loss: value.stop_loss }),
        });
      } else if (command === 'pause') await lab.pause();
      else if (command === 'rewind') {
        await lab.rewind();
        this.said = 'Rewound: the same initial weights, the same order';
      } else {
        this.#asked = 'step';
        this.#from = stepOf(lab);
        await lab.step(command);
      }
    } catch (error) {
      this.problem = refusalWords(error);
    }
  }

  get #locked(): string | undefined {
    if (this.waiting !== undefined) return this.waiting;
    if (this.asks) return 'First say what you expect; then it runs.';
    return undefined;
  }

  /** A new frame, or another status: they come one by one, and what is said needs both to agree. */
  readonly #heard = (): void => {
    const { lab } = this;
    if (!lab) return;
    const before = this.#status;
    this.#status = lab.status;
    if (before !== lab.status) this.requestUpdate();
    if (lab.status === 'failed') this.failure = lab.failure;
    if (lab.frame) this.#notice(lab.frame.arms.some(({ divergence }) => divergence !== undefined));
    this.#tell(lab);
  };

  /** Divergence is an event: the panel that says where opens, once. */
  #notice(diverged: boolean): void {
    const { panels } = this.value;
    if (diverged && !this.#diverged && !panels.includes('divergence')) {
      this.#show({ panels: [...panels, 'divergence'] });
    }
    this.#diverged = diverged;
  }

  /** Milestones only: what a listener would want to hear, not every step. */
  #tell(lab: Lab): void {
    if (this.#asked === 'run' && lab.status === 'running') {
      this.said = 'Running';
      this.#asked = 'end';
    }
    if (lab.status !== 'ready' || !lab.frame || lab.frame.running) return;
    const step = stepOf(lab);
    if (this.#asked === 'end') {
      this.said = stopWords(lab) ?? `Paused at step ${step}`;
      if (step > 0) this.#reveal();
    } else if (this.#asked === 'step' && step !== this.#from) this.said = `Step ${step}`;
    else return;
    this.#asked = undefined;
  }

  #reveal(): void {
    const prediction = this.#prediction;
    const stopped = this.lab?.frame?.stopped !== undefined;
    // Where the experiment has an end, the outcome is what is there at the end.
    if (prediction?.predicted && (stopped || this.value.stop_steps === 0)) prediction.revealed = true;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    if (!(target instanceof Element) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if ((key !== 'z' && !(key === 'y' && event.ctrlKey)) || target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      void this.#command(key === 'z' && !event.shiftKey ? 'undo' : 'redo');
      return;
    }
    if (key === ' ' && !target.matches(HAS_SPACE)) {
      event.preventDefault();
      void this.#command(this.lab?.status === 'running' ? 'pause' : 'run');
      return;
    }
    const command = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (command && !event.shiftKey && !target.matches(HAS_KEYS)) {
      event.preventDefault();
      void this.#command(command);
    }
  };

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('value') && this.lab?.status === 'running') {
      const before = changed.get('value') as LabValue | undefined;
      // A speed or a stop set while it runs counts from now on.
      if (
        before &&
        (['speed', 'stop_steps', 'stop_loss'] as const).some((name) => before[name] !== this.value[name])
      ) {
        void this.#command('run');
      }
    }
  }

  override render(): TemplateResult {
    const { value, lab, failure } = this;
    if (failure !== undefined && !lab) {
      return html`<p class="problem" role="alert">${failure}</p>
        <slot></slot>`;
    }
    const edits = value.controls !== 'none';
    const title = this.heading || value.title;
    // Focusable by a click anywhere in it, so that its keys work then. Not the host: Tab would pass by all it holds.
    return html`<div class="figure" tabindex="-1">
      ${title ? html`<h3 class="title">${title}</h3>` : nothing} ${edits ? this.#toolbar() : nothing}
      <div class="messages">
        ${failure === undefined ? nothing : html`<p class="problem" role="alert">${failure}</p>`}
        ${this.problem === undefined ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
        ${this.slept ? html`<p class="note">Paused while it was out of sight; “Run” goes on from here.</p>` : nothing}
      </div>
      <slot name="predict"></slot>
      <bn-lab-run-bar .lab=${lab} .value=${value} .locked=${this.#locked}></bn-lab-run-bar>
      <div class=${edits ? 'columns' : ''}>
        ${edits ? this.#setup() : nothing}
        <div class="main">
          ${this.#differences()}
          <bn-lab-members .lab=${lab}></bn-lab-members>
          ${edits ? html`<bn-lab-run-options .value=${value}></bn-lab-run-options>` : nothing}
          ${edits ? this.#ownData() : nothing} ${edits ? this.#chooser() : nothing}
          ${shownPanels(value, this.#ownExamples).map((panel) => this.#panel(panel))}
        </div>
      </div>
      <p class="said visually-hidden" role="status">${this.said}</p>
    </div>`;
  }

  #toolbar(): TemplateResult {
    return html`<bn-lab-toolbar
      .value=${this.value}
      .place=${this.#key}
      ?can-undo=${this.#history.canUndo}
      ?can-redo=${this.#history.canRedo}
    ></bn-lab-toolbar>`;
  }

  #setup(): TemplateResult {
    const { value } = this;
    return html`<div class="setup">
      <button
        class="toggle"
        aria-expanded=${this.settings}
        aria-controls="settings"
        @click=${() => (this.settings = !this.settings)}
      >
        <span aria-hidden="true">${this.settings ? '▾' : '▸'}</span>
        <span>Settings <span class="note">${summary(value)}</span></span>
      </button>
      <div id="settings" class=${this.settings ? 'open' : ''}>
        <bn-lab-setup .value=${value}></bn-lab-setup>
      </div>
    </div>`;
  }

  #differences(): TemplateResult | typeof nothing {
    if (!this.value.compare) return nothing;
    const sentences = describeDifferences(this.value);
    return html`<div class="differences">
      <p>
        ${
          sentences.length === 0
            ? 'A and B are the same experiment.'
            : 'A and B have the same data, the same initial weights where shapes agree, and the same order. What differs:'
        }
      </p>
      ${
        sentences.length === 0
          ? nothing
          : html`<ul>
              ${sentences.map((sentence) => html`<li>${sentence}.</li>`)}
            </ul>`
      }
    </div>`;
  }

  #chooser(): TemplateResult {
    const open = shownPanels(this.value, this.#ownExamples);
    return html`<div class="chooser" role="group" aria-label="What to look at">
      ${usefulPanels(this.value, this.#ownExamples).map(
        (panel) =>
          html`<button class="quiet" aria-pressed=${open.includes(panel)} @click=${() => this.#toggle(panel)}>
            ${PANELS[panel]}
          </button>`,
      )}
    </div>`;
  }

  #toggle(panel: PanelName): void {
    const open = shownPanels(this.value, this.#ownExamples);
    this.#show({ panels: open.includes(panel) ? open.filter((one) => one !== panel) : [...open, panel] });
  }

  #panel(panel: PanelName): TemplateResult {
    return html`<section class="panel" aria-labelledby=${`panel-${panel}`}>
      <h3 id=${`panel-${panel}`}>${PANELS[panel]}</h3>
      ${this.#made(PANELS[panel], PANEL_ELEMENTS[panel])}
    </section>`;
  }

  /** What takes the reader's own examples, above what is made of them. */
  #ownData(): TemplateResult | typeof nothing {
    const { data } = this.value;
    if (data !== 'drawn' && data !== 'csv') return nothing;
    const { title } = OWN_DATA[data];
    return html`<section class="panel" aria-labelledby="own">
      <h3 id="own">${title}</h3>
      ${this.#made(title, OWN_DATA[data])}
    </section>`;
  }

  /** One element each, kept while it is closed, with what it shows and what it is set to. */
  #made(title: string, { tag, load }: { tag: string; load(): Promise<unknown> }): PanelElement {
    let element = this.#elements.get(tag);
    if (!element) {
      element = document.createElement(tag) as PanelElement;
      this.#elements.set(tag, element);
      load().catch(() => {
        this.problem = `“${title}” could not be loaded. Reload the page when you are online again.`;
      });
    }
    element.lab = this.lab;
    element.value = this.value;
    element.examples = this.#ownExamples;
    return element;
  }

  static override styles = [controls, labStyles];
}

function stepOf(lab: Lab): number {
  return lab.frame?.arms[0]?.step ?? 0;
}

type OwnExamples = Partial<Record<'drawn' | 'csv', LabExamples>>;

function examplesOf({ data }: LabValue, examples: OwnExamples): LabExamples | undefined {
  return data === 'drawn' || data === 'csv' ? examples[data] : undefined;
}

function isWaiting(value: LabValue, examples: OwnExamples): boolean {
  return isOwnData(value) && examplesOf(value, examples) === undefined;
}

customElements.define('bn-lab', LabFigure);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab': LabFigure;
  }
}
