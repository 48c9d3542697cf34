import { html, LitElement, type TemplateResult } from 'lit';
import type { Lab } from '../../client/lab.ts';
import type { LabExamples, LabValue } from '../../protocol/lab.ts';
import { controls } from '../../style/controls.ts';
import { block } from '../../style/parts.ts';
import './curve.ts';
import { LabFrames } from './frames.ts';
import './regions.ts';

/** `<bn-lab-map>`: what the models predict wherever there could be an example: over two features or along one. */
export class LabMap extends LitElement {
  static override properties = {
    value: { attribute: false },
    lab: { attribute: false },
    examples: { attribute: false },
  };

  declare lab: Lab | undefined;
  /** Its `emphasis` says which modes are drawn. */
  declare value: Pick<LabValue, 'emphasis'> | undefined;
  /** The reader's own examples, whose classes and features may have names. */
  declare examples: LabExamples | undefined;

  protected readonly frames = new LabFrames(this);

  override render(): TemplateResult {
    const { inputs, classes } = this.lab?.opened?.data ?? {};
    if (inputs === undefined) return html`<p class="note">There are no models yet.</p>`;
    if (inputs === 2 && classes)
      return html`<bn-lab-regions
        .lab=${this.lab}
        .examples=${this.examples}
        .emphasis=${this.value?.emphasis ?? 'both'}
      ></bn-lab-regions>`;
    if (inputs === 1) return html`<bn-lab-curve .lab=${this.lab}></bn-lab-curve>`;
    return html`<p class="note">
      ${
        inputs === 2
          ? 'Over two features only classes are drawn, not values.'
          : `These examples have ${inputs} features: there is no plane to draw predictions on.`
      }
    </p>`;
  }

  static override styles = [controls, block];
}

customElements.define('bn-lab-map', LabMap);

declare global {
  interface HTMLElementTagNameMap {
    'bn-lab-map': LabMap;
  }
}
