import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { loadStudies } from '../../client/studies.ts';
import { type EmbedLink, readEmbedLink, writeEmbedLink } from '../../protocol/embed-link.ts';
import { EMBED_FIGURES, type EmbedFigureName, EVERY_FIGURE } from '../../protocol/embed.ts';
import { labPresetNames, labPresets } from '../../protocol/lab-presets.ts';
import { parseProperty } from '../../protocol/properties.ts';
import { LAST_CHAPTER, MOST_QUESTIONS } from '../../protocol/quiz.ts';
import { siteLink } from '../site-link.ts';
import { type BuilderState, HEIGHTS, readBuilder, writeBuilder } from './builder-state.ts';
import { builderStyles } from './builder-styles.ts';
import { type Choice, FIGURES, firstChoice, found } from './catalogue.ts';
import './preview.ts';
import { type PreviewHeightEvent, type PreviewStateEvent, type ScreenName, SCREENS } from './preview.ts';
import './result.ts';
import { type Build, isPrivate, readBase } from './snippets.ts';

type Option = keyof typeof EVERY_FIGURE;

const OPTIONS: Readonly<Record<Option, { label: string; names: Readonly<Record<string, string>> }>> = {
  controls: { label: 'Controls', names: { all: 'All', few: 'Few', none: 'None' } },
  decimal: { label: 'Numbers', names: { point: '0.5', comma: '0,5' } },
  theme: { label: 'Colours', names: { auto: 'As the reader has them', light: 'Light', dark: 'Dark' } },
};

/** Numbers that are typed. */
const NUMBERS = {
  count: { label: 'How many questions', min: 1, max: MOST_QUESTIONS },
  height: { label: 'Pixels', ...HEIGHTS },
} as const;

type NumberField = keyof typeof NUMBERS;

/** Searching, at most so many claims and studies are listed below the figures. */
const MOST_FOUND = 30;
/** The address of the page follows so long after the last change. */
const PAUSE = 400;

/**
 * `<bn-embed-builder>`: choose a figure, set it up by using it, and take it away as a link, HTML or a QR code. What has been built
 * stands in the page's address. What is inside the element is shown until this has loaded.
 */
export class EmbedBuilder extends LitElement {
  static override properties = {
    state: { state: true },
    search: { state: true },
    screen: { state: true },
    claims: { state: true },
    studies: { state: true },
    high: { state: true },
    baseText: { state: true },
    baseProblem: { state: true },
    refused: { state: true },
    shown: { state: true },
  };

  declare private state: BuilderState;
  declare private search: string;
  declare private screen: ScreenName;
  declare private claims: readonly Choice[];
  declare private studies: readonly Choice[];
  /** As the figure in the preview says. */
  declare private high: number | undefined;
  /** What is being typed. */
  declare private baseText: string | undefined;
  declare private baseProblem: string | undefined;
  /** The last number that could not be one, and what stays instead. */
  declare private refused: { readonly field: NumberField; readonly problem: string } | undefined;
  /** The link in the preview; what is done to the figure there leaves it as it is. */
  declare private shown: EmbedLink;

  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How high the figure is in a course page, which is what a frame is most often for. */
  #measured: number | undefined;
  /** The link as the choice was made, before the figure was used. */
  #first: EmbedLink;

  constructor() {
    super();
    this.search = '';
    // A frame wider than the screen would show the figure smaller than it will be.
    this.screen = innerWidth < 480 ? 'phone' : 'course';
    this.claims = this.studies = [];
    this.#first = linkOf(firstChoice('worked-example'), {});
    this.state = { link: this.#first };
    this.shown = this.#first;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#arrived);
    this.#arrived();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#arrived);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Another address was gone to, or a figure was sent here to be built with. */
  readonly #arrived = (): void => {
    const state = readBuilder(location.hash);
    if (!state || sameBuild(state, this.state)) return;
    this.state = state;
    this.#first = plainLink(state.link);
    this.shown = state.link;
    // The address names no place in the page, so that the browser has not gone to one.
    void this.updateComplete.then(() => this.scrollIntoView());
  };

  /** What there is to choose from. Without, figures can still be chosen, and claims and studies typed. */
  async #load(): Promise<void> {
    const { CLAIMS } = await import('../../claims/claims.ts');
    this.claims = CLAIMS.map(({ id, statement }) => ({
      figure: 'claim',
      title: `${id}. ${statement}`,
      about: '',
      attributes: { id, open: '' },
    }));
    try {
      this.studies = (await loadStudies()).map(({ id, name, title, question }) => ({
        figure: 'study',
        title: `${id}. ${title}`,
        about: question,
        attributes: { name },
      }));
    } catch {
      // Then there is no list of them.
    }
  }

  #told(high: number): void {
    this.high = high;
    if (this.screen === 'course') this.#measured = 10 * Math.ceil(high / 10);
  }

  #set(state: Partial<BuilderState>): void {
    this.state = { ...this.state, ...state };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      history.replaceState(history.state, '', writeBuilder(location.hash, this.state) || location.pathname);
    }, PAUSE);
  }

  #choose(choice: Choice): void {
    const link = linkOf(choice, optionsOf(this.state.link));
    this.#first = link;
    this.shown = link;
    this.high = this.#measured = this.refused = undefined;
    this.#set({ link });
  }

  #option(name: string, value: string): void {
    const change = (link: EmbedLink): EmbedLink => ({
      ...link,
      attributes: { ...link.attributes, [name]: value },
    });
    this.#first = change(this.#first);
    const link = change(this.state.link);
    this.shown = link;
    this.#set({ link });
  }

  /** The figure was used: its link is another. */
  #used({ hash }: PreviewStateEvent): void {
    const { figure, attributes, state } = readEmbedLink(hash);
    if (figure !== this.state.link.figure) return;
    this.#set({ link: { figure, attributes, ...(state !== undefined && { state }) } });
  }

  get #title(): string {
    const { figure, attributes } = this.state.link;
    const all = figure === 'claim' ? this.claims : this.studies;
    const chosen = all.find((one) => isChosen(one, { figure, attributes }));
    return chosen?.title ?? EMBED_FIGURES[figure].title;
  }

  get #base(): string {
    return this.state.base ?? ownBase();
  }

  #build(link: EmbedLink): Build {
    const { height } = this.state;
    return {
      link,
      base: this.#base,
      height: height ?? this.#measured ?? EMBED_FIGURES[link.figure].height,
      fitting: height === undefined,
      title: this.#title,
    };
  }

  override render(): TemplateResult {
    const { link } = this.state;
    const build = this.#build(link);
    return html`
      <section aria-labelledby="choose">
        <h3 id="choose">1. Choose</h3>
        ${this.#choices()} ${this.#details()}
      </section>
      <section aria-labelledby="use">
        <h3 id="use">2. Set it up by using it</h3>
        ${this.#options()} ${this.#preview()}
      </section>
      <section aria-labelledby="take">
        <h3 id="take">3. Take it away</h3>
        ${this.#address()}
        <bn-embed-result .build=${build} .first=${this.#build(this.#first)}></bn-embed-result>
      </section>
    `;
  }

  #choices(): TemplateResult {
    const { search } = this;
    const figures = found(FIGURES, search);
    const others = search.trim() === '' ? [] : found([...this.claims, ...this.studies], search);
    const count = figures.length + others.length;
    return html`
      <label class="search">
        Search ${FIGURES.length} figures, the claims and the studies
        <input
          type="search"
          .value=${search}
          @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
        />
      </label>
      <p class="visually-hidden" role="status">${search.trim() === '' ? '' : `${count} found`}</p>
      <ul class="choices" aria-label="Figures">
        ${figures.map((choice) => this.#choice(choice, choice.figure === this.state.link.figure))}
        ${others.slice(0, MOST_FOUND).map((choice) => this.#choice(choice, isChosen(choice, this.state.link)))}
      </ul>
      ${others.length > MOST_FOUND ? html`<p class="note">And ${others.length - MOST_FOUND} more; another word finds fewer.</p>` : nothing}
      ${count === 0 ? html`<p class="note">Nothing has all of these words.</p>` : nothing}
    `;
  }

  #choice(choice: Choice, chosen: boolean): TemplateResult {
    return html`<li>
      <button type="button" aria-pressed=${chosen} @click=${() => this.#choose(choice)}>
        <b>${choice.title}</b>${choice.about ? html`<small>${choice.about}</small>` : nothing}
      </button>
    </li>`;
  }

  /** Which claim, which study: what a figure has to be told before it shows anything. */
  #details(): TemplateResult | typeof nothing {
    const { figure, attributes } = this.state.link;
    const pick = (label: string, choices: readonly Choice[]) => {
      const chosen = choices.findIndex((choice) => isChosen(choice, this.state.link));
      return html`<label class="detail"
        >${label}
        <select
          .value=${live(String(chosen))}
          @change=${(event: Event) => this.#choose(choices[Number((event.target as HTMLSelectElement).value)]!)}
        >
          ${chosen < 0 ? html`<option value="-1" disabled selected>As it is below</option>` : nothing}
          ${choices.map(({ title }, at) => html`<option value=${at} ?selected=${at === chosen}>${title}</option>`)}
        </select></label
      >`;
    };
    switch (figure) {
      case 'claim':
        return pick('Which claim', this.claims);
      case 'study':
        return pick('Which study', this.studies);
      case 'lab':
        return pick('It starts with', LAB_CHOICES);
      case 'quiz':
        return html`${pick('Of which chapter', QUIZ_CHOICES)}
          <label class="detail"
            >How many questions
            <input
              inputmode="numeric"
              placeholder="all"
              aria-invalid=${this.refused?.field === 'count' ? 'true' : nothing}
              aria-describedby=${this.refused?.field === 'count' ? 'count-problem' : nothing}
              .value=${live(attributes['count'] ?? '')}
              @change=${(event: Event) => this.#count((event.target as HTMLInputElement).value)}
          /></label>
          ${this.#refusal('count')}`;
      default:
        return nothing;
    }
  }

  #count(text: string): void {
    const { count: before = 'all', ...others } = this.state.link.attributes;
    const all = text.trim() === '';
    const count = all ? undefined : this.#number('count', text, before);
    if (!all && count === undefined) return;
    const attributes = count === undefined ? others : { ...others, count: String(count) };
    const link = { ...this.state.link, attributes };
    this.refused = undefined;
    this.#first = link;
    this.shown = link;
    this.#set({ link });
  }

  /** Undefined for what is none; that is said, and the field shows again what stays. */
  #number(field: NumberField, text: string, stays: string): number | undefined {
    const { label, min, max } = NUMBERS[field];
    const range = { kind: 'number', label, default: min, min, max, whole: true, step: 1 } as const;
    const { value, problem } = parseProperty(range, text);
    this.refused =
      problem === undefined ? undefined : { field, problem: `${label}: ${problem}. ${stays} stays.` };
    return value;
  }

  #refusal(field: NumberField): TemplateResult | typeof nothing {
    if (this.refused?.field !== field) return nothing;
    return html`<p class="problem" id="${field}-problem" role="alert">${this.refused.problem}</p>`;
  }

  #options(): TemplateResult {
    const { attributes } = this.state.link;
    const comma = attributes['decimal'] === 'comma';
    return html`<div class="options">
      ${(Object.keys(OPTIONS) as Option[]).map((name) => {
        const { label, names } = OPTIONS[name];
        const now = attributes[name] ?? EVERY_FIGURE[name][0];
        return segmented(label, name, Object.entries(names), now, (value) => this.#option(name, value));
      })}
      ${segmented(
        'Seen on',
        'screen',
        Object.entries(SCREENS).map(([name, screen]) => [name, screen.name] as const),
        this.screen,
        (value) => (this.screen = value as ScreenName),
      )}
      <button type="button" ?disabled=${sameLink(this.state.link, this.#first)} @click=${this.#reset}>
        As it starts
      </button>
      ${
        comma
          ? html`<p class="note">
              Typed numbers are read with either sign; in lists, semicolons or blanks stand between them.
              Links, files and code keep the point.
            </p>`
          : nothing
      }
    </div>`;
  }

  readonly #reset = (): void => {
    this.shown = this.#first;
    this.#set({ link: this.#first });
  };

  #preview(): TemplateResult {
    const { height } = this.state;
    const screen = SCREENS[this.screen];
    const room = 'height' in screen ? screen.height : height;
    const beyond = room !== undefined && this.high !== undefined && this.high > room + 8;
    return html`<bn-embed-preview
        .address=${siteLink(`embed.html${writeEmbedLink(withDefaults(this.shown))}`) ?? ''}
        .screen=${this.screen}
        .height=${height}
        .label=${`Preview: ${this.#title}`}
        @bn-preview-state=${(event: PreviewStateEvent) => this.#used(event)}
        @bn-preview-height=${({ height: high }: PreviewHeightEvent) => this.#told(high)}
      ></bn-embed-preview>
      <p class="note">
        Live: what you set in it is in the link.
        ${this.high === undefined ? nothing : `At this width it is ${this.high} pixels high.`}
        ${beyond ? `Of these, ${room} are seen without scrolling.` : nothing}
      </p>`;
  }

  #address(): TemplateResult {
    const { height } = this.state;
    const base = this.#base;
    const problem = this.baseProblem;
    return html`<div class="address">
      <label class="base"
        >Where the site is
        <input
          type="url"
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${problem === undefined ? nothing : 'true'}
          aria-describedby=${problem === undefined ? nothing : 'base-problem'}
          .value=${live(this.baseText ?? base)}
          @input=${(event: Event) => this.#typed((event.target as HTMLInputElement).value)}
          @change=${() => {
            if (this.baseProblem === undefined) this.baseText = undefined;
          }}
        />
      </label>
      ${segmented(
        'Height of the frame',
        'height',
        [
          ['fitting', 'As the figure'],
          ['fixed', 'Fixed'],
        ],
        height === undefined ? 'fitting' : 'fixed',
        (value) => (value === 'fixed' ? this.#fix() : this.#fit()),
      )}
      ${
        height === undefined
          ? nothing
          : html`<label class="pixels"
                >Pixels
                <input
                  inputmode="numeric"
                  aria-invalid=${this.refused?.field === 'height' ? 'true' : nothing}
                  aria-describedby=${this.refused?.field === 'height' ? 'height-problem' : nothing}
                  .value=${live(String(height))}
                  @change=${(event: Event) => {
                    const typed = this.#number(
                      'height',
                      (event.target as HTMLInputElement).value,
                      String(height),
                    );
                    if (typed !== undefined) this.#set({ height: typed });
                  }}
              /></label>
              ${this.#refusal('height')}`
      }
      ${problem === undefined ? nothing : html`<p class="problem" id="base-problem" role="alert">${problem} ${base} stays.</p>`}
      ${
        isPrivate(base)
          ? html`<p class="note">
              This is an address of your own computer, which nobody else can open. Write where your school
              serves the site; any host for static files will do. Or take the one file, which needs none.
            </p>`
          : nothing
      }
    </div>`;
  }

  #typed(text: string): void {
    this.baseText = text;
    const { value, problem } = readBase(text);
    this.baseProblem = problem;
    if (value === undefined) return;
    const { base: _, ...others } = this.state;
    this.state = others;
    this.#set(value === ownBase() ? {} : { base: value });
  }

  /** The frame is as high as the figure is now. */
  #fix(): void {
    const high = this.high ?? EMBED_FIGURES[this.state.link.figure].height;
    this.#set({ height: Math.min(HEIGHTS.max, Math.round(high)) });
  }

  #fit(): void {
    const { height: _, ...others } = this.state;
    this.state = others;
    this.refused = undefined;
    this.#set({});
  }

  static override styles = builderStyles;
}

const LAB_CHOICES: readonly Choice[] = labPresetNames.map((preset) => ({
  figure: 'lab',
  title: labPresets[preset].name,
  about: labPresets[preset].look,
  attributes: { preset },
}));

const QUIZ_CHOICES: readonly Choice[] = [
  { figure: 'quiz', title: 'All chapters', about: '', attributes: {} },
  ...Array.from({ length: LAST_CHAPTER }, (_, index): Choice => ({
    figure: 'quiz',
    title: `Chapter ${index + 1}`,
    about: '',
    attributes: { chapter: String(index + 1) },
  })),
];

function segmented(
  label: string,
  name: string,
  choices: readonly (readonly [string, string])[],
  now: string,
  choose: (value: string) => void,
): TemplateResult {
  return html`<fieldset class="segmented">
    <legend>${label}</legend>
    ${choices.map(
      ([value, text]) =>
        html`<label
          ><input
            type="radio"
            name=${name}
            value=${value}
            .checked=${live(value === now)}
            @change=${() => choose(value)}
          /><span>${text}</span></label
        >`,
    )}
  </fieldset>`;
}

/** Its own address: the folder the page lies in. */
function ownBase(): string {
  return new URL('./', siteLink('embed.html') ?? document.baseURI).href.replace(/[?#].*$/s, '');
}

function linkOf({ figure, attributes }: Choice, options: Readonly<Record<string, string>>): EmbedLink {
  return { figure, attributes: { ...attributes, ...options } };
}

function optionsOf({ attributes }: EmbedLink): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => Object.hasOwn(OPTIONS, name)));
}

/** The figure of a link as it starts. */
function plainLink(link: EmbedLink): EmbedLink {
  const { figure, attributes } = link;
  const keeps = ['id', 'name', 'preset', 'chapter', 'count', 'open'];
  const kept = Object.entries(attributes).filter(([name]) => keeps.includes(name));
  return { figure, attributes: { ...Object.fromEntries(kept), ...optionsOf(link) } };
}

/** What an option usually is, said: the frame may have shown another before. */
function withDefaults(link: EmbedLink): EmbedLink {
  const usual = Object.fromEntries(Object.entries(EVERY_FIGURE).map(([name, [first]]) => [name, first]));
  return { ...link, attributes: { ...usual, ...link.attributes } };
}

function isChosen(choice: Choice, link: Pick<EmbedLink, 'figure' | 'attributes'>): boolean {
  const key: Readonly<Partial<Record<EmbedFigureName, string>>> = {
    claim: 'id',
    study: 'name',
    lab: 'preset',
    quiz: 'chapter',
  };
  const name = key[choice.figure];
  return (
    choice.figure === link.figure &&
    (name === undefined || (choice.attributes[name] ?? '') === (link.attributes[name] ?? ''))
  );
}

const sameLink = (a: EmbedLink, b: EmbedLink): boolean =>
  writeEmbedLink(withDefaults(a)) === writeEmbedLink(withDefaults(b));

const sameBuild = (a: BuilderState, b: BuilderState): boolean => writeBuilder('', a) === writeBuilder('', b);

customElements.define('bn-embed-builder', EmbedBuilder);

declare global {
  interface HTMLElementTagNameMap {
    'bn-embed-builder': EmbedBuilder;
  }
}
