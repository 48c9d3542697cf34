import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { withDecimal } from '../../protocol/decimal.ts';
import { type Badge, BADGES, MEANINGS } from '../../claims/badge.ts';
import type { Claim } from '../../claims/claim.ts';
import { CLAIMS, findClaim } from '../../claims/claims.ts';
import { evidenceOf, studiesOf } from '../../claims/evidence.ts';
import { CLAIM_KEY, claimHash, isUnchanged, parseClaim } from '../../claims/link.ts';
import type { ClaimSetting } from '../../protocol/claim-setting.ts';
import { cameTrue, PREDICTIONS, type Prediction } from '../../claims/prediction.ts';
import { durationWords, type StudyProgress, timeLeft } from '../../claims/progress.ts';
import { controls } from '../../style/controls.ts';
import { block, folded, row } from '../../style/parts.ts';
import { embedEntry } from '../builder/entry.ts';
import '../copy-text.ts';
import { Figure } from '../figure.ts';
import { sentenceOf } from '../sentence-of.ts';
import { ClosedTables } from '../lab/closed-tables.ts';
import { siteLink } from '../site-link.ts';
import { UrlState } from '../url-state.ts';
import { badgeMark, badgeStyles } from './badge-mark.ts';
import { claimHeading, claimWords } from './claim-words.ts';
import './knobs.ts';
import type { ClaimSettingEvent } from './knobs.ts';
import { type Ledger, sharedLedger } from './ledger.ts';
import { checkFigure, checkTable } from './outcome.ts';
import '../study/results.ts';
import { type ClaimRuns, type RunsEvent, sharedRuns, type StudyPlan } from './runs.ts';

/**
 * `<bn-claim id="C7">`: something people say, with what the literature makes of it; and, when the reader has predicted it,
 * what comes out here. The words stand inside it, put there when the site is built (scripts/vite/claims.ts); where nothing stands
 * inside, it writes them itself. With `hash`, its settings are in the address, under “claim” unless it says another key. Nothing is
 * computed and nothing is built before the claim has been opened, so that a page can have many.
 */
export class BnClaim extends Figure {
  static override properties = {
    open: { type: Boolean },
    progress: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  /** Whether its inside is shown. */
  declare open: boolean;
  /** Others than those of the page. */
  runs: ClaimRuns = sharedRuns();
  ledger: Ledger = sharedLedger();

  /** Of the run under way. */
  declare private progress: readonly StudyProgress[] | undefined;
  declare private failure: string | undefined;
  declare private said: string;

  #claim: Claim | undefined;
  #url: UrlState | undefined;
  #abort: AbortController | undefined;
  readonly #tables = new ClosedTables(this);

  constructor() {
    super();
    this.open = false;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#find();
    const key = this.getAttribute('hash');
    if (key !== null) {
      this.#url = new UrlState(key || CLAIM_KEY, (text) => this.#arrived(text));
      this.#arrived(this.#url.connect());
    }
    this.runs.addEventListener('bn-runs', this.#changed);
    this.ledger.addEventListener('bn-ledger', this.#counted);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
    this.#url?.disconnect();
    this.#url = undefined;
    this.runs.removeEventListener('bn-runs', this.#changed);
    this.ledger.removeEventListener('bn-ledger', this.#counted);
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'id'];
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === 'id' && this.hasUpdated && old !== value) {
      this.#abort?.abort();
      this.#find();
      this.requestUpdate();
    }
  }

  /** A claim there is not is said to be none, and the first one shown, if there is nothing else to read. */
  #find(): void {
    this.#claim = findClaim(this.id);
    if (this.#claim) this.refuse('id', undefined);
    else {
      this.refuse('id', `id: expected a claim from C1 to C${CLAIMS.length}, got “${this.id.slice(0, 20)}”.`);
      if (this.#isEmpty) [this.#claim] = CLAIMS;
    }
  }

  get #isEmpty(): boolean {
    return this.childElementCount === 0;
  }

  /** Settings out of a link. */
  #arrived(text: string | undefined): void {
    const claim = this.#claim;
    if (text === undefined || !claim) return;
    void (async () => {
      try {
        const { id, setting } = parseClaim(text);
        if (id !== claim.id) throw new RangeError(`These are settings of ${id}, not of ${claim.id}.`);
        this.open = true;
        await this.runs.load();
        this.runs.choose(claim, setting);
      } catch (error) {
        this.failure = `The link cannot be followed: ${sentenceOf(error)}`;
        this.open = true;
      }
    })();
  }

  /** What a link to the board of claims has behind its page. */
  override get place(): string {
    return this.#claim ? claimHash(this.#claim.id, this.runs.settingOf(this.#claim)) : '';
  }

  readonly #changed = (event: Event): void => {
    const { studies } = event as RunsEvent;
    if (!this.#claim || (studies && !studiesOf(this.#claim).some((id) => studies.includes(id)))) return;
    this.ledger.settle(this.#claim.id, this.runs.badgeOf(this.#claim));
    this.requestUpdate();
  };

  readonly #counted = (): void => this.requestUpdate();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('open') && this.open) void this.#load();
  }

  /** What can be run is known to the engine alone. */
  async #load(): Promise<void> {
    this.failure = undefined;
    try {
      await this.runs.load();
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async #run(claim: Claim): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.failure = undefined;
    this.progress = [];
    this.said = `Running ${claim.id}.`;
    try {
      await this.runs.run([claim], {
        signal: abort.signal,
        ready: this.awake,
        onProgress: (progress) => {
          if (!abort.signal.aborted) this.progress = progress;
        },
      });
      this.said = `${claim.id}: ${BADGES[this.runs.badgeOf(claim)]}.`;
    } catch (error) {
      if (abort.signal.aborted) this.said = 'Cancelled.';
      else this.failure = sentenceOf(error);
    }
    if (this.#abort === abort) this.progress = undefined;
  }

  #choose(claim: Claim, setting: ClaimSetting): void {
    try {
      this.#abort?.abort();
      this.runs.choose(claim, setting);
      this.failure = undefined;
      const text = isUnchanged(setting)
        ? undefined
        : claimHash(claim.id, setting).slice(`#${CLAIM_KEY}=`.length);
      this.#url?.write(text, false);
      this.dispatchEvent(
        new CustomEvent('bn-change', { detail: { setting }, bubbles: true, composed: true }),
      );
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  override render(): TemplateResult {
    const claim = this.#claim;
    if (!claim) return html`<slot name="statement"></slot><slot></slot>`;
    const badge = this.runs.badgeOf(claim);
    return html`
      <div class="head">
        ${this.#isEmpty ? claimHeading(claim) : html`<slot name="statement"></slot>`}${badgeMark(badge)}
      </div>
      ${this.#isEmpty ? claimWords(claim) : html`<slot></slot>`}
      ${evidenceOf(claim).none === undefined ? this.#foldout(claim, badge) : nothing}
    `;
  }

  #foldout(claim: Claim, badge: Badge): TemplateResult {
    const ran = badge !== 'pending';
    const label = this.open ? 'Close' : ran ? 'What came out' : 'Predict and run';
    return html`<div class="row">
        <button
          type="button"
          aria-expanded=${this.open ? 'true' : 'false'}
          aria-label=${`${label}: ${claim.id}`}
          @click=${() => (this.open = !this.open)}
        >
          <span aria-hidden="true">${this.open ? '▾' : '▸'}</span>${label}
        </button>
        ${this.open || !ran ? nothing : html`<span class="note">${MEANINGS[badge]}</span>`}
      </div>
      ${this.open ? this.#inside(claim, badge) : nothing}`;
  }

  #inside(claim: Claim, badge: Badge): TemplateResult {
    const loaded = this.runs.studies !== undefined;
    return html`<div class="inside">
      ${this.#prediction(claim, badge)}
      ${this.failure === undefined ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
      ${loaded ? this.#buttons(claim, badge) : nothing}
      ${loaded || this.failure !== undefined ? nothing : html`<p class="note">Loading the engine …</p>`}
      ${badge === 'pending' ? nothing : this.#outcome(claim, badge)}
      ${loaded ? this.#settings(claim) : nothing} ${this.#link(claim)}
      <p class="visually-hidden" role="status">${this.said}</p>
    </div>`;
  }

  #prediction(claim: Claim, badge: Badge): TemplateResult {
    const predicted = this.ledger.of(claim.id);
    const settled = predicted?.came !== undefined;
    if (settled)
      return html`<p>
        You predicted: ${PREDICTIONS[predicted.prediction]}
        <b
          >${cameTrue(predicted) ? 'So it came out.' : `It came out otherwise: ${BADGES[predicted.came!]}.`}</b
        >
      </p>`;
    if (badge !== 'pending' && !predicted)
      return html`<p class="note">This ran before you had predicted anything.</p>`;
    return html`<fieldset class="predict">
      <legend><b>Predict, then run.</b> What will come out here, in small networks?</legend>
      ${(Object.keys(PREDICTIONS) as Prediction[]).map(
        (prediction) =>
          html`<label>
            <input
              type="radio"
              name="prediction"
              .checked=${live(predicted?.prediction === prediction)}
              @change=${() => this.ledger.predict(claim.id, prediction)}
            />
            <span>${PREDICTIONS[prediction]}</span>
          </label>`,
      )}
    </fieldset>`;
  }

  #buttons(claim: Claim, badge: Badge): TemplateResult {
    if (this.progress) {
      const total = this.progress.reduce((sum, one) => sum + one.total, 0);
      const done = this.progress.reduce((sum, one) => sum + one.done, 0);
      const left = timeLeft(this.progress, this.runs.pool.workers);
      return html`<div class="row">
        <button type="button" @click=${() => this.#abort?.abort()}>Cancel</button>
        <progress max=${total || 1} value=${done} aria-label=${`Runs of ${claim.id}`}></progress>
        <span>${done} of ${total}${left === undefined ? nothing : html`, ${durationWords(left)} left`}</span>
      </div>`;
    }
    const plans = this.runs.plansOf(claim);
    const asks = badge === 'pending' && !this.ledger.of(claim.id);
    const seeds = plans.reduce((sum, plan) => sum + plan.seeds.length, 0);
    const done = plans.reduce((sum, plan) => sum + this.runs.progressOf(plan).done, 0);
    const label = done > 0 && done < seeds ? 'Go on' : 'Run';
    return html`<div class="row">
      <button
        type="button"
        class=${asks || badge !== 'pending' ? nothing : 'primary'}
        ?disabled=${asks || badge !== 'pending'}
        aria-describedby="plan"
        @click=${() => void this.#run(claim)}
      >
        ${label}
      </button>
      <span class="note" id="plan">
        ${
          asks
            ? 'First choose what you expect. '
            : badge === 'pending'
              ? nothing
              : 'Done. Other settings or more seeds can be run. '
        }${plans.map(seedsText).join(', ')}.
      </span>
    </div>`;
  }

  #outcome(claim: Claim, badge: Badge): TemplateResult {
    const checks = this.runs.checksOf(claim);
    return html`<div class="outcome">
      <p>
        <b>Here: ${BADGES[badge]}.</b> ${MEANINGS[badge]}
        ${isUnchanged(this.runs.settingOf(claim)) ? nothing : 'That is with the settings you chose.'}
      </p>
      ${checks.map(checkFigure)}
      <p class="note">
        A mark for each seed; the long stroke is their mean, the short ones end its 95 % interval; shaded is
        what is asked for.
      </p>
      ${this.#tables.render('Each seed of each check, as a table', () => checkTable(checks))}
      ${this.runs
        .plansOf(claim)
        .map((plan) => this.#tables.render(`All that ${plan.study.id} measured`, () => this.#results(plan)))}
    </div>`;
  }

  #results(plan: StudyPlan): TemplateResult {
    const { study, setting } = plan;
    return html`<p><b>${withDecimal(study.title)}</b> ${withDecimal(study.question)}</p>
      <p class="note">${withDecimal(study.method)}</p>
      <bn-study-results
        .outcome=${{ study, setting, records: this.runs.recordsOf(plan) }}
      ></bn-study-results>`;
  }

  #settings(claim: Claim): TemplateResult {
    return html`<details data-changes="more">
      <summary>Find where it stops being true: settings</summary>
      <bn-claim-knobs
        .plans=${this.runs.plansOf(claim)}
        .setting=${this.runs.settingOf(claim)}
        @bn-claim-setting=${(event: ClaimSettingEvent) => this.#choose(claim, event.setting)}
      ></bn-claim-knobs>
    </details>`;
  }

  #link(claim: Claim): TemplateResult | typeof nothing {
    const link = siteLink(`claims.html${encodeURI(claimHash(claim.id, this.runs.settingOf(claim)))}`);
    if (link === undefined) return nothing;
    const copy = () => {
      void this.renderRoot.querySelector('bn-copy-text')?.copy('Link', link);
    };
    return html`<div class="row">
      <button type="button" class="quiet" @click=${copy}>Copy link</button>
      ${embedEntry({ figure: 'claim', attributes: { id: claim.id, open: '' } })}
      <bn-copy-text></bn-copy-text>
    </div>`;
  }

  static override styles = [
    controls,
    block,
    folded,
    row,
    badgeStyles,
    css`
      :host {
        margin-block: var(--space-4);
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--hairline);
        border-radius: var(--radius);
        background: var(--surface-raised);
      }

      :host(:target) {
        border-color: var(--accent);
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: var(--space-1) var(--space-4);
      }

      h3,
      ::slotted(h3) {
        flex: 1 1 16rem;
        max-width: 46rem;
        margin: 0 !important;
        font: 500 var(--size-l) / 1.35 var(--font-serif) !important;
        text-wrap: pretty !important;
      }

      .number {
        color: var(--text-muted);
        font-family: var(--font-sans);
        font-variant-numeric: tabular-nums;
      }

      a {
        color: inherit;
        text-decoration-color: var(--line);
        text-underline-offset: 0.18em;
      }

      p.words,
      ::slotted(p) {
        max-width: 46rem;
        margin: var(--space-2) 0 0 !important;
        font-size: var(--size-s) !important;
      }

      p {
        max-width: 46rem;
        margin: var(--space-2) 0 0;
        text-wrap: pretty;
      }

      .row {
        margin-block-start: var(--space-3);
        font-variant-numeric: tabular-nums;
      }

      .note {
        flex: 1 1 12rem;
      }

      .inside {
        margin-block-start: var(--space-3);
        padding-block-start: var(--space-3);
        border-block-start: 1px solid var(--hairline);
      }

      fieldset {
        min-width: 0;
        margin: 0;
        padding: 0 0 0 var(--space-4);
        border: 0;
        border-inline-start: 3px solid var(--accent);
      }

      legend {
        padding: 0;
        float: inline-start;
        width: 100%;
      }

      .predict label {
        clear: both;
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
        cursor: pointer;
      }

      progress {
        accent-color: var(--accent);
      }

      .outcome {
        margin-block: var(--space-4);
      }

      figure {
        margin: var(--space-4) 0;
        max-width: 46rem;
      }

      figcaption {
        margin-block-end: var(--space-1);
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      .scroll {
        max-height: 24rem;
        overflow: auto;
      }

      bn-claim-knobs {
        padding-block: var(--space-3);
      }

      @media print {
        .row,
        .inside > details,
        .predict {
          display: none;
        }
      }
    `,
  ];
}

function seedsText({ study, seeds }: StudyPlan): string {
  return `${study.id} with ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
}

customElements.define('bn-claim', BnClaim);

declare global {
  interface HTMLElementTagNameMap {
    'bn-claim': BnClaim;
  }
}
