import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../style/controls.ts';

/** Puts a text on the clipboard; where that is not allowed, shows it selected, to be copied by hand. */
export class CopyText extends LitElement {
  static override properties = { done: { state: true }, shown: { state: true } };

  declare private done: string | undefined;
  declare private shown: { name: string; text: string } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async copy(name: string, text: string): Promise<boolean> {
    clearTimeout(this.#timer);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      this.done = undefined;
      this.shown = { name, text };
      await this.updateComplete;
      this.renderRoot.querySelector('textarea')?.focus();
      this.renderRoot.querySelector('textarea')?.select();
      return false;
    }
    this.shown = undefined;
    this.done = `${name} copied`;
    this.#timer = setTimeout(() => (this.done = undefined), 4000);
    return true;
  }

  override render(): TemplateResult {
    const { shown } = this;
    return html`<span class="done">${this.done ?? nothing}</span> ${
        shown &&
        html`<div class="shown">
          <label for="text"
            >${shown.name}: the browser does not let this page use the clipboard. Copy the text from
            here.</label
          >
          <textarea id="text" readonly rows="8" .value=${shown.text}></textarea>
          <button @click=${() => (this.shown = undefined)}>Close</button>
        </div>`
      }`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .done {
        color: var(--good);
        font-size: var(--size-s);
      }

      .shown {
        display: grid;
        gap: var(--space-2);
        justify-items: start;
        margin-block: var(--space-3);
        font-size: var(--size-s);
      }

      textarea {
        width: 100%;
        border: 1px solid var(--line);
        background: var(--surface-raised);
        font: var(--size-s) / 1.5 var(--font-mono);
      }
    `,
  ];
}

customElements.define('bn-copy-text', CopyText);

declare global {
  interface HTMLElementTagNameMap {
    'bn-copy-text': CopyText;
  }
}
