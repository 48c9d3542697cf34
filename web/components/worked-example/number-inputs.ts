import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { guard } from 'lit/directives/guard.js';
import { live } from 'lit/directives/live.js';
import { decimal, withDecimal } from '../../protocol/decimal.ts';
import { addStep, formatNumber, numberToInput, parseNumber, plainDecimal } from '../format-number.ts';
import { numberProblem, rangeText, type NumberProperty } from '../../protocol/properties.ts';
import { isFixed } from '../figure.ts';
import type { Edit } from './edits.ts';
import { EditEvent, SealEvent } from './events.ts';

export interface NumberField {
  id: string;
  label: string;
  value: number;
  range: Pick<NumberProperty, 'min' | 'max' | 'step' | 'scale'>;
  edit(value: number): Edit;
}

interface Draft {
  text: string;
  /** The value it stands for, or did before it stopped being a number. */
  value: number;
  /** The value when it was typed, which the host may still be showing. */
  before: number;
  problem?: string | undefined;
}

/** How far a drag goes, in pixels, before it is one, and for one step. */
const DRAG_START = 4;
const PIXELS_PER_STEP = 5;
/** More characters than these a cell cannot show. */
const ROOM = 8;

const INCOMPLETE = /^[+\-−]?\d*[.,]?(?:\d*e[+\-−]?)?$/i;

/**
 * The figure's number inputs: typed, stepped with ↑ and ↓ (Shift or PageUp/PageDown: ten steps), or dragged sideways
 * while not being typed in. What is not a number in range gets a message, and the last valid value stays in force. A long
 * number, as a step of SGD leaves behind, is rounded until it is entered; then it is there in full.
 */
export class NumberInputs implements ReactiveController {
  readonly #drafts = new Map<string, Draft>();
  #focused: string | undefined;
  #drag: { id: string; pointer: number; x: number; value: number; moved: boolean } | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly options: {
      find(id: string): NumberField | undefined;
      enter?(id: string, back: boolean): void;
    },
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#drag = undefined;
    this.#focused = undefined;
    this.#drafts.clear();
  }

  /** The message about the first input that holds something else than its value; the host shows it in #message. */
  get problem(): string | undefined {
    for (const [id, draft] of this.#drafts) {
      const field = this.options.find(id);
      if (draft.problem === undefined || !field || isVoid(draft, field)) continue;
      return `${field.label}: ${draft.problem}. The last valid value, ${formatNumber(field.value)}, stays.`;
    }
    return undefined;
  }

  /** Puts back every value in place of what was typed. */
  clear(): void {
    this.#drafts.clear();
    this.host.requestUpdate();
  }

  input(field: NumberField, classes = ''): TemplateResult {
    const draft = this.#drafts.get(field.id);
    if (draft && isVoid(draft, field)) this.#drafts.delete(field.id);
    const current = this.#drafts.get(field.id);
    const invalid = current?.problem !== undefined;
    const { label, value } = field;
    const shown = current?.text ?? (field.id === this.#focused ? numberToInput(value) : atRest(value));
    // A batch may have hundreds of inputs, of which one changes at a time.
    return html`${guard([field.id, label, value, shown, invalid, classes, decimal(), isFixed(this.host)], () => this.#input(field, classes, shown, invalid))}`;
  }

  #input(field: NumberField, classes: string, shown: string, invalid: boolean): TemplateResult {
    const full = numberToInput(field.value);
    return html`<input
      class=${`number ${classes}`}
      type="text"
      size="1"
      inputmode="decimal"
      autocomplete="off"
      spellcheck="false"
      role="spinbutton"
      aria-label=${field.label}
      ?readonly=${isFixed(this.host)}
      aria-valuenow=${plainDecimal(field.value)}
      aria-valuetext=${formatNumber(field.value)}
      aria-valuemin=${plainDecimal(field.range.min)}
      aria-valuemax=${plainDecimal(field.range.max)}
      aria-invalid=${invalid ? 'true' : nothing}
      aria-describedby=${invalid ? 'message' : nothing}
      data-field=${field.id}
      title=${full === atRest(field.value) ? nothing : full}
      .value=${live(shown)}
      @input=${this.#typed}
      @focus=${this.#entered}
      @blur=${this.#blurred}
      @keydown=${this.#pressed}
      @pointerdown=${this.#grabbed}
      @mousedown=${this.#held}
      @pointermove=${this.#dragged}
      @pointerup=${this.#released}
      @pointercancel=${this.#released}
    />`;
  }

  #field(event: Event): NumberField | undefined {
    // One that may not be changed hears nothing.
    if (isFixed(this.host)) return undefined;
    return this.options.find((event.currentTarget as HTMLElement).dataset['field'] ?? '');
  }

  #set(field: NumberField, value: number): void {
    const { min, max } = field.range;
    const clamped = Math.min(max, Math.max(min, value));
    this.#drafts.delete(field.id);
    if (clamped !== field.value) this.host.dispatchEvent(new EditEvent(field.edit(clamped), field.id));
    this.host.requestUpdate();
  }

  readonly #typed = (event: Event): void => {
    const field = this.#field(event);
    if (!field) return;
    const { value: text } = event.currentTarget as HTMLInputElement;
    const { value, problem } = read(field, text);
    if (value === undefined) {
      this.#drafts.set(field.id, {
        text,
        value: field.value,
        before: field.value,
        problem: INCOMPLETE.test(text.trim()) ? undefined : problem,
      });
    } else {
      this.#drafts.set(field.id, { text, value, before: field.value });
      if (value !== field.value) this.host.dispatchEvent(new EditEvent(field.edit(value), field.id));
    }
    this.host.requestUpdate();
  };

  readonly #entered = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const field = this.options.find(input.dataset['field'] ?? '');
    this.#focused = field?.id;
    if (!field || this.#drafts.has(field.id) || atRest(field.value) === numberToInput(field.value)) return;
    // At once: whoever gave it the focus may select what is in it next.
    input.value = numberToInput(field.value);
    input.select();
    this.host.requestUpdate();
  };

  readonly #blurred = (event: Event): void => {
    this.#focused = undefined;
    this.#left(event);
    this.host.requestUpdate();
  };

  readonly #left = (event: Event): void => {
    const field = this.#field(event);
    if (!field) return;
    const draft = this.#drafts.get(field.id);
    if (draft) {
      const { problem } = read(field, draft.text);
      if (problem === undefined) this.#drafts.delete(field.id);
      else this.#drafts.set(field.id, { ...draft, problem });
    }
    this.host.dispatchEvent(new SealEvent());
    this.host.requestUpdate();
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    const field = this.#field(event);
    if (!field || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = stepsOf(event);
    if (steps !== 0) {
      event.preventDefault();
      this.#set(field, stepped(field, field.value, steps));
    } else if (event.key === 'Enter') {
      this.#left(event);
      this.options.enter?.(field.id, event.shiftKey);
    } else if (event.key === 'Escape' && this.#drafts.has(field.id)) {
      event.stopPropagation();
      this.#drafts.delete(field.id);
      this.host.requestUpdate();
    }
  };

  readonly #grabbed = (event: PointerEvent): void => {
    const field = this.#field(event);
    const input = event.currentTarget as HTMLInputElement;
    if (!field || event.button !== 0 || isFocused(input)) return;
    this.#drag = {
      id: field.id,
      pointer: event.pointerId,
      x: event.clientX,
      value: field.value,
      moved: false,
    };
  };

  /** A mouse that may be about to drag does not focus yet; releasing it in place does. */
  readonly #held = (event: MouseEvent): void => {
    if (this.#drag && !isFocused(event.currentTarget as HTMLInputElement)) event.preventDefault();
  };

  readonly #dragged = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || drag.pointer !== event.pointerId) return;
    const distance = event.clientX - drag.x;
    if (!drag.moved && Math.abs(distance) < DRAG_START) return;
    const input = event.currentTarget as HTMLInputElement;
    if (!drag.moved) input.setPointerCapture(event.pointerId);
    drag.moved = true;
    const field = this.options.find(drag.id);
    if (field)
      this.#set(
        field,
        stepped(field, drag.value, Math.round(distance / PIXELS_PER_STEP) * (event.shiftKey ? 10 : 1)),
      );
  };

  readonly #released = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || drag.pointer !== event.pointerId) return;
    this.#drag = undefined;
    const input = event.currentTarget as HTMLInputElement;
    if (drag.moved) {
      this.host.dispatchEvent(new SealEvent());
    } else if (event.type === 'pointerup') {
      input.focus();
      input.select();
    }
  };
}

function atRest(value: number): string {
  const full = numberToInput(value);
  return full.length > ROOM ? formatNumber(value) : full;
}

/** The value was changed from elsewhere: what was typed counts no more. */
function isVoid({ value, before }: Draft, field: NumberField): boolean {
  return field.value !== value && field.value !== before;
}

function read(field: NumberField, text: string): { value?: number; problem?: string } {
  const value = parseNumber(text);
  if (value === undefined) {
    const shown = text.trim() === '' ? 'nothing' : `“${text.trim().slice(0, 24)}”`;
    return { problem: `expected a number ${withDecimal(rangeText(field.range))}, got ${shown}` };
  }
  const problem = numberProblem(field.range, value);
  return problem === undefined ? { value } : { problem: withDecimal(problem) };
}

function stepsOf({ key, shiftKey }: KeyboardEvent): number {
  switch (key) {
    case 'ArrowUp':
      return shiftKey ? 10 : 1;
    case 'ArrowDown':
      return shiftKey ? -10 : -1;
    case 'PageUp':
      return 10;
    case 'PageDown':
      return -10;
    default:
      return 0;
  }
}

function stepped({ range }: NumberField, value: number, steps: number): number {
  if (range.scale !== 'log') return addStep(value, steps * range.step);
  return Number((value * 10 ** (steps * range.step)).toPrecision(2));
}

function isFocused(input: HTMLElement): boolean {
  return (input.getRootNode() as Document | ShadowRoot).activeElement === input;
}
