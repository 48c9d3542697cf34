import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { download } from '../../export/download.ts';
import {
  type Correction,
  LEGIBLE,
  MOST_BYTES,
  type QrCode,
  qrCode,
  qrPath,
  qrSquares,
  qrSvg,
  qrViewBox,
} from '../../export/qr-code.ts';
import { controls } from '../../style/controls.ts';

const CORRECTIONS: Readonly<Record<Correction, string>> = {
  L: 'Low: the fewest modules',
  M: 'Medium',
  Q: 'High: survives smudges',
};

/** Of the picture file: large enough to print a hand's breadth wide. */
const PIXELS = 16;

/** `<bn-link-qr>`: a link as a QR code to project, print and take away; and what to do about one that is too fine to read. */
export class LinkQr extends LitElement {
  static override properties = {
    link: { attribute: false },
    short: { attribute: false },
    correction: { state: true },
    brief: { state: true },
  };

  declare link: string;
  /** A shorter link to offer: the figure as it starts. The same where nothing has been set. */
  declare short: string;
  declare private correction: Correction;
  declare private brief: boolean;

  constructor() {
    super();
    this.link = this.short = '';
    this.correction = 'M';
    this.brief = false;
  }

  get #text(): string {
    return this.brief ? this.short : this.link;
  }

  override render(): TemplateResult {
    const text = this.#text;
    const code = qrCode(text, this.correction);
    return html`
      <div class="row">
        <label>
          Correction
          <select
            @change=${(event: Event) => (this.correction = (event.target as HTMLSelectElement).value as Correction)}
          >
            ${Object.entries(CORRECTIONS).map(
              ([level, words]) =>
                html`<option value=${level} ?selected=${level === this.correction}>${words}</option>`,
            )}
          </select>
        </label>
        ${
          this.link === this.short
            ? nothing
            : html`<label
                ><input
                  type="checkbox"
                  .checked=${this.brief}
                  @change=${(event: Event) => (this.brief = (event.target as HTMLInputElement).checked)}
                />
                The figure as it starts, for a shorter link</label
              >`
        }
      </div>
      ${code ? this.#code(code) : html`<p class="problem" role="alert">This link is too long for a QR code: it has ${text.length} characters, and ${MOST_BYTES} fit at most. Take the figure as it starts, or give the link itself.</p>`}
    `;
  }

  #code(code: QrCode): TemplateResult {
    const fine = code.size > LEGIBLE;
    return html`
      <svg
        role="img"
        aria-label=${`QR code of the link, ${code.size} by ${code.size} modules`}
        viewBox=${qrViewBox(code)}
        shape-rendering="crispEdges"
      >
        <path d=${qrPath(code)} />
      </svg>
      <p class=${fine ? 'problem' : 'note'} role=${fine ? 'alert' : nothing}>
        ${code.size} × ${code.size} modules.
        ${
          fine
            ? 'That is too fine to be read from afar. Choose the low correction, take the figure as it starts, or print the code large.'
            : 'Held to a projected slide, a telephone reads it from most seats.'
        }
      </p>
      <div class="row">
        <button type="button" @click=${() => download('batchnorm-lab-qr.svg', qrSvg(code), 'image/svg+xml')}>
          Download SVG
        </button>
        <button type="button" @click=${() => void downloadPicture(code)}>Download PNG</button>
      </div>
    `;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font-size: var(--size-s);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
      }

      label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
      }

      svg {
        display: block;
        width: min(100%, 18rem);
        margin-block: var(--space-3);
        background: #fff;
        fill: #000;
        forced-color-adjust: none;
      }

      p {
        max-width: var(--measure);
        margin-block: 0 var(--space-2);
      }
    `,
  ];
}

async function downloadPicture(code: QrCode): Promise<void> {
  const { side, squares } = qrSquares(code, PIXELS);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = '#000';
  for (const [x, y] of squares) pen.fillRect(x, y, PIXELS, PIXELS);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download('batchnorm-lab-qr.png', blob, 'image/png');
}

customElements.define('bn-link-qr', LinkQr);

declare global {
  interface HTMLElementTagNameMap {
    'bn-link-qr': LinkQr;
  }
}
