import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Lab } from '../../client/lab.ts';
import { controls } from '../../style/controls.ts';
import { formatNumber } from '../format-number.ts';
import { armName } from './words.ts';
import { LabFrames } from './frames.ts';

/** Inputs of an example that fit into a table; pictures have many more. */
const INPUTS = 4;
const ROWS = 64;

/** Who is in the batch of the last step: example by example, with what the network gets to see of it. */
export class LabMembers extends LitElement {
  static override properties = { lab: { attribute: false }, open: { state: true } };

  declare lab: Lab | undefined;
  declare private open: boolean;

  protected readonly frames = new LabFrames(this);

  constructor() {
    super();
    this.open = false;
  }

  override render(): TemplateResult {
    const arms = this.lab?.frame?.arms ?? [];
    return html`<details @toggle=${(event: Event) => (this.open = (event.target as HTMLDetailsElement).open)}>
      <summary>The batch of the last step: ${this.#summary()}</summary>
      ${this.open ? html`<div class="arms">${this.#tables()}</div>` : nothing}
      ${this.open && arms.every(({ members }) => members === undefined) ? html`<p class="note">No step has been made yet.</p>` : nothing}
    </details>`;
  }

  #batches(): readonly { name: string; members: Int32Array }[] {
    const arms = this.lab?.frame?.arms ?? [];
    const [a, b] = arms.map(({ members }) => members);
    if (a && b && String(a) === String(b)) return [{ name: 'A and B', members: a }];
    return arms.flatMap(({ members }, arm) => (members ? [{ name: armName(arm), members }] : []));
  }

  #summary(): string {
    const batches = this.#batches();
    if (batches.length === 0) return 'none yet';
    const count = (members: Int32Array) =>
      `${members.length} ${members.length === 1 ? 'example' : 'examples'}`;
    if (batches.length === 1) {
      const [{ name, members } = { name: '', members: new Int32Array() }] = batches;
      return `${count(members)}${name.includes('and') ? ', the same for A and B' : ''}`;
    }
    return batches.map(({ name, members }) => `${name} ${count(members)}`).join(', ');
  }

  #tables(): readonly TemplateResult[] {
    const train = this.lab?.opened?.train;
    if (!train) return [];
    const [, inputs = 0] = train.x.shape;
    const shown = Math.min(inputs, INPUTS);
    const columns = train.y.shape[1] ?? 1;
    const target = train.y.data instanceof Int32Array ? 'class' : 'value';
    return this.#batches().map(({ name, members }) => {
      const rows = [...members.subarray(0, ROWS)];
      return html`<div class="scroll" tabindex="0" role="group" aria-label=${`Batch of ${name}`}>
        <table class="numbers">
          <caption>
            ${name}${members.length > ROWS ? `: the first ${ROWS} of ${members.length}` : nothing}
          </caption>
          <thead>
            <tr>
              <th scope="col">example</th>
              <th scope="col">${target}</th>
              ${Array.from({ length: shown }, (_, i) => html`<th scope="col" class="x">x${sub(i + 1)}</th>`)}
              ${inputs > shown ? html`<td>…</td>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${rows.map((example) => {
              const known = example * inputs + inputs <= train.x.data.length;
              return html`<tr>
                <th scope="row">${example + 1}</th>
                <td>
                  ${known ? formatNumber(Number((train.y.data[example * columns] ?? 0).toPrecision(4))) : '…'}
                </td>
                ${Array.from(
                  { length: shown },
                  (_, i) =>
                    html`<td class="x">
                      ${known ? formatNumber(Number((train.x.data[example * inputs + i] ?? 0).toPrecision(4))) : '…'}
                    </td>`,
                )}
                ${inputs > shown ? html`<td>…</td>` : nothing}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>`;
    });
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font: var(--size-m) / 1.4 var(--font-sans);
      }

      summary {
        min-height: var(--target);
        line-height: var(--target);
        cursor: pointer;
      }

      .arms {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-4);
      }

      .scroll {
        max-height: 16rem;
        overflow: auto;
        font-size: var(--size-s);
      }
    `,
  ];
}

const sub = (index: number): string => '₁₂₃₄'.charAt(index - 1);

customElements.define('bn-lab-members', LabMembers);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-members': LabMembers;
  }
}
