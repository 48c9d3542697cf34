import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { writeHash } from '../../protocol/hash.ts';
import {
  type QuizAnswer,
  type QuizAsked,
  type QuizElement,
  type QuizResult,
  QuizResultEvent,
} from '../../protocol/quiz.ts';
import { answered, type Attempt, missed, NOTHING_ANSWERED, restored, resultOf } from '../../quiz/attempt.ts';
import { checkQuestions, type Stage, STAGES } from '../../quiz/checks.ts';
import { isRightChoice, isRightNumber } from '../../quiz/grade.ts';
import { isNumber, type Item, makeQuiz, type Quiz, textOf } from '../../quiz/quiz.ts';
import {
  ALL_QUESTIONS,
  decodeQuiz,
  encodeQuiz,
  MOST_SEED,
  parseSetting,
  QUIZ_KEY,
  QUIZ_SETTINGS,
  type QuizSetting,
  type QuizSettings,
  settingText,
} from '../../quiz/settings.ts';
import { controls } from '../../style/controls.ts';
import '../copy-text.ts';
import { embedding } from '../embedded.ts';
import { Figure } from '../figure.ts';
import { parseNumber } from '../format-number.ts';
import { siteLink } from '../site-link.ts';
import { UrlState } from '../url-state.ts';
import { askedOf } from './asked.ts';
import { type QuizKeeper, sharedKeeper } from './keeper.ts';
import { paper, paperStyles } from './paper.ts';
import { choiceView, type Draft, EMPTY_DRAFT, numberView, seeView, verdictOf } from './question-view.ts';
import './report.ts';
import { QuizScores } from './scores.ts';
import { Solutions } from './solutions.ts';
import { quizStyles } from './styles.ts';
import { compare, comparedText, listView, rightText, scoreText } from './summary-view.ts';
import { words } from './words.ts';

/** How the list of questions is called; a chapter has two. */
const NAMES = { quiz: 'Questions', before: 'Questions before you read', after: 'Questions after reading' };

/**
 * `<bn-quiz chapter="3" count="5" seed="7">`: questions one at a time, each answered, judged and explained, option by option; those
 * missed can be tried again. `questions="xhat,bias"` asks these, `shuffle="off"` leaves everything in order.
 *
 * `stage="before"` asks a chapter's self-check without telling what was right; `stage="after"` asks the same again and more, and
 * compares. With `keep`, answers are kept in this browser; with `hash`, which quiz it is stands in the address.
 */
export class BnQuiz extends Figure implements QuizElement {
  static override properties = {
    chapter: { type: String, reflect: true },
    questions: { type: String, reflect: true },
    count: { type: String, reflect: true },
    seed: { type: String, reflect: true },
    shuffle: { type: String, reflect: true },
    stage: { type: String },
    keep: { type: Boolean },
    hash: { type: Boolean },
    quiz: { state: true },
    attempt: { state: true },
    round: { state: true },
    at: { state: true },
    drafts: { state: true },
    problems: { state: true },
    said: { state: true },
    printing: { state: true },
  };

  declare chapter: string | null;
  declare questions: string | null;
  declare count: string | null;
  declare seed: string | null;
  declare shuffle: string | null;
  /** When a chapter's self-check is made. */
  declare stage: string | null;
  /** Answers stay in this browser. */
  declare keep: boolean;
  /** Which quiz it is stands in the page's address. */
  declare hash: boolean;

  /** Others than those of the page. */
  keeper: QuizKeeper = sharedKeeper();
  solutions = new Solutions(undefined, () => this.#solved());

  declare private quiz: Quiz;
  declare private attempt: Attempt;
  /** Names of the questions being asked anew: their last answer is out of sight. */
  declare private round: ReadonlySet<string>;
  /** Which question is shown; past the last one, how it went. */
  declare private at: number;
  declare private drafts: ReadonlyMap<string, Draft>;
  /** What is wrong with the attributes or the link. */
  declare private problems: readonly string[];
  declare private said: string;
  declare private printing: boolean;

  readonly #scores = new QuizScores(this);
  #started = false;
  /** What is wrong with the link. */
  #unread: string | undefined;
  /** What the focus goes to after the next update. */
  #focus: string | undefined;
  readonly #url = new UrlState(QUIZ_KEY, (text) => this.#arrived(text));

  constructor() {
    super();
    this.chapter = this.questions = this.count = this.seed = this.shuffle = this.stage = null;
    this.keep = this.hash = false;
    this.problems = [];
    this.said = '';
    this.printing = false;
    this.#begin(makeQuiz(ALL_QUESTIONS), NOTHING_ANSWERED);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.keeper.addEventListener('bn-kept', this.#kept);
    window.addEventListener('beforeprint', this.#print);
    window.addEventListener('afterprint', this.#printed);
    const linked = this.hash ? this.#url.connect() : undefined;
    // At once, so that what was stored can be restored.
    if (linked === undefined) this.#read();
    else this.#arrived(linked);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.keeper.removeEventListener('bn-kept', this.#kept);
    window.removeEventListener('beforeprint', this.#print);
    window.removeEventListener('afterprint', this.#printed);
    if (this.hash) this.#url.disconnect();
  }

  readonly #kept = (): void => this.requestUpdate();

  // ---- what is asked

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.#started && [...QUIZ_SETTINGS, 'stage'].some((name) => changed.has(name as keyof BnQuiz)))
      this.#read();
  }

  /** Takes over what the attributes say; what cannot be read is left out, with a sentence. */
  #read(): void {
    const problems: string[] = this.#unread === undefined ? [] : [this.#unread];
    const given: Partial<Record<QuizSetting, QuizSettings[QuizSetting]>> = {};
    for (const name of QUIZ_SETTINGS) {
      const text = this[name];
      if (text === null) continue;
      const { value, problem } = parseSetting(name, text);
      if (problem === undefined) given[name] = value;
      else problems.push(`${name}: ${problem}.`);
    }
    if (this.stage !== null && !isStage(this.stage))
      problems.push(`stage: expected ${STAGES.join(' or ')}, got “${this.stage.slice(0, 24)}”.`);
    const settings = { ...ALL_QUESTIONS, ...given } as QuizSettings;
    this.problems = problems;
    const asked = this.#check ? checkQuestions(settings.chapter, this.#check) : [];
    const filled =
      settings.questions === '' && asked.length > 0 ? { ...settings, questions: asked.join() } : settings;
    if (this.#started && encodeQuiz(filled) === this.quiz.text) return;
    this.#started = true;
    this.#take(makeQuiz(filled));
  }

  /** Which self-check it is, if it is one. */
  get #check(): Stage | undefined {
    return isStage(this.stage) ? this.stage : undefined;
  }

  #begin(quiz: Quiz, attempt: Attempt): void {
    this.quiz = quiz;
    this.attempt = attempt;
    this.round = new Set();
    this.drafts = new Map();
    this.at = this.#firstOpen;
  }

  /** A quiz from its start; or as it was left, where that is kept. */
  #take(quiz: Quiz): void {
    const kept = this.keep ? restored(quiz, this.keeper.of(this.#name(quiz))) : undefined;
    this.#begin(quiz, kept?.quiz.text === quiz.text ? kept.attempt : NOTHING_ANSWERED);
    void this.solutions.solve(quiz.items);
  }

  #solved(): void {
    // What cannot be judged is passed over.
    if (!this.#items[this.at] && !this.result.finished) this.at = this.#firstOpen;
    this.requestUpdate();
  }

  #arrived(text: string | undefined): void {
    const { value, problem } = text === undefined ? { value: ALL_QUESTIONS } : decodeQuiz(text);
    this.#unread = value ? undefined : `The link’s quiz cannot be read: ${problem}. It is not followed.`;
    if (value) {
      for (const name of QUIZ_SETTINGS)
        this[name] = value[name] === ALL_QUESTIONS[name] ? null : settingText(name, value[name]);
    }
    this.#read();
  }

  // ---- answers

  get result(): QuizResult {
    return resultOf(this.quiz, this.attempt, this.#items);
  }

  get asked(): readonly QuizAsked[] {
    if (!this.solutions.ready(this.quiz.items)) return [];
    return this.#items.map((item) => askedOf(item, this.solutions.of(item)));
  }

  restore(result: unknown): boolean {
    const found = restored(this.quiz, result);
    if (!found) return false;
    const other = found.quiz.text !== this.quiz.text;
    this.#begin(found.quiz, found.attempt);
    if (other) {
      this.seed = String(found.quiz.settings.seed);
      void this.solutions.solve(found.quiz.items);
    }
    return true;
  }

  /** Those that can be answered. */
  get #items(): readonly Item[] {
    return this.solutions.answerable(this.quiz.items);
  }

  #name({ settings: { chapter }, text }: Quiz): string {
    return this.#check ? `${this.#check};chapter=${chapter}` : text;
  }

  #isOpen({ question: { id } }: Item): boolean {
    return this.round.has(id) || !this.attempt.has(id);
  }

  /** Where the next question is that has no answer yet; past the last one where all have. */
  get #firstOpen(): number {
    const found = this.#items.findIndex((item) => this.#isOpen(item));
    return found < 0 ? this.#items.length : found;
  }

  #draftOf({ question: { id } }: Item): Draft {
    return this.drafts.get(id) ?? EMPTY_DRAFT;
  }

  #write({ question: { id } }: Item, draft: Draft): void {
    this.drafts = new Map(this.drafts).set(id, draft);
  }

  #answer(item: Item): void {
    const draft = this.#draftOf(item);
    const answer = isNumber(item) ? this.#numberIn(item, draft) : { chosen: sorted(draft.chosen) };
    if (!answer || ('chosen' in answer && answer.chosen.length === 0)) return;
    const solution = this.solutions.of(item);
    const { id } = item.question;
    const correct =
      'chosen' in answer
        ? !isNumber(item) && isRightChoice(item.question, answer.chosen)
        : isNumber(item) &&
          solution !== undefined &&
          isRightNumber(answer.number, solution.value, item.drawn.tolerance);
    this.attempt = answered(this.attempt, id, answer, correct);
    this.round = new Set([...this.round].filter((one) => one !== id));
    this.#write(item, EMPTY_DRAFT);
    const { result } = this;
    if (this.keep || this.#check === 'before') this.keeper.keep(this.#name(this.quiz), result);
    if (this.#check === 'before') this.#go(this.#next);
    else this.#focus = '.verdict';
    this.dispatchEvent(new QuizResultEvent(result));
  }

  #numberIn(item: Item, draft: Draft): QuizAnswer | undefined {
    const number = parseNumber(draft.text);
    if (number !== undefined) return { number };
    this.#write(item, { ...draft, problem: 'A number was expected, such as −1.34 or −1,34.' });
    this.#focus = '#number';
    return undefined;
  }

  // ---- going about

  /** Behind this one the next that is open; else the first one that is; else the end. */
  get #next(): number {
    const items = this.#items;
    const later = items.findIndex((item, at) => at > this.at && this.#isOpen(item));
    return later < 0 ? this.#firstOpen : later;
  }

  #go(at: number): void {
    this.at = at;
    this.#focus = at < this.#items.length ? '.question' : '.end';
  }

  #retry(): void {
    this.round = new Set(missed(this.quiz, this.attempt).map(({ question }) => question.id));
    this.said = `${this.round.size} to try again.`;
    this.#go(this.#firstOpen);
  }

  #again(): void {
    const { seed } = this.quiz.settings;
    const next = (seed % MOST_SEED) + 1;
    this.seed = String(next);
    this.#unread = undefined;
    this.#read();
    this.#focus = '.question';
    if (this.hash) this.#url.write(this.quiz.text, true);
    this.dispatchEvent(new QuizResultEvent(this.result));
  }

  override get place(): string {
    return writeHash('', QUIZ_KEY, this.quiz.text);
  }

  #copy(): void {
    const link = siteLink(`quiz.html${this.place}`);
    if (link !== undefined) void this.renderRoot.querySelector('bn-copy-text')?.copy('Link', link);
  }

  readonly #print = (): void => {
    this.printing = true;
    this.performUpdate();
  };

  readonly #printed = (): void => {
    this.printing = false;
  };

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const wanted = this.#focus;
    this.#focus = undefined;
    if (wanted !== undefined) this.renderRoot.querySelector<HTMLElement>(wanted)?.focus();
  }

  // ---- view

  override render(): TemplateResult {
    const items = this.#items;
    const item = items[this.at];
    // A figure in another page has a sheet of its own already.
    const sheet = embedding()?.isolate ? 'quiz bare' : 'quiz';
    return html`<div class=${sheet}>
        ${this.problems.map((problem) => html`<p class="problem" role="alert">${problem}</p>`)}
        ${this.#engineProblem()} ${items.length > 0 ? this.#head(items) : nothing}
        ${item ? this.#question(item) : this.#summary(items)} ${this.#sent()}
        <p class="visually-hidden" role="status">${this.said}</p>
      </div>
      ${this.printing ? paper(items, this.result, this.solutions, this.#check !== 'before') : nothing}`;
  }

  #engineProblem(): TemplateResult | typeof nothing {
    const { problem } = this.solutions;
    const left = this.quiz.items.length - this.#items.length;
    if (problem === undefined || left === 0) return nothing;
    const which = left === 1 ? 'One question asks' : `${left} questions ask`;
    return html`<div class="problem">
      ${which} for a number that the engine has to compute, and ${left === 1 ? 'is' : 'are'} left out.
      ${problem}
      <button type="button" @click=${() => void this.solutions.solve(this.quiz.items)}>Try again</button>
    </div>`;
  }

  /** Who gets the answers: said before the first one is given. */
  #sent(): TemplateResult | typeof nothing {
    const { note } = this.#scores;
    return note ? html`<p class=${note.problem ? 'problem' : 'note sent'}>${note.text}</p>` : nothing;
  }

  #head(items: readonly Item[]): TemplateResult {
    const { result } = this;
    const told = this.#check !== 'before';
    return html`<div class="head">
      <p>
        ${this.at < items.length ? `Question ${this.at + 1} of ${items.length}` : `${items.length} questions`}
      </p>
      <nav aria-label=${NAMES[this.#check ?? 'quiz']}>
        <ol class="steps">
          ${items.map((item, at) => {
            const one = result.questions[at]!;
            const open = this.#isOpen(item);
            const kind = open ? 'open' : one.correct ? 'right' : 'wrong';
            const name = { open: 'not answered', right: 'right', wrong: 'not right' }[kind];
            const state = told || open ? name : 'answered';
            return html`<li>
              <button
                type="button"
                class=${told ? kind : 'open'}
                aria-current=${at === this.at ? 'step' : nothing}
                aria-label=${`Question ${at + 1}: ${state}`}
                @click=${() => this.#go(at)}
              >
                ${told && !open ? (one.correct ? '✓' : '✗') : open ? at + 1 : '•'}
              </button>
            </li>`;
          })}
        </ol>
      </nav>
    </div>`;
  }

  #question(item: Item): TemplateResult {
    const { id } = item.question;
    const told = this.#check !== 'before';
    const found = this.#isOpen(item) ? undefined : this.attempt.get(id);
    const shown = { draft: this.#draftOf(item), answer: told ? found?.answer : undefined };
    const solution = this.solutions.of(item);
    const body = isNumber(item)
      ? numberView(item, { ...shown, solution }, (text) => this.#write(item, { chosen: [], text }))
      : choiceView(item, shown, (chosen) => this.#write(item, { chosen, text: '' }));
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        if (!found || !told) this.#answer(item);
      }}
    >
      <p class="question" id="question" tabindex="-1">${words(textOf(item))}</p>
      ${body} ${found && told ? this.#after(item, found.answer, found.correct) : this.#submit(item)}
    </form>`;
  }

  #submit(item: Item): TemplateResult {
    const draft = this.#draftOf(item);
    const empty = isNumber(item) ? draft.text.trim() === '' : draft.chosen.length === 0;
    const waits = isNumber(item) && !this.solutions.of(item);
    const label = this.#check === 'before' ? 'Next' : 'Check';
    return html`<div class="row">
      <button type="submit" class=${empty || waits ? nothing : 'primary'} ?disabled=${empty || waits}>
        ${label}
      </button>
      ${waits ? html`<span class="note">Loading the engine, which judges the number …</span>` : nothing}
    </div>`;
  }

  #after(item: Item, answer: QuizAnswer, correct: boolean): TemplateResult {
    const { question } = item;
    const see = isNumber(item) ? item.drawn.see : item.question.see;
    const note = question.kind === 'number' ? undefined : question.note;
    const next = this.#next;
    return html`<div class="after">
        <p class="verdict" tabindex="-1">
          <span class=${`sign ${correct ? 'right' : 'wrong'}`} aria-hidden="true"
            >${correct ? '✓' : '✗'}</span
          >
          ${verdictOf(item, answer, correct)}
        </p>
        ${note === undefined ? nothing : html`<p>${words(note)}</p>`} ${seeView(item, see)}
      </div>
      <div class="row">
        <button type="button" class="primary" @click=${() => this.#go(next)}>
          ${next < this.#items.length ? 'Next question' : 'How it went'}
        </button>
      </div>`;
  }

  #summary(items: readonly Item[]): TemplateResult {
    if (items.length === 0) return html`<p class="note">There is no question to be asked here.</p>`;
    const { result } = this;
    const again = missed(this.quiz, this.attempt).length;
    const before = this.#check === 'before';
    return html`<div class="summary">
      <p class="end" tabindex="-1">${before ? 'Before reading' : 'How it went'}</p>
      <p><b>${before ? rightText(result) : scoreText(result)}</b></p>
      ${before ? html`<p>The chapter tells which. At its end the same questions come again.</p>` : nothing}
      ${this.#compared(result)} ${before ? nothing : listView(items, result, (at) => this.#go(at))}
      ${
        before
          ? nothing
          : html`<div class="row">
                ${
                  again === 0
                    ? nothing
                    : html`<button type="button" class="primary" @click=${() => this.#retry()}>
                        Retry the ${again === 1 ? 'one' : again} missed
                      </button>`
                }
                ${this.#extras()}
              </div>
              <bn-copy-text></bn-copy-text>
              ${this.#check ? nothing : this.#report(result)}`
      }
    </div>`;
  }

  #report(result: QuizResult): TemplateResult {
    return html`<bn-quiz-report .result=${result} .asked=${this.asked}></bn-quiz-report>`;
  }

  #compared(result: QuizResult): TemplateResult | typeof nothing {
    if (this.#check !== 'after') return nothing;
    const before = this.keeper.of(`before;chapter=${this.quiz.settings.chapter}`);
    const compared = before && compare(before, result);
    return compared ? html`<p>${comparedText(compared)}</p>` : nothing;
  }

  #extras(): TemplateResult {
    // Where scores are sent, first answers count: other numbers would be a way around them.
    return html`${
      this.hasAttribute('scores')
        ? nothing
        : html`<button type="button" data-changes="more" @click=${() => this.#again()}>
            Another order, other numbers
          </button>`
    }
    ${
      this.#check
        ? nothing
        : html`<button type="button" class="quiet" data-changes="more" @click=${() => this.#copy()}>
            Copy link
          </button>`
    }`;
  }

  static override styles = [controls, quizStyles, paperStyles];
}

function isStage(text: string | null): text is Stage {
  return text !== null && (STAGES as readonly string[]).includes(text);
}

function sorted(positions: readonly number[]): readonly number[] {
  return positions.toSorted((a, b) => a - b);
}

customElements.define('bn-quiz', BnQuiz);

declare global {
  interface HTMLElementTagNameMap {
    'bn-quiz': BnQuiz;
  }
}
