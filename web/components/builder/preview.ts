import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { controls } from '../../style/controls.ts';
import { Sized } from '../study/sized.ts';

/** The figure in the preview says how it stands now: the part of its link from # on. */
export class PreviewStateEvent extends Event {
  constructor(readonly hash: string) {
    super('bn-preview-state');
  }
}

/** The figure in the preview says how high it is, in pixels. */
export class PreviewHeightEvent extends Event {
  constructor(readonly height: number) {
    super('bn-preview-height');
  }
}

export interface Screen {
  readonly name: string;
  readonly width: number;
  /** Of a slide: what is below cannot be seen without scrolling. */
  readonly height?: number;
}

export const SCREENS = {
  phone: { name: 'Phone', width: 360 },
  course: { name: 'Course page', width: 720 },
  slide: { name: 'Slide', width: 1280, height: 720 },
} as const satisfies Readonly<Record<string, Screen>>;

export type ScreenName = keyof typeof SCREENS;

/** Less than that it is only while it is being fetched. */
const LEAST = 320;
const MOST = 6000;

/**
 * `<bn-embed-preview>`: embed.html in a frame as wide as on another screen, made smaller where there is less room. The figure is
 * live: what is done to it comes back as an event.
 */
export class EmbedPreview extends LitElement {
  static override properties = {
    address: { attribute: false },
    screen: { attribute: false },
    height: { attribute: false },
    label: { attribute: false },
    told: { state: true },
  };

  /** Of embed.html, with its hash. */
  declare address: string;
  declare screen: ScreenName;
  /** Of the frame in pixels; undefined: as high as the figure says it is. */
  declare height: number | undefined;
  declare label: string;
  declare private told: number;

  readonly #size = new Sized(this);
  /** The first address; later ones are gone to without an entry in the browser's history. */
  #first: string | undefined;

  constructor() {
    super();
    this.address = this.label = '';
    this.screen = 'course';
    this.told = 600;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('message', this.#heard);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('message', this.#heard);
  }

  get #frame(): HTMLIFrameElement | null {
    return this.renderRoot.querySelector('iframe');
  }

  protected override willUpdate(): void {
    if (this.address !== '') this.#first ??= this.address;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('address') && changed.get('address'))
      this.#frame?.contentWindow?.location.replace(this.address);
  }

  readonly #heard = ({ data, source }: MessageEvent): void => {
    if (source === null || source !== this.#frame?.contentWindow) return;
    if (typeof data !== 'object' || data === null) return;
    const { type, height, hash } = data as Record<string, unknown>;
    if (type === 'resize' && typeof height === 'number' && height > 0) {
      this.told = Math.min(MOST, Math.max(LEAST, height));
      this.dispatchEvent(new PreviewHeightEvent(this.told));
    }
    if (type === 'state' && typeof hash === 'string') this.dispatchEvent(new PreviewStateEvent(hash));
  };

  override render(): TemplateResult {
    const screen: Screen = SCREENS[this.screen];
    const { width } = screen;
    const height = screen.height ?? this.height ?? this.told;
    const scale = Math.min(1, this.#size.width / width);
    return html`<div
      class="room"
      .style=${`height: ${Math.ceil(height * scale)}px; width: ${Math.floor(width * scale)}px`}
    >
      <iframe
        src=${this.#first ?? 'about:blank'}
        title=${this.label}
        allow="fullscreen; clipboard-write"
        .style=${`width: ${width}px; height: ${height}px; transform: scale(${scale})`}
      ></iframe>
    </div>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .room {
        margin-inline: auto;
        overflow: hidden;
        outline: 1px solid var(--line);
        outline-offset: 0;
      }

      iframe {
        display: block;
        border: 0;
        transform-origin: 0 0;
        background: var(--surface);
      }
    `,
  ];
}

customElements.define('bn-embed-preview', EmbedPreview);

declare global {
  interface HTMLElementTagNameMap {
    'bn-embed-preview': EmbedPreview;
  }
}
