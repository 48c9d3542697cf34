import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';

/** Tables beside pictures, each behind a summary and written only while it is open. */
export class ClosedTables {
  readonly #host: ReactiveControllerHost;
  readonly #open = new Set<string>();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  render(summary: string, table: () => TemplateResult, key = summary): TemplateResult {
    return html`<details
      ?open=${this.#open.has(key)}
      @toggle=${(event: Event) => {
        if ((event.target as HTMLDetailsElement).open) this.#open.add(key);
        else this.#open.delete(key);
        this.#host.requestUpdate();
      }}
    >
      <summary>${summary}</summary>
      ${
        this.#open.has(key)
          ? html`<div class="scroll" tabindex="0" role="group" aria-label=${summary}>${table()}</div>`
          : nothing
      }
    </details>`;
  }
}
