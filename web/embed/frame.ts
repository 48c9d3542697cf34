import { embed } from '../components/embedding.ts';
import type { Figure } from '../components/figure.ts';
import { siteLink } from '../components/site-link.ts';
import { EMBED_FIGURES, EVERY_FIGURE } from '../protocol/embed.ts';
import {
  type EmbedLink,
  embedFigure,
  type ReadEmbedLink,
  readEmbedLink,
  writeEmbedLink,
} from '../protocol/embed-link.ts';
import { HeightTeller } from './height.ts';
import { H5P_HELLO, hear, heightMessages, stateMessage } from './messages.ts';
import { load } from './near.ts';

/** The addresses of pages are written this long after the last change (web/components/url-state.ts); then they are told. */
const SETTLED = 400;

/** Where embed.html puts things. */
export interface FramePlaces {
  readonly main: HTMLElement;
  /** “Open in full”. */
  readonly full: HTMLAnchorElement;
}

/** One figure without the site around it, as the address asks for it; it follows when the address changes. */
export function openFrame(places: FramePlaces): void {
  embed({});
  new Frame(places).open();
}

class Frame {
  readonly #places: FramePlaces;
  readonly #heights: HeightTeller;
  #link: ReadEmbedLink;
  #element: HTMLElement | undefined;
  #told = '';
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(places: FramePlaces) {
    this.#places = places;
    this.#link = readEmbedLink(location.hash);
    this.#heights = new HeightTeller(
      // Of what is in the page: the root itself is never lower than the frame.
      () => document.body.getBoundingClientRect().height,
      (height) => heightMessages(height).forEach(tellParent),
    );
  }

  open(): void {
    this.#show();
    addEventListener('hashchange', () => this.#moved());
    if (window.parent === window) return;
    new ResizeObserver(() => this.#heights.changed()).observe(document.body);
    addEventListener('message', this.#heard);
    for (const touch of ['pointerdown', 'keydown']) {
      addEventListener(touch, () => this.#heights.touched(), { capture: true, passive: true });
    }
    tellParent(H5P_HELLO);
  }

  #show(): void {
    const { figure, attributes, problems } = this.#link;
    const { main } = this.#places;
    const { tag, state } = embedFigure(figure);
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (name !== 'theme') element.setAttribute(name, value);
    if (state !== undefined) element.setAttribute('hash', state);
    for (const name of ['bn-change', 'bn-study-change', 'bn-quiz-result'])
      element.addEventListener(name, () => this.#changed());
    document.title = `${EMBED_FIGURES[figure].title} · BatchNorm Lab`;
    this.#applyTheme(attributes['theme']);
    const heading = document.createElement('h1');
    heading.className = 'visually-hidden';
    heading.textContent = EMBED_FIGURES[figure].title;
    main.replaceChildren(heading, ...problems.map(problemLine), element);
    this.#element = element;
    this.#linkToSite();
    load(figure).then(
      async () => {
        customElements.upgrade(element);
        await (element as Partial<Figure>).updateComplete;
        if (element === this.#element) this.#linkToSite();
      },
      () =>
        main.prepend(
          problemLine('This figure could not be fetched. Reload the page when you are online again.'),
        ),
    );
  }

  #applyTheme(theme: string | undefined): void {
    const { dataset } = document.documentElement;
    if (theme === 'light' || theme === 'dark') dataset['theme'] = theme;
    else delete dataset['theme'];
  }

  /** Another address was gone to. What the figure keeps in it is the figure's own affair. */
  #moved(): void {
    const link = readEmbedLink(location.hash);
    const before = this.#link;
    this.#link = link;
    if (sameBut(before, link)) this.#changed();
    else this.#show();
  }

  /** The figure's state may have changed: the address has it shortly. */
  #changed(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#followAttributes();
      this.#linkToSite();
      this.#tellState();
    }, SETTLED);
  }

  /** Figures without a state of their own write what was set on their attributes; the address follows. */
  #followAttributes(): void {
    const { figure } = this.#link;
    const link = readEmbedLink(location.hash);
    const { attributes: own } = embedFigure(figure);
    const attributes: Record<string, string> = {};
    for (const name of [...own, ...Object.keys(EVERY_FIGURE)]) {
      const value = own.includes(name) ? this.#element?.getAttribute(name) : link.attributes[name];
      if (value !== null && value !== undefined) attributes[name] = value;
    }
    const next: EmbedLink = { ...link, figure, attributes };
    this.#link = { ...next, problems: [] };
    try {
      history.replaceState(history.state, '', writeEmbedLink(next));
    } catch {
      // A sandboxed frame may forbid it; the message below tells the same.
    }
  }

  /** The figure as it stands, with all its controls and the text around it. */
  #linkToSite(): void {
    const { full } = this.#places;
    const { figure, attributes } = this.#link;
    const { page } = embedFigure(figure);
    const alone = writeEmbedLink({ figure, attributes: { ...attributes, controls: 'all' } });
    const place = page === 'embed.html' ? alone : ((this.#element as Partial<Figure>).place ?? '');
    const link = siteLink(`${page}${place}`);
    full.hidden = link === undefined;
    if (link !== undefined) full.href = link;
  }

  #tellState(): void {
    const hash = writeEmbedLink(this.#link);
    if (hash === this.#told) return;
    this.#told = hash;
    tellParent(stateMessage(hash));
  }

  readonly #heard = (event: MessageEvent): void => {
    if (event.source !== window.parent) return;
    const heard = hear(event.data);
    if (heard === 'greet') tellParent(H5P_HELLO);
    if (heard === undefined) return;
    this.#heights.again();
    this.#told = '';
    this.#tellState();
  };
}

function tellParent(message: unknown): void {
  if (window.parent !== window) window.parent.postMessage(message, '*');
}

function problemLine(text: string): HTMLElement {
  const line = document.createElement('p');
  line.className = 'problem';
  line.setAttribute('role', 'alert');
  line.textContent = text;
  return line;
}

/** Whether two links ask for the same element; its state is not compared. */
function sameBut(a: EmbedLink, b: EmbedLink): boolean {
  const text = ({ figure, attributes }: EmbedLink) => writeEmbedLink({ figure, attributes });
  return text(a) === text(b);
}
