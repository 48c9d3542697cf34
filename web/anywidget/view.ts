import { load } from '../embed/near.ts';
import { EMBED_FIGURES, type EmbedFigure, type EmbedFigureName } from '../protocol/embed.ts';
import { attributesOf, embedFigure } from '../protocol/embed-link.ts';
import { type QuizElement, QuizResultEvent } from '../protocol/quiz.ts';
import type { Model } from './model.ts';
import { notebookTheme, onNotebookTheme } from './notebook-theme.ts';
import { states } from './states.ts';
import { readTraits, type Traits } from './traits.ts';

const NOT_LOADED = 'The figure could not be loaded; run the cell again.';

let views = 0;
/** Figures whose elements this module has registered; others of the same name know nothing of `states`. */
const ours = new Set<EmbedFigureName>();

/** One place in a notebook where a widget is shown. */
export class View {
  readonly #model: Model;
  readonly #root = document.createElement('div');
  readonly #key = `widget-${++views}`;
  readonly #watcher = new MutationObserver(() => this.#attributesChanged());
  readonly #stopTheme: () => void;
  #traits: Traits;
  #element: HTMLElement | undefined;

  constructor(model: Model, el: HTMLElement) {
    this.#model = model;
    // Keys typed into a figure are no commands for the notebook: JupyterLab looks for this.
    this.#root.dataset['lmSuppressShortcuts'] = 'true';
    this.#root.addEventListener(QuizResultEvent.type, (event) =>
      this.#tell('result', (event as QuizResultEvent).detail),
    );
    this.#root.addEventListener('bn-study-judged', (event) => this.#tell('verdicts', event.verdicts));
    el.append(this.#root);
    this.#traits = readTraits(model);
    this.#show();
    model.on('change:figure', this.#figureChanged);
    model.on('change:attributes', this.#figureChanged);
    model.on('change:state', this.#stateGiven);
    this.#stopTheme = onNotebookTheme(() => this.#applyAttributes());
  }

  close(): void {
    this.#model.off('change:figure', this.#figureChanged);
    this.#model.off('change:attributes', this.#figureChanged);
    this.#model.off('change:state', this.#stateGiven);
    this.#stopTheme();
    this.#watcher.disconnect();
    this.#root.remove();
    states.close(this.#key);
  }

  #show(): void {
    const { figure, state } = this.#traits;
    const { tag, state: keeps } = embedFigure(figure);
    const element = document.createElement(tag);
    const registered = customElements.get(tag) !== undefined;
    if (!registered) ours.add(figure);
    if (keeps !== undefined && ours.has(figure)) {
      states.open(this.#key, state, (text) => this.#tell('state', text ?? ''));
      element.setAttribute('hash', this.#key);
    }
    this.#element = element;
    this.#applyAttributes();
    this.#watcher.disconnect();
    this.#watcher.observe(element, {
      attributes: true,
      attributeFilter: [...embedFigure(figure).attributes],
    });
    load(figure).then(
      () => this.#loaded(element),
      () => this.#say([NOT_LOADED]),
    );
  }

  #loaded(element: HTMLElement): void {
    customElements.upgrade(element);
    if (isQuiz(element)) element.restore(this.#model.get('result'));
  }

  #applyAttributes(): void {
    const { figure, attributes, problems } = this.#traits;
    const element = this.#element!;
    const theme = attributes['theme'] ?? notebookTheme();
    const wanted = theme === undefined ? attributes : { ...attributes, theme };
    for (const name of attributesOf(figure)) {
      const value = wanted[name];
      if (value === undefined) element.removeAttribute(name);
      else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
    }
    this.#say(problems);
  }

  #say(problems: readonly string[]): void {
    const lines = problems.map((text) => {
      const line = document.createElement('p');
      line.setAttribute('role', 'alert');
      line.style.cssText = 'margin: 0 0 0.75em; padding-inline-start: 0.75em; border-inline-start: 3px solid';
      line.textContent = text;
      return line;
    });
    this.#root.replaceChildren(...lines, this.#element!);
  }

  readonly #figureChanged = (): void => {
    const before = this.#traits.figure;
    this.#traits = readTraits(this.#model);
    if (this.#traits.figure === before) this.#applyAttributes();
    else this.#show();
  };

  readonly #stateGiven = (): void => {
    const { state, problems } = readTraits(this.#model);
    if (problems.length === 0) states.give(this.#key, state);
    else this.#say(problems);
  };

  /** The reader changed what the figure keeps in its attributes, as experiments do. */
  #attributesChanged(): void {
    const { figure, attributes } = this.#traits;
    const { attributes: own }: EmbedFigure = EMBED_FIGURES[figure];
    const now: Record<string, string> = {};
    for (const name of attributesOf(figure)) {
      const value = own.includes(name) ? this.#element!.getAttribute(name) : attributes[name];
      if (value !== null && value !== undefined) now[name] = value;
    }
    if (sameTexts(now, attributes)) return;
    this.#traits = { ...this.#traits, attributes: now };
    this.#tell('attributes', now);
  }

  #tell(trait: string, value: unknown): void {
    // A plain copy, of which Python gets what JSON can say.
    this.#model.set(trait, JSON.parse(JSON.stringify(value)));
    this.#model.save_changes();
  }
}

function isQuiz(element: HTMLElement): element is QuizElement {
  return 'restore' in element;
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
