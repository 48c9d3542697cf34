import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { sharedClient } from '../../client/engine-client.ts';
import {
  decodeWorkedExample,
  defaultWorkedExample,
  encodeWorkedExample,
  sameWorkedExample,
  workedExampleOf,
  workedExampleProperties,
  type Tab,
  type WorkedExample,
} from '../../protocol/worked-example.ts';
import { writeHash } from '../../protocol/hash.ts';
import { parseProperty, type ValuesOf } from '../../protocol/properties.ts';
import { controls } from '../../style/controls.ts';
import { Figure, isFixed } from '../figure.ts';
import { LatestWins } from '../latest-wins.ts';
import { UndoHistory } from '../undo-history.ts';
import { UrlState } from '../url-state.ts';
import { backwardWalk } from './backward.ts';
import './batch-settings.ts';
import { pasteAt, replaceBatch, type Edit } from './edits.ts';
import type { CommandEvent, EditEvent, PasteEvent, SayEvent, ViewEvent } from './events.ts';
import { forwardWalk } from './forward.ts';
import './gradient-lessons.ts';
import './gradient-source.ts';
import { computeNumbers, type Numbers } from './numbers.ts';
import { parseTable } from './paste.ts';
import './picture.ts';
import './running-view.ts';
import { partStyles } from './styles.ts';
import './toolbar.ts';
import { FeatureView } from './walk.ts';
import './walk-view.ts';

const TABS: Record<Tab, string> = {
  forward: 'Forward',
  backward: 'Backward',
  statistics: 'Training & inference',
};
const TAB_NAMES = Object.keys(TABS) as Tab[];
const ATTRIBUTES = ['x', 'gamma', 'beta', 'eps', 'dy', 'target'] as const;
/** A number being changed again after this many milliseconds is another step of undo. */
const IDLE = 1500;

/**
 * `<bn-worked-example>`: one batch through batch normalization, forward and backward, every number editable and computed
 * by the engine. Its state is one value (web/protocol/worked-example.ts): the link, the undo history and the exports are
 * made from it. README.md in this folder describes attributes and events.
 */
export class WorkedExampleFigure extends Figure {
  static override properties = {
    x: { type: String },
    gamma: { type: String },
    beta: { type: String },
    eps: { type: String },
    dy: { type: String },
    target: { type: String },
    hash: { type: String },
    state: { state: true },
    view: { state: true },
    problem: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  declare x: string | null;
  declare gamma: string | null;
  declare beta: string | null;
  declare eps: string | null;
  declare dy: string | null;
  declare target: string | null;
  /** The key of this figure's state in the address; empty: `we`; absent: no state in the address. */
  declare hash: string | null;
  declare private state: WorkedExample;
  /** The newest numbers the engine gave, with the state they belong to. */
  declare private view: FeatureView | undefined;
  /** What was wrong with a link, an attribute or a paste. */
  declare private problem: string | undefined;
  /** Why there are no numbers at all. */
  declare private failure: string | undefined;
  declare private said: string;

  /** The figure touched last: undo belongs to it even where a drag has left the focus nowhere. */
  static #last: WorkedExampleFigure | undefined;

  #initial: WorkedExample = defaultWorkedExample;
  #history = new UndoHistory<WorkedExample>(defaultWorkedExample);
  #url: UrlState | undefined;
  #jobs: LatestWins<WorkedExample, Numbers> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.state = defaultWorkedExample;
    this.said = '';
    this.addEventListener('bn-edit', (event: EditEvent) => this.#edit(event.edit, event.group));
    this.addEventListener('bn-view', (event: ViewEvent) => this.#show({ ...this.state, ...event.view }));
    this.addEventListener('bn-seal', () => this.#history.seal());
    this.addEventListener('bn-say', (event: SayEvent) => (this.said = event.text));
    this.addEventListener('bn-command', (event: CommandEvent) => this.#command(event.command));
    this.addEventListener('bn-paste', (event: PasteEvent) => this.#paste(event));
    for (const touch of ['pointerdown', 'focusin']) {
      this.addEventListener(touch, () => (WorkedExampleFigure.#last = this));
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#shortcut);
    this.#jobs = new LatestWins(
      async (state) => computeNumbers(await sharedClient(), state),
      (_, numbers) => {
        this.failure = undefined;
        this.view = new FeatureView(numbers);
      },
      (_, error) => (this.failure = error instanceof Error ? error.message : String(error)),
      this.awake,
    );
    if (this.hash !== null && this.hash !== undefined) {
      this.#url = new UrlState(this.hash || 'we', (text) => this.#arrived(text));
    }
    const linked = this.#url?.connect();
    // Moved within the page, the figure keeps its state; new in it, it begins.
    if (this.hasUpdated) this.#compute();
    else this.#start(linked);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#shortcut);
    if (WorkedExampleFigure.#last === this) WorkedExampleFigure.#last = undefined;
    this.#jobs?.stop();
    this.#jobs = undefined;
    this.#url?.disconnect();
    this.#url = undefined;
    clearTimeout(this.#idle);
  }

  /** From the attributes, then from the link if there is one. */
  #start(text: string | undefined): void {
    this.#initial = this.#fromAttributes();
    const linked = text === undefined ? undefined : decodeWorkedExample(text);
    if (linked?.problem !== undefined)
      this.problem = `This link could not be read: ${linked.problem}. Here is the example it started from.`;
    this.state = linked?.value ?? this.#initial;
    this.#history = new UndoHistory(this.state);
    this.#compute();
  }

  #fromAttributes(): WorkedExample {
    const given: Partial<Record<keyof ValuesOf<typeof workedExampleProperties>, unknown>> = {};
    for (const name of ATTRIBUTES) {
      const text = this[name];
      if (text === null || text === undefined) continue;
      const parsed = parseProperty(workedExampleProperties[name], text);
      if (parsed.problem === undefined) given[name] = parsed.value;
      else this.problem = `${name}: ${parsed.problem}.`;
    }
    if (given.target !== undefined) given.gradient = 'target';
    const state = workedExampleOf(given as Partial<ValuesOf<typeof workedExampleProperties>>);
    if (state.problem === undefined) return state.value;
    this.problem = `${state.problem}.`;
    return defaultWorkedExample;
  }

  protected override willUpdate(changed: PropertyValues): void {
    // Attributes set from outside later start the figure anew from them.
    if (this.hasUpdated && ATTRIBUTES.some((name) => changed.has(name))) {
      this.problem = undefined;
      this.#start(undefined);
    }
  }

  override get place(): string {
    return writeHash('', 'we', encodeWorkedExample(this.state));
  }

  #compute(): void {
    this.#jobs?.submit(this.state);
  }

  #edit(edit: Edit, group?: string): void {
    if (isFixed(this)) return;
    const next = edit(this.state);
    if (next === this.state) return;
    const begun = this.#history.push(next, group);
    this.problem = undefined;
    this.#changed(begun);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#history.seal(), IDLE);
  }

  /** A change of view: no step of undo, no entry of the browser's history. */
  #show(next: WorkedExample): void {
    this.#history.replace(next);
    this.#changed(false);
  }

  #changed(push: boolean): void {
    this.state = this.#history.present;
    this.#compute();
    const text = sameWorkedExample(this.state, this.#initial) ? undefined : encodeWorkedExample(this.state);
    this.#url?.write(text, push);
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(
      new CustomEvent('bn-change', { detail: { state: this.state }, bubbles: true, composed: true }),
    );
  }

  /** The browser went back or forward, or a link on the page was followed. */
  #arrived(text: string | undefined): void {
    const parsed = text === undefined ? { value: this.#initial } : decodeWorkedExample(text);
    if (parsed.problem !== undefined) {
      this.problem = `This link could not be read: ${parsed.problem}. The numbers stay as they were.`;
      return;
    }
    this.problem = undefined;
    this.#history.visit(parsed.value, sameWorkedExample);
    this.state = this.#history.present;
    this.#clearDrafts();
    this.#compute();
    this.#tell();
  }

  #command(command: CommandEvent['command']): void {
    if (isFixed(this)) return;
    if (command === 'undo' && this.#history.undo()) this.#went('Undone');
    else if (command === 'redo' && this.#history.redo()) this.#went('Redone');
    else if (command === 'reset') {
      // The numbers, not the place where the reader is.
      const { tab, step, back_step } = this.state;
      this.#history.push({ ...this.#initial, tab, step, back_step });
      this.#went('Reset to the numbers it started with');
    }
  }

  #went(said: string): void {
    this.#clearDrafts();
    this.#changed(true);
    this.said = said;
  }

  /** Forgets what was typed and not accepted, in every part. */
  #clearDrafts(): void {
    this.problem = undefined;
    const parts = 'bn-batch-settings, bn-running-view, bn-gradient-lessons';
    for (const part of this.renderRoot.querySelectorAll<Element & { clearDrafts(): void }>(parts)) {
      part.clearDrafts();
    }
    this.renderRoot.querySelector('bn-walk-view')?.grid?.clearDrafts();
  }

  readonly #shortcut = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && !(key === 'y' && event.ctrlKey)) return;
    const [target] = event.composedPath();
    const here = event.composedPath().includes(this);
    const nowhere = target === document.body && WorkedExampleFigure.#last === this;
    // The text box with pasted numbers has an undo of its own.
    if (!(here || nowhere) || target instanceof HTMLTextAreaElement) return;
    event.preventDefault();
    this.#command(key === 'z' && !event.shiftKey ? 'undo' : 'redo');
  };

  #paste({ text, place }: PasteEvent): void {
    if (isFixed(this)) return;
    const table = parseTable(text);
    const { value: block } = table;
    const pasted =
      block &&
      (place
        ? pasteAt(this.state, place.name, place.row, place.column, block)
        : replaceBatch(this.state, block));
    const next = pasted?.value;
    if (next === undefined) {
      this.problem = table.problem ?? pasted?.problem;
      return;
    }
    this.#clearDrafts();
    this.#history.seal();
    this.#edit(() => next);
    this.said = `${block?.length} × ${block?.[0]?.length} numbers pasted`;
  }

  override render(): TemplateResult {
    const { state, view, problem, failure } = this;
    const shown = this.getAttribute('controls') ?? nothing;
    if (failure !== undefined && !view) {
      return html`<p class="problem" role="alert">${failure}</p>
        <slot></slot>`;
    }
    return html`
      <bn-toolbar
        controls=${shown}
        .state=${state}
        .view=${view}
        ?can-undo=${this.#history.canUndo}
        ?can-redo=${this.#history.canRedo}
      ></bn-toolbar>
      <bn-batch-settings controls=${shown} .state=${state}></bn-batch-settings>
      <div class="messages">
        ${failure === undefined ? nothing : html`<p class="problem" role="alert">${failure}</p>`}
        ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      </div>
      <div class="tabs" role="tablist" aria-label="What to look at" @keydown=${this.#tabKey}>
        ${TAB_NAMES.map(
          (tab) =>
            html`<button
              role="tab"
              class="quiet"
              id=${`tab-${tab}`}
              aria-selected=${tab === state.tab}
              aria-controls="panel"
              tabindex=${tab === state.tab ? 0 : -1}
              @click=${() => this.#show({ ...this.state, tab })}
            >
              ${TABS[tab]}
            </button>`,
        )}
      </div>
      <div
        class=${view ? 'panel' : 'panel waiting'}
        role="tabpanel"
        id="panel"
        aria-labelledby=${`tab-${state.tab}`}
      >
        ${this.#panel(state, view)}
      </div>
      <p class="visually-hidden" role="status">${this.said}</p>
    `;
  }

  #panel(state: WorkedExample, view: FeatureView | undefined): TemplateResult {
    const shown = this.getAttribute('controls') ?? nothing;
    switch (state.tab) {
      case 'forward':
        return html`<bn-walk-view
            .table=${view && forwardWalk(view)}
            .state=${state}
            .position=${'step'}
          ></bn-walk-view>
          <section class="picture" aria-labelledby="picture">
            <h4 id="picture">Picture</h4>
            <bn-picture .view=${view} .state=${state}></bn-picture>
          </section>`;
      case 'backward':
        return html`<bn-gradient-source controls=${shown} .state=${state} .view=${view}></bn-gradient-source>
          <bn-walk-view
            .table=${view && backwardWalk(view)}
            .state=${state}
            .position=${'back_step'}
          ></bn-walk-view>
          <bn-gradient-lessons controls=${shown} .state=${state} .view=${view}></bn-gradient-lessons>`;
      case 'statistics':
        return html`<bn-running-view controls=${shown} .state=${state} .view=${view}></bn-running-view>`;
    }
  }

  #tabKey(event: KeyboardEvent): void {
    const at = TAB_NAMES.indexOf(this.state.tab);
    const last = TAB_NAMES.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    const tab = to === undefined ? undefined : TAB_NAMES[(to + TAB_NAMES.length) % TAB_NAMES.length];
    if (tab === undefined) return;
    event.preventDefault();
    this.#show({ ...this.state, tab });
    this.renderRoot.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  }

  static override styles = [
    controls,
    partStyles,
    css`
      :host {
        container-type: inline-size;
        margin-block: var(--space-5);
      }

      .messages p {
        max-width: none;
        margin-block-start: var(--space-3);
      }

      .tabs {
        display: flex;
        gap: var(--space-1);
        margin-block: var(--space-4) var(--space-4);
        border-block-end: 1px solid var(--line);
      }

      .tabs button {
        min-height: 2.5rem;
        border-width: 0 0 3px;
        border-radius: 0;
        padding-inline: var(--space-3);
      }

      .tabs button[aria-selected='true'] {
        border-color: var(--accent);
        font-weight: 600;
      }

      /* About as high as it will be with the first numbers, so that the text below does not jump. */
      .waiting {
        min-height: 75rem;
      }

      @container (min-width: 30rem) {
        .waiting {
          min-height: 68rem;
        }
      }

      @container (min-width: 62rem) {
        .waiting {
          min-height: 51rem;
        }
      }

      @media (forced-colors: active) {
        .tabs button {
          border-color: Canvas;
        }

        .tabs button[aria-selected='true'] {
          border-color: Highlight;
        }
      }

      @container (max-width: 24rem) {
        .tabs {
          font-size: var(--size-s);
        }

        .tabs button {
          padding-inline: var(--space-2);
        }
      }

      .picture {
        margin-block-start: var(--space-6);
      }
    `,
  ];
}

customElements.define('bn-worked-example', WorkedExampleFigure);

declare global {
  interface HTMLElementTagNameMap {
    'bn-worked-example': WorkedExampleFigure;
  }
}
