import { css, type CSSResultGroup, type CSSResultOrNative, LitElement, type PropertyValues } from 'lit';
import { setDecimal } from '../protocol/decimal.ts';
import { EVERY_FIGURE } from '../protocol/every-figure.ts';
import { parseProperty } from '../protocol/properties.ts';
import { embedding } from './embedded.ts';
import type { Room } from './room.ts';

/** A canvas has to be drawn anew: the colours of a figure are others. Sent to the document. */
export const THEME_EVENT = 'bn-theme';

type Common = keyof typeof EVERY_FIGURE;

/**
 * What all figures have in common: the attributes of EVERY_FIGURE, and sleep. An embedded figure out of sight renders nothing and
 * asks the engine for nothing; what happens meanwhile is shown when it can be seen again.
 *
 * What changes settings carries the attribute `data-changes` in a figure's templates, and `data-changes="more"` where it is not among the
 * first things a reader would try; `controls` hides it. A figure whose `controls` is a property of its own sees to that itself.
 */
export abstract class Figure extends LitElement {
  static override get observedAttributes(): string[] {
    return [...new Set([...super.observedAttributes, ...Object.keys(EVERY_FIGURE)])];
  }

  static override finalizeStyles(styles?: CSSResultGroup): CSSResultOrNative[] {
    const own = [...super.finalizeStyles(styles), figureControls];
    return embedding()?.isolate?.(own) ?? own;
  }

  readonly #attention = embedding()?.attend(this, () => this.fellAsleep());
  /** What is wrong with which attribute. */
  readonly #problems = new Map<string, string>();
  #notes: HTMLElement | undefined;
  #room: Room | undefined;

  /** Undefined while the figure can be seen; else resolves when it can. */
  readonly awake = (): Promise<void> | undefined =>
    this.#attention && !this.#attention.awake ? this.#attention.wakes : undefined;

  /** What a link to the figure's page on the site has behind it, so that the same is on show there. */
  get place(): string {
    return '';
  }

  /** It went out of sight. */
  protected fellAsleep(): void {}

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    this.#room = embedding()?.room?.(this, root);
    this.#notes = document.createElement('div');
    root.append(this.#notes);
    this.#tellProblems();
    return root;
  }

  protected override scheduleUpdate(): void | Promise<unknown> {
    const waking = this.awake();
    return waking ? waking.then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  protected override updated(_changed: PropertyValues): void {
    this.#room?.give();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (isCommon(name) && !(this.constructor as typeof LitElement).elementProperties.has(name))
      this.#changed(name, value);
  }

  #changed(name: Common, value: string | null): void {
    const choices: readonly string[] = EVERY_FIGURE[name];
    const read = parseProperty(
      { kind: 'choice', label: name, default: choices[0]!, choices },
      value ?? choices[0]!,
    );
    this.refuse(name, read.problem === undefined ? undefined : `${name}: ${read.problem}.`);
    if (name === 'decimal' && (read.value === 'point' || read.value === 'comma') && value !== null)
      setDecimal(read.value);
    if (name === 'controls') refresh(this);
    if (name === 'theme') document.dispatchEvent(new Event(THEME_EVENT));
  }

  /** Says above the figure what is wrong with an attribute, in a sentence that names it; undefined: nothing. */
  protected refuse(attribute: string, problem: string | undefined): void {
    if (problem === undefined) this.#problems.delete(attribute);
    else this.#problems.set(attribute, problem);
    this.#tellProblems();
  }

  /** An attribute that is one of a few; where it is not, that is said, and the other is taken. */
  protected choiceOf<T extends string | number>(name: string, choices: readonly T[], otherwise: T): T {
    const text = this.getAttribute(name);
    const found = text === null ? otherwise : choices.find((choice) => String(choice) === text.trim());
    this.refuse(
      name,
      found === undefined
        ? `${name}: expected ${choices.join(' or ')}, got “${(text ?? '').slice(0, 24)}”.`
        : undefined,
    );
    return found ?? otherwise;
  }

  #tellProblems(): void {
    this.#notes?.replaceChildren(
      ...[...this.#problems.values()].map((text) => {
        const line = document.createElement('p');
        line.className = 'problem';
        line.setAttribute('role', 'alert');
        line.textContent = text;
        return line;
      }),
    );
  }
}

/** Whether the figure an element is a part of may not be changed by the reader. */
export function isFixed(part: Element): boolean {
  return figureOf(part)?.getAttribute('controls') === 'none';
}

/** Undefined while the figure an element is a part of can be seen; else resolves when it can. */
export function awakeOf(part: Element): Promise<void> | undefined {
  return figureOf(part)?.awake();
}

function figureOf(part: Element): Figure | undefined {
  for (let at: Element | undefined = part; at; at = hostOf(at)) if (at instanceof Figure) return at;
  return undefined;
}

function hostOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}

/** Renders an element and its parts anew. */
function refresh(element: Element): void {
  if (element instanceof LitElement) element.requestUpdate();
  for (const part of element.shadowRoot?.querySelectorAll('*') ?? []) if (part.shadowRoot) refresh(part);
}

function isCommon(name: string): name is Common {
  return Object.hasOwn(EVERY_FIGURE, name);
}

/** For the parts of a figure too, which are given its `controls`. */
export const figureControls = css`
  :host([controls='none']) [data-changes],
  :host([controls='few']) [data-changes='more'] {
    display: none !important;
  }
`;
