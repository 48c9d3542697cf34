import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { encodeLab, LAB_KEY, type LabValue, readLabFile, writeLabFile } from '../../protocol/lab.ts';
import { viewProperties } from '../../protocol/lab-properties.ts';
import { writeHash } from '../../protocol/hash.ts';
import { controls } from '../../style/controls.ts';
import { embedEntry } from '../builder/entry.ts';
import '../copy-text.ts';
import { siteLink } from '../site-link.ts';
import { fileButtonStyles } from './file-button-styles.ts';
import { LabEditEvent, LabLoadEvent, LabSayEvent } from './events.ts';
import { browserStorage, forgetLab, type Kept, keepLab, keptLabs } from './keep.ts';

/** The experiment as a link, as a file, and kept in this browser. */
export class LabShare extends LitElement {
  static override properties = {
    value: { attribute: false },
    name: { type: String },
    place: { type: String },
    problem: { state: true },
    kept: { state: true },
  };

  declare value: LabValue;
  /** What the experiment is called until the reader calls it something. */
  declare name: string;
  /** The key under which this page's address holds the experiment; without one, the link leads to the Lab's own page. */
  declare place: string | null;
  declare private problem: string | undefined;
  declare private kept: readonly Kept[];

  readonly #storage = browserStorage();

  constructor() {
    super();
    this.kept = keptLabs(this.#storage);
  }

  override render(): TemplateResult {
    return html`
      <label class="group title">
        <span>Title, for whoever opens the link or the file</span>
        <input
          .value=${live(this.value.title)}
          maxlength=${viewProperties.title.maxLength}
          @change=${this.#entitle}
        />
      </label>
      <div class="group">
        <button @click=${this.#copy}>Copy link</button>
        <button @click=${this.#download}>Download as a file</button>
        <label class="file">
          <input type="file" accept=".json,application/json" @change=${this.#open} />
          <span>Open a file</span>
        </label>
        ${
          this.#storage
            ? html`<form class="group" @submit=${this.#keep}>
                <input aria-label="Name to keep it under" maxlength="80" placeholder=${this.name} />
                <button>Keep in this browser</button>
              </form>`
            : nothing
        }
        ${embedEntry({ figure: 'lab', attributes: {}, state: encodeLab(this.value) })}
      </div>
      <bn-copy-text></bn-copy-text>
      ${this.problem === undefined ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${
        this.kept.length > 0
          ? html`<ul aria-label="Kept in this browser">
              ${this.kept.map((one) => this.#one(one))}
            </ul>`
          : nothing
      }
      <p class="note">
        The link and the file hold every setting and all seeds: whoever opens them sees the same numbers.
        Points you drew and tables you opened stay here.
      </p>
    `;
  }

  #one({ name, value }: Kept): TemplateResult {
    const load = (event: Event) => {
      event.preventDefault();
      this.dispatchEvent(new LabLoadEvent(value, `${name} loaded`));
    };
    return html`<li>
      <a href=${writeHash('', LAB_KEY, encodeLab(value))} @click=${load}>${name}</a>
      <button class="quiet" aria-label=${`Forget ${name}`} @click=${() => this.#forget(name)}>Forget</button>
    </li>`;
  }

  readonly #entitle = (event: Event): void => {
    const title = (event.target as HTMLInputElement).value.trim();
    this.dispatchEvent(new LabEditEvent({ title }));
  };

  #say(text: string): void {
    this.problem = undefined;
    this.dispatchEvent(new LabSayEvent(text));
  }

  readonly #copy = async (): Promise<void> => {
    const link = new URL((this.place ? undefined : siteLink('lab.html')) ?? location.href);
    link.hash = writeHash(this.place ? location.hash : '', this.place || LAB_KEY, encodeLab(this.value));
    if (await this.renderRoot.querySelector('bn-copy-text')?.copy('Link', link.href))
      this.#say('Link copied');
  };

  readonly #download = (): void => {
    const address = URL.createObjectURL(new Blob([writeLabFile(this.value)], { type: 'application/json' }));
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = `${fileName(this.value.title || this.name)}.json`;
    anchor.click();
    // The download has begun by then; the text is small.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    this.#say('File downloaded');
  };

  readonly #open = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (!file) return;
    const { value, problem } = readLabFile(await file.text());
    if (value) {
      this.problem = undefined;
      this.dispatchEvent(new LabLoadEvent(value, `${file.name} opened`));
    } else {
      this.problem = `${file.name} could not be opened: ${problem}. The experiment stays as it was.`;
    }
  };

  readonly #keep = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = this.renderRoot.querySelector('form input') as HTMLInputElement;
    const name = input.value.trim() || this.name;
    if (!keepLab(this.#storage, name, this.value)) {
      this.problem =
        'The browser does not let this page store anything. Download the experiment as a file instead.';
      return;
    }
    input.value = '';
    this.kept = keptLabs(this.#storage);
    this.#say(`${name} kept in this browser`);
  };

  #forget(name: string): void {
    forgetLab(this.#storage, name);
    this.kept = keptLabs(this.#storage);
    this.#say(`${name} forgotten`);
  }

  static override styles = [
    controls,
    fileButtonStyles,
    css`
      :host {
        display: block;
        padding-block: var(--space-3);
        font: var(--size-m) / 1.4 var(--font-sans);
      }

      .group {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin: 0;
      }

      .title {
        margin-block-end: var(--space-3);
      }

      .title input {
        flex: 1 1 14rem;
        max-width: 28rem;
        min-width: 0;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        margin: var(--space-2) 0;
        padding: 0;
        list-style: none;
      }

      a {
        color: inherit;
        line-height: var(--target);
      }

      .note {
        margin: var(--space-2) 0 0;
        max-width: var(--measure);
      }
    `,
  ];
}

function fileName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
  return `batchnorm-lab-${plain || 'experiment'}`;
}

customElements.define('bn-lab-share', LabShare);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-share': LabShare;
  }
}
