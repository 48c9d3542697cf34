import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { classShape } from '../../charts/class-marks.ts';
import { controls } from '../../style/controls.ts';
import { block, textBox } from '../../style/parts.ts';
import { formatNumber } from '../format-number.ts';
import { UndoHistory } from '../undo-history.ts';
import { countOf } from './csv-words.ts';
import {
  classesOf,
  DRAWN_CLASSES,
  drawnExamples,
  type DrawnPoint,
  MAX_POINTS,
  nearestPoint,
  onPad,
  PAD_REACH,
  pointsText,
  readPoints,
} from './drawn-points.ts';
import { LabExamplesEvent, LabSayEvent } from './events.ts';

type Points = readonly DrawnPoint[];
type Tool = number | 'erase';

const RADIUS = 0.035;
/** Half the side of the pad: points at its edge are seen whole. */
const HALF = PAD_REACH + 0.06;
/** Between two points of one stroke. */
const SPACING = 0.09;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * A pad for points of two to four classes: by mouse (a stroke places several), by touch, by keyboard, or as text. Its
 * button hands them to the Lab (LabExamplesEvent).
 */
export class LabDraw extends LitElement {
  static override properties = {
    points: { state: true },
    tool: { state: true },
    cursor: { state: true },
    draft: { state: true },
    problem: { state: true },
    used: { state: true },
  };

  declare private points: Points;
  /** What a press places, or that it takes away. */
  declare private tool: Tool;
  /** Where the keyboard is. */
  declare private cursor: { x: number; y: number };
  /** Text that is no list of points, while its writer mends it. */
  declare private draft: string | undefined;
  declare private problem: string | undefined;
  /** Whether the Lab has these points. */
  declare private used: boolean;

  readonly #history = new UndoHistory<Points>([]);
  /** Counts strokes, so that each is one step of undo. */
  #stroke = 0;
  #last: { x: number; y: number } | undefined;

  constructor() {
    super();
    this.points = [];
    this.tool = 0;
    this.cursor = { x: 0, y: 0 };
    this.used = false;
  }

  override render(): TemplateResult {
    const enough = classesOf(this.points).length > 1;
    return html`
      <fieldset class="segmented">
        <legend>A press places</legend>
        ${Array.from({ length: DRAWN_CLASSES }, (_, label) => this.#toolChoice(label))}
        ${this.#toolChoice('erase')}
      </fieldset>
      ${this.#pad()}
      <p id="help" class="note">
        Press to place a point; with a mouse, hold and move for more. With a keyboard: arrow keys move the
        cursor (with Shift, farther), Enter places a point, 1 to ${DRAWN_CLASSES} choose the class, Delete
        takes the nearest point away.
      </p>
      <div class="actions">
        <button class="quiet" ?disabled=${!this.#history.canUndo} @click=${this.#undo}>Undo</button>
        <button class="quiet" ?disabled=${!this.#history.canRedo} @click=${this.#redo}>Redo</button>
        <button class="quiet" ?disabled=${this.points.length === 0} @click=${this.#clear}>Clear</button>
        <button class="primary" ?disabled=${!enough || this.used} @click=${this.#use}>
          Use ${this.points.length === 1 ? 'this point' : `these ${this.points.length} points`}
        </button>
        <span class="note"
          >${this.used ? 'They are in the Lab.' : enough ? nothing : 'It takes points of two classes or more.'}</span
        >
      </div>
      <details>
        <summary>The points as text</summary>
        <label for="text">x, y and class, a line for each point</label>
        <textarea
          id="text"
          rows="8"
          spellcheck="false"
          aria-invalid=${this.problem !== undefined}
          aria-describedby=${this.problem === undefined ? nothing : 'problem'}
          .value=${live(this.draft ?? pointsText(this.points))}
          @change=${this.#setText}
        ></textarea>
        ${this.problem === undefined ? nothing : html`<p id="problem" class="problem">${this.problem}</p>`}
      </details>
    `;
  }

  #toolChoice(tool: Tool): TemplateResult {
    const name = tool === 'erase' ? 'Erase' : `${tool + 1}`;
    return html`<label>
      <input
        type="radio"
        name="tool"
        .checked=${live(this.tool === tool)}
        aria-label=${tool === 'erase' ? 'Erase' : `Class ${tool + 1}, a ${classShape(tool).name}`}
        @change=${() => (this.tool = tool)}
      />
      <span class="tool">${tool === 'erase' ? nothing : mark(tool)}${name}</span>
    </label>`;
  }

  #pad(): TemplateResult {
    const { x, y } = this.cursor;
    const classes = classesOf(this.points);
    const each = classes.map(
      (label) => `${this.points.filter((point) => point.label === label).length} of class ${label + 1}`,
    );
    return html`<svg
      class="pad"
      viewBox=${`${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`}
      tabindex="0"
      role="application"
      aria-label=${`Pad with ${each.length === 0 ? 'no points' : `points: ${each.join(', ')}`}`}
      aria-describedby="help"
      @pointerdown=${this.#press}
      @pointermove=${this.#move}
      @pointerup=${this.#release}
      @pointercancel=${this.#cancel}
      @keydown=${this.#key}
    >
      <path class="axes" d="M${-HALF} 0H${HALF}M0 ${-HALF}V${HALF}" />
      ${this.points.map(
        (point) =>
          svg`<path class=${`point class-${point.label}`} transform=${`translate(${point.x} ${-point.y}) scale(${RADIUS})`} d=${classShape(point.label).path} />`,
      )}
      <path
        class="cursor"
        transform=${`translate(${x} ${-y})`}
        d="M-.12 0H-.04M.04 0H.12M0 -.12V-.04M0 .04V.12"
      />
    </svg>`;
  }

  #place(event: PointerEvent): { x: number; y: number } {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    return {
      x: onPad((((event.clientX - box.left) / box.width) * 2 - 1) * HALF),
      y: onPad((1 - ((event.clientY - box.top) / box.height) * 2) * HALF),
    };
  }

  readonly #press = (event: PointerEvent): void => {
    if (!event.isPrimary || event.button !== 0) return;
    // A finger places where it is lifted: until then it may mean to scroll the page.
    if (event.pointerType === 'touch') return;
    (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
    this.#stroke++;
    this.#apply(this.#place(event));
  };

  readonly #move = (event: PointerEvent): void => {
    const last = this.#last;
    if (!last) return;
    const place = this.#place(event);
    if (Math.hypot(place.x - last.x, place.y - last.y) >= SPACING) this.#apply(place);
  };

  readonly #release = (event: PointerEvent): void => {
    if (event.pointerType === 'touch' && event.isPrimary) {
      this.#stroke++;
      this.#apply(this.#place(event));
    }
    this.#cancel();
  };

  readonly #cancel = (): void => {
    this.#last = undefined;
    this.#history.seal();
  };

  /** Places a point or takes the nearest away, as one step of undo with the rest of the stroke. */
  #apply(place: { x: number; y: number }): void {
    this.#last = place;
    this.cursor = place;
    if (this.tool === 'erase') this.#erase(place, SPACING);
    else if (this.points.length < MAX_POINTS)
      this.#set([...this.points, { ...place, label: this.tool }], `stroke ${this.#stroke}`);
  }

  #erase({ x, y }: { x: number; y: number }, within: number): void {
    const nearest = nearestPoint(this.points, x, y, within);
    if (nearest >= 0)
      this.#set(
        this.points.filter((_, i) => i !== nearest),
        `stroke ${this.#stroke}`,
      );
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const label = Number(event.key) - 1;
    if (arrow) {
      const step = event.shiftKey ? 0.2 : 0.05;
      this.cursor = { x: onPad(this.cursor.x + step * arrow[0]), y: onPad(this.cursor.y + step * arrow[1]) };
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.#stroke++;
      this.#apply(this.cursor);
      this.#cancel();
      this.#say();
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.#stroke++;
      this.#erase(this.cursor, Infinity);
      this.#cancel();
      this.#say();
    } else if (event.key.length === 1 && label >= 0 && label < DRAWN_CLASSES) {
      this.tool = label;
    } else {
      return;
    }
    event.preventDefault();
  };

  #say(): void {
    const { x, y } = this.cursor;
    const what = this.tool === 'erase' ? 'Erasing' : `Class ${this.tool + 1}`;
    this.dispatchEvent(
      new LabSayEvent(
        `${what} at ${formatNumber(x)}, ${formatNumber(y)}; ${countOf(this.points.length, 'point')}`,
      ),
    );
  }

  #set(points: Points, group?: string): void {
    this.#history.push(points, group);
    this.#show();
  }

  #show(): void {
    this.points = this.#history.present;
    this.draft = undefined;
    this.problem = undefined;
    this.used = false;
  }

  readonly #undo = (): void => {
    this.#history.undo();
    this.#show();
  };

  readonly #redo = (): void => {
    this.#history.redo();
    this.#show();
  };

  readonly #clear = (): void => this.#set([]);

  readonly #setText = (event: Event): void => {
    const text = (event.target as HTMLTextAreaElement).value;
    const { value, problem } = readPoints(text);
    if (value) return this.#set(value);
    this.draft = text;
    this.problem = problem;
  };

  readonly #use = (): void => {
    this.used = true;
    this.dispatchEvent(new LabExamplesEvent('drawn', drawnExamples(this.points)));
  };

  static override styles = [
    controls,
    block,
    textBox,
    css`
      :host {
        max-width: 30rem;
      }

      .tool {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
      }

      .tool svg {
        width: 1em;
        height: 1em;
      }

      .class-0 {
        fill: var(--class-0);
      }

      .class-1 {
        fill: var(--class-1);
      }

      .class-2 {
        fill: var(--class-2);
      }

      .class-3 {
        fill: var(--class-3);
      }

      .point,
      .tool path {
        stroke: var(--text);
        stroke-width: 1px;
        vector-effect: non-scaling-stroke;
      }

      .segmented label:has(:checked) .tool path {
        stroke: var(--on-accent);
      }

      .pad {
        display: block;
        width: 100%;
        margin-block: var(--space-3) var(--space-2);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface-raised);
        cursor: crosshair;
        touch-action: pan-x pan-y pinch-zoom;
      }

      .axes,
      .cursor {
        fill: none;
        stroke: var(--hairline);
        stroke-width: 1px;
        vector-effect: non-scaling-stroke;
      }

      .cursor {
        visibility: hidden;
        stroke: var(--focus);
        stroke-width: 2px;
      }

      .pad:focus-visible .cursor {
        visibility: visible;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-block: var(--space-3);
      }

      summary {
        min-height: var(--target);
        line-height: var(--target);
        color: var(--text-muted);
        font-size: var(--size-s);
        cursor: pointer;
      }

      details label {
        color: var(--text-muted);
        font-size: var(--size-s);
      }

      textarea {
        font: var(--size-s) / 1.4 var(--font-mono);
      }
    `,
  ];
}

function mark(label: number): TemplateResult {
  return html`<svg viewBox="-1.5 -1.5 3 3" aria-hidden="true">
    <path class=${`class-${label}`} d=${classShape(label).path} />
  </svg>`;
}

customElements.define('bn-lab-draw', LabDraw);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-draw': LabDraw;
  }
}
