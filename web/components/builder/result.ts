import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { block, row, textBox } from '../../style/parts.ts';
import '../copy-text.ts';
import { type Build, elementText, frameText, linkText, ONE_FILE, oneFileText } from './snippets.ts';

type Form = 'link' | 'frame' | 'element' | 'file' | 'code';

const FORMS: Readonly<Record<Form, string>> = {
  link: 'Link',
  frame: 'Frame',
  element: 'Element',
  file: 'One file',
  code: 'QR code',
};

/** How to use each, and what it needs. */
const HOW: Readonly<Record<Form, TemplateResult | string>> = {
  link: 'Works everywhere: in a mail, in a chat, as a link or an external resource of a course.',
  frame:
    'For course platforms that let you paste HTML (Moodle, Canvas and others), and for pages and slides of your own.',
  element:
    'For pages that may load a script: the figure becomes a part of the page, and several share one engine.',
  file: html`Needs no host: <a href=${`./${ONE_FILE}`} download>download the one file</a>, put it beside your
    page or upload it to the course, and let <code>src</code> say where it is. It also opens by a double
    click.`,
  code: 'To project, or to print on a worksheet.',
};

/** `<bn-embed-result>`: what was built, to take away: as a link, in HTML in three ways, and as a QR code. */
export class EmbedResult extends LitElement {
  static override properties = {
    build: { attribute: false },
    first: { attribute: false },
    form: { state: true },
  };

  declare build: Build | undefined;
  /** The same with the figure as it starts. */
  declare first: Build | undefined;
  declare private form: Form;

  constructor() {
    super();
    this.form = 'link';
  }

  override render(): TemplateResult | typeof nothing {
    const { build, form } = this;
    if (!build) return nothing;
    return html`
      <fieldset class="segmented">
        <legend>Take it as</legend>
        ${(Object.keys(FORMS) as Form[]).map(
          (one) =>
            html`<label
              ><input
                type="radio"
                name="form"
                value=${one}
                .checked=${one === form}
                @change=${() => this.#choose(one)}
              /><span>${FORMS[one]}</span></label
            >`,
        )}
      </fieldset>
      <p>${HOW[form]}</p>
      ${form === 'code' ? this.#code(build) : this.#text(build, form)}
    `;
  }

  #choose(form: Form): void {
    this.form = form;
    // Few want a code; its maker is fetched for those who do.
    if (form === 'code') void import('./qr.ts');
  }

  #code(build: Build): TemplateResult {
    return html`<bn-link-qr .link=${linkText(build)} .short=${linkText(this.first ?? build)}></bn-link-qr>`;
  }

  #text(build: Build, form: Exclude<Form, 'code'>): TemplateResult {
    const text = { link: linkText, frame: frameText, element: elementText, file: oneFileText }[form](build);
    const lines = text.split('\n').length;
    return html`
      <textarea
        readonly
        spellcheck="false"
        aria-label=${form === 'link' ? 'Link' : `HTML: ${FORMS[form]}`}
        rows=${form === 'link' ? 3 : Math.max(4, lines + 1)}
        .value=${text}
        @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}
      ></textarea>
      <div class="row">
        <button class="primary" type="button" @click=${() => this.#copy(FORMS[form], text)}>Copy</button>
        ${
          form === 'link' || form === 'frame'
            ? html`<a href=${linkText(build)} target="_blank" rel="noopener">Open it ↗</a>`
            : nothing
        }
        <bn-copy-text></bn-copy-text>
      </div>
    `;
  }

  #copy(name: string, text: string): void {
    void this.renderRoot.querySelector('bn-copy-text')?.copy(name, text);
  }

  static override styles = [
    controls,
    block,
    row,
    textBox,
    css`
      p {
        max-width: var(--measure);
        margin-block: var(--space-3) var(--space-2);
      }

      .row {
        gap: var(--space-2) var(--space-4);
        margin-block-start: var(--space-2);
      }

      a {
        color: inherit;
      }

      textarea {
        padding: var(--space-2) var(--space-3);
        overflow-wrap: anywhere;
        resize: vertical;
      }
    `,
  ];
}

customElements.define('bn-embed-result', EmbedResult);

declare global {
  interface HTMLElementTagNameMap {
    'bn-embed-result': EmbedResult;
  }
}
