import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Lab } from '../../client/lab.ts';
import { grouped } from '../../protocol/decimal.ts';
import type { LabValue } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { type LabCommand, LabCommandEvent, LabEditEvent } from './events.ts';
import { LabFrames } from './frames.ts';

const SPEEDS = [0, 1, 2, 5, 10, 30, 100, 1000];

/** Training's controls: run, pause, one batch, one epoch, rewind, and when to stop; and where training has got to. */
export class LabRunBar extends LitElement {
  static override properties = {
    lab: { attribute: false },
    value: { attribute: false },
    locked: { type: String },
  };

  declare lab: Lab | undefined;
  declare value: LabValue;
  /** Why nothing can be run now; absent when it can. */
  declare locked: string | undefined;

  protected readonly frames = new LabFrames(this);

  override render(): TemplateResult {
    const { lab } = this;
    const running = lab?.status === 'running';
    const ready = lab?.status === 'ready' || running;
    const can = ready && this.locked === undefined;
    const start = (lab?.frame?.arms[0]?.step ?? 0) === 0;
    const command = (name: LabCommand) => () => this.dispatchEvent(new LabCommandEvent(name));
    return html`
      <div class="bar" role="group" aria-label="Training">
        <button
          class="primary run"
          ?disabled=${!can}
          aria-describedby=${this.locked === undefined ? nothing : 'locked'}
          aria-keyshortcuts="Space"
          @click=${command(running ? 'pause' : 'run')}
        >
          <span aria-hidden="true">${running ? '❚❚' : '▶'}</span> ${running ? 'Pause' : 'Run'}
        </button>
        <button ?disabled=${!can} aria-keyshortcuts="S" @click=${command('batch')}>
          Step<span class="wide"> one batch</span>
        </button>
        <button ?disabled=${!can} aria-keyshortcuts="E" @click=${command('epoch')}>Epoch</button>
        <button
          ?disabled=${!ready || start}
          aria-label="Rewind"
          aria-keyshortcuts="R"
          title="The same initial weights and the same order again"
          @click=${command('rewind')}
        >
          <span aria-hidden="true">⏮</span><span class="wide">Rewind</span>
        </button>
        ${this.#speed()}
        <p class="status">${this.#status()}</p>
      </div>
      ${this.locked === undefined ? nothing : html`<p class="note" id="locked">${this.locked}</p>`}
    `;
  }

  #status(): TemplateResult | string {
    const { lab } = this;
    if (this.locked !== undefined && lab?.status === 'empty') return '';
    if (!lab || lab.status === 'empty' || lab.status === 'opening') return 'Preparing…';
    const arms = lab.frame?.arms ?? [];
    const [a, b] = arms;
    if (!a) return '';
    // Different batch sizes: the same number of steps is another number of epochs.
    const epochs = b && b.epoch !== a.epoch ? `epoch A ${a.epoch}, B ${b.epoch}` : `epoch ${a.epoch}`;
    const speed = lab.frame?.speed ?? 0;
    return html`<span>step <b>${grouped(a.step)}</b></span> <span>${epochs}</span>
      <span class="speed"
        >${lab.status === 'running' && speed > 0 ? `${grouped(speed)} steps/s` : nothing}</span
      >`;
  }

  #speed(): TemplateResult {
    const { speed } = this.value;
    return html`<select
      aria-label="Speed"
      .value=${live(String(speed))}
      @change=${(event: Event) =>
        this.dispatchEvent(new LabEditEvent({ speed: Number((event.target as HTMLSelectElement).value) }))}
    >
      ${[...new Set([...SPEEDS, speed])].map(
        (one) =>
          html`<option value=${one} ?selected=${one === speed}>
            ${one === 0 ? 'Full speed' : `${grouped(one)} ${one === 1 ? 'step/s' : 'steps/s'}`}
          </option>`,
      )}
    </select>`;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font: var(--size-m) / 1.4 var(--font-sans);
      }

      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }

      .run {
        min-width: 6rem;
        min-height: 2.25rem;
        font-weight: 600;
      }

      .bar :is(button, select) {
        min-height: 2.25rem;
      }

      button {
        gap: 0.35em;
      }

      .status {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        margin: 0 0 0 var(--space-2);
        font-variant-numeric: tabular-nums lining-nums;
      }

      .run:disabled {
        background: transparent;
        color: var(--text-muted);
      }

      .speed {
        color: var(--text-muted);
      }

      #locked {
        margin: var(--space-2) 0 0;
      }

      @container (max-width: 50rem) {
        .wide {
          display: none;
        }
      }

      @container (max-width: 30rem) {
        .bar {
          gap: var(--space-1);
        }

        .run {
          min-width: 5.2rem;
        }

        .bar button {
          padding-inline: 0.55em;
        }

        /* One line with the speed that was chosen. */
        .speed {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('bn-lab-run-bar', LabRunBar);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-run-bar': LabRunBar;
  }
}
