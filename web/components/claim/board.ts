import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type Badge, BADGES } from '../../claims/badge.ts';
import type { Claim } from '../../claims/claim.ts';
import { CLAIMS, findClaim } from '../../claims/claims.ts';
import { evidenceOf } from '../../claims/evidence.ts';
import { FILTER, type Filter, matches } from '../../claims/filter.ts';
import { CLAIM_KEY, claimHash, parseClaim } from '../../claims/link.ts';
import { scoreOf } from '../../claims/prediction.ts';
import { durationWords, type StudyProgress, timeLeft } from '../../claims/progress.ts';
import { type Report, reportCsv, reportJson } from '../../claims/report.ts';
import { download } from '../../export/download.ts';
import {
  type ChoiceProperty,
  decodeProperties,
  defaultsOf,
  encodeProperties,
} from '../../protocol/properties.ts';
import { controls } from '../../style/controls.ts';
import { UrlState } from '../url-state.ts';
import { sentenceOf } from '../sentence-of.ts';
import { badgeMark, badgeStyles } from './badge-mark.ts';
import './claim.ts';
import type { BnClaim } from './claim.ts';
import { type Ledger, sharedLedger } from './ledger.ts';
import { printedReport, printedStyles } from './printed.ts';
import { type ClaimRuns, sharedRuns } from './runs.ts';

const FILTER_KEY = 'show';
const FILTER_VERSION = 1;

/**
 * `<bn-claims>`: the board. The claims stand inside it by topic, put there when the site is built; it narrows them down, runs
 * many at once, counts what came out, and writes the report of that.
 */
export class BnClaims extends LitElement {
  static override properties = {
    filter: { state: true },
    progress: { state: true },
    failure: { state: true },
    said: { state: true },
    report: { state: true },
  };

  /** Others than those of the page. */
  runs: ClaimRuns = sharedRuns();
  ledger: Ledger = sharedLedger();

  declare private filter: Filter;
  /** Of the run under way. */
  declare private progress: readonly StudyProgress[] | undefined;
  declare private failure: string | undefined;
  declare private said: string;
  /** What is printed, while it is. */
  declare private report: Report | undefined;

  /** Known once something has run. */
  #engine: string | undefined;
  #abort: AbortController | undefined;
  readonly #filterState = new UrlState(FILTER_KEY, (text) => this.#readFilter(text));
  readonly #claimState = new UrlState(CLAIM_KEY, (text) => this.#openLinked(text));

  constructor() {
    super();
    this.filter = defaultsOf(FILTER);
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.runs.addEventListener('bn-runs', this.#changed);
    this.ledger.addEventListener('bn-ledger', this.#changed);
    window.addEventListener('beforeprint', this.#print);
    window.addEventListener('afterprint', this.#printed);
    window.addEventListener('hashchange', this.#arrived);
    this.#readFilter(this.#filterState.connect());
    this.#openLinked(this.#claimState.connect());
    this.#arrived();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
    this.runs.removeEventListener('bn-runs', this.#changed);
    this.ledger.removeEventListener('bn-ledger', this.#changed);
    window.removeEventListener('beforeprint', this.#print);
    window.removeEventListener('afterprint', this.#printed);
    window.removeEventListener('hashchange', this.#arrived);
    this.#filterState.disconnect();
    this.#claimState.disconnect();
  }

  readonly #changed = (): void => this.requestUpdate();

  // ---- links

  #readFilter(text: string | undefined): void {
    if (text === undefined) {
      this.filter = defaultsOf(FILTER);
      return;
    }
    const { value, problem } = decodeProperties(FILTER, FILTER_VERSION, text);
    if (value) this.filter = { ...defaultsOf(FILTER), ...value };
    else this.failure = `The link’s choice of claims cannot be read: ${problem}. All are shown.`;
  }

  /** A claim with settings of its own; what they may be is known once the engine is there. */
  #openLinked(text: string | undefined): void {
    if (text === undefined) return;
    void (async () => {
      try {
        const { id, setting } = parseClaim(text);
        const claim = findClaim(id);
        if (!claim) throw new RangeError(`There is no claim ${id}.`);
        await this.#open(id);
        await this.runs.load();
        this.runs.choose(claim, setting);
      } catch (error) {
        this.failure = `The link cannot be followed: ${sentenceOf(error)}`;
      }
    })();
  }

  /** `#C7` is a place of the page, and opens the claim there. */
  readonly #arrived = (): void => {
    const [, id] = /^#(C\d+)$/.exec(location.hash) ?? [];
    if (id && findClaim(id)) void this.#open(id);
  };

  async #open(id: string): Promise<void> {
    const element = this.#element(id);
    if (!element) return;
    if (element.hidden) this.#show(defaultsOf(FILTER));
    if (evidenceOf(findClaim(id)!).none === undefined) element.open = true;
    await Promise.all([this.updateComplete, element.updateComplete]);
    element.scrollIntoView();
  }

  #element(id: string): BnClaim | null {
    return this.querySelector<BnClaim>(`bn-claim[id="${id}"]`);
  }

  // ---- filter

  #show(filter: Filter): void {
    this.filter = filter;
    this.said = `${this.#shown.length} of ${CLAIMS.length} claims.`;
    const changed = Object.entries(filter).filter(
      ([name, value]) => value !== FILTER[name as keyof Filter].default,
    );
    this.#filterState.write(
      changed.length === 0
        ? undefined
        : encodeProperties(FILTER, FILTER_VERSION, Object.fromEntries(changed) as Partial<Filter>),
      false,
    );
  }

  get #shown(): readonly Claim[] {
    return CLAIMS.filter((claim) => matches(claim, this.runs.badgeOf(claim), this.filter));
  }

  protected override updated(): void {
    const shown = new Set(this.#shown.map(({ id }) => id as string));
    for (const element of this.querySelectorAll<BnClaim>('bn-claim')) element.hidden = !shown.has(element.id);
    for (const topic of this.querySelectorAll<HTMLElement>('section.topic'))
      topic.hidden = !topic.querySelector('bn-claim:not([hidden])');
  }

  // ---- runs

  async #run(claims: readonly Claim[]): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.failure = undefined;
    this.progress = [];
    this.said = `Running ${claims.length} claims.`;
    try {
      await this.runs.run(claims, {
        signal: abort.signal,
        onProgress: (progress) => {
          if (!abort.signal.aborted) this.progress = progress;
        },
      });
      this.said = `Done: ${this.#countsText(claims)}.`;
    } catch (error) {
      if (abort.signal.aborted) this.said = 'Cancelled. What has run is kept.';
      else this.failure = sentenceOf(error);
    }
    if (this.#abort === abort) this.progress = undefined;
  }

  #counts(claims: readonly Claim[]): readonly (readonly [Badge, number])[] {
    const badges = claims.map((claim) => this.runs.badgeOf(claim));
    return (Object.keys(BADGES) as Badge[])
      .map((badge) => [badge, badges.filter((one) => one === badge).length] as const)
      .filter(([, count]) => count > 0);
  }

  #countsText(claims: readonly Claim[]): string {
    return this.#counts(claims)
      .map(([badge, count]) => `${count} ${BADGES[badge]}`)
      .join(', ');
  }

  // ---- report

  async #findEngine(): Promise<string> {
    const [answer] = await this.runs.pool.call('version', [{}]);
    return (this.#engine = answer!.result.version);
  }

  #reportOf(claims: readonly Claim[], engine: string): Report {
    return {
      date: new Date(),
      engine,
      claims: claims.map((claim) => {
        const predicted = this.ledger.of(claim.id);
        const hash = claimHash(claim.id, this.runs.settingOf(claim));
        return {
          claim,
          badge: this.runs.badgeOf(claim),
          link: new URL(`./claims.html${encodeURI(hash)}`, document.baseURI).href,
          checks: this.runs.checksOf(claim),
          ...(predicted && { predicted }),
        };
      }),
    };
  }

  get #ran(): readonly Claim[] {
    return CLAIMS.filter((claim) => !['pending', 'none'].includes(this.runs.badgeOf(claim)));
  }

  async #save(format: 'json' | 'csv'): Promise<void> {
    try {
      const report = this.#reportOf(CLAIMS, this.#engine ?? (await this.#findEngine()));
      if (format === 'json') download('batchnorm-claims.json', reportJson(report), 'application/json');
      else download('batchnorm-claims.csv', reportCsv(report), 'text/csv');
      this.said = `batchnorm-claims.${format} downloaded.`;
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async #openPrint(): Promise<void> {
    try {
      this.#engine ??= await this.#findEngine();
      window.print();
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  /** The browser's own command prints the report as well, once something has run. */
  readonly #print = (): void => {
    if (this.#ran.length === 0) return;
    this.report = this.#reportOf(this.#ran, this.#engine ?? '');
    this.performUpdate();
  };

  readonly #printed = (): void => {
    this.report = undefined;
  };

  // ---- view

  override render(): TemplateResult {
    const shown = this.#shown;
    return html`
      <div class="controls">
        ${this.#filters(shown)} ${this.#runRow(shown)} ${this.#tally()}
        ${this.failure === undefined ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
        <p class="visually-hidden" role="status">${this.said}</p>
      </div>
      ${this.report ? printedReport(this.report, this.ledger.all) : nothing}
      <div class=${this.report ? 'board reported' : 'board'}><slot></slot></div>
    `;
  }

  #filters(shown: readonly Claim[]): TemplateResult {
    const { search, ...choices } = FILTER;
    const unchanged = shown.length === CLAIMS.length;
    return html`<div class="filters" role="search" aria-label="Claims">
      <label class="search"
        >${search.label}
        <input
          type="search"
          maxlength=${search.maxLength}
          .value=${this.filter.search}
          @input=${(event: Event) => this.#search((event.target as HTMLInputElement).value)}
        />
      </label>
      ${Object.entries(choices).map(([name, property]) => this.#choice(name as keyof Filter, property))}
      <div class="found">
        <span
          >${unchanged ? `All ${CLAIMS.length} claims` : `${shown.length} of ${CLAIMS.length} claims`}</span
        >
        <button type="button" ?disabled=${unchanged} @click=${() => this.#show(defaultsOf(FILTER))}>
          Show all
        </button>
      </div>
    </div>`;
  }

  #search(text: string): void {
    // A semicolon would end the entry in the address.
    this.#show({ ...this.filter, search: text.replaceAll(';', ' ').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '') });
  }

  #choice(name: keyof Filter, { label, choices, names }: ChoiceProperty): TemplateResult {
    return html`<label
      >${label}
      <select
        .value=${this.filter[name]}
        @change=${(event: Event) =>
          this.#show({ ...this.filter, [name]: (event.target as HTMLSelectElement).value })}
      >
        ${choices.map(
          (choice) =>
            html`<option value=${choice} ?selected=${choice === this.filter[name]}>
              ${names?.[choice] ?? choice}
            </option>`,
        )}
      </select>
    </label>`;
  }

  #runRow(shown: readonly Claim[]): TemplateResult {
    if (this.progress) {
      const total = this.progress.reduce((sum, one) => sum + one.total, 0);
      const done = this.progress.reduce((sum, one) => sum + one.done, 0);
      const left = timeLeft(this.progress, this.runs.pool.workers);
      return html`<div class="row">
        <button type="button" @click=${() => this.#abort?.abort()}>Cancel</button>
        <progress max=${total || 1} value=${done} aria-label="All runs"></progress>
        <span
          >${total === 0 ? 'Loading the engine' : `${done} of ${total} runs`}${
            left === undefined ? nothing : `, ${durationWords(left)} left`
          }</span
        >
      </div>`;
    }
    const waiting = shown.filter((claim) => this.runs.badgeOf(claim) === 'pending');
    const begun = waiting.some((claim) =>
      this.runs.plansOf(claim).some((plan) => this.runs.progressOf(plan).done > 0),
    );
    const all = shown.length === CLAIMS.length;
    const label = begun ? 'Go on' : all ? 'Run all' : 'Run those shown';
    return html`<div class="row">
      <button
        type="button"
        class=${waiting.length > 0 ? 'primary' : nothing}
        ?disabled=${waiting.length === 0}
        @click=${() => void this.#run(waiting)}
      >
        ${label}
      </button>
      <span class="note"
        >${
          waiting.length === 0
            ? 'All that is shown has run.'
            : `${waiting.length} have not run yet. All together take some minutes on every core; the page stays usable, and cancelling loses nothing.`
        }</span
      >
    </div>`;
  }

  #tally(): TemplateResult {
    const ran = this.#ran.length > 0;
    const { made, settled, right } = scoreOf(this.ledger.all);
    return html`<div class="row tally">
        ${this.#counts(CLAIMS).map(([badge, count]) => html`<span>${badgeMark(badge)} ${count}</span>`)}
      </div>
      <div class="row">
        <button type="button" ?disabled=${!ran} @click=${() => void this.#openPrint()}>
          Print the report
        </button>
        <button type="button" ?disabled=${!ran} @click=${() => void this.#save('json')}>JSON</button>
        <button type="button" ?disabled=${!ran} @click=${() => void this.#save('csv')}>CSV</button>
        <span class="note"
          >${
            made === 0
              ? 'Your predictions are counted here, and told to nobody.'
              : `You predicted ${made}, of which ${settled} ${settled === 1 ? 'has' : 'have'} come out and ${right} as you said. Kept in this browser only.`
          }</span
        >
        ${
          made === 0
            ? nothing
            : html`<button type="button" class="quiet" @click=${() => this.ledger.forget()}>
                Forget my predictions
              </button>`
        }
      </div>`;
  }

  static override styles = [
    controls,
    badgeStyles,
    printedStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .controls {
        padding: var(--space-4);
        border: 1px solid var(--hairline);
        border-radius: var(--radius);
        background: var(--surface-raised);
        font: var(--size-m) / 1.45 var(--font-sans);
      }

      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(8rem, 100%), 1fr));
        align-items: end;
        gap: var(--space-3) var(--space-4);
      }

      label {
        display: grid;
        gap: var(--space-1);
        font-size: var(--size-s);
      }

      :is(input, select) {
        width: 100%;
        font-size: var(--size-m);
      }

      .found,
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        font-variant-numeric: tabular-nums;
      }

      .row {
        min-height: 2.5rem;
        margin-block-start: var(--space-3);
      }

      .row .note {
        flex: 1 1 16rem;
      }

      progress {
        flex: 0 1 14rem;
        accent-color: var(--accent);
      }

      .problem {
        margin-block: var(--space-3) 0;
      }

      @media print {
        .controls,
        .reported {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('bn-claims', BnClaims);

declare global {
  interface HTMLElementTagNameMap {
    'bn-claims': BnClaims;
  }
}
