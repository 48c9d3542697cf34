import { html, svg, type TemplateResult } from 'lit';
import type { DeepSettings } from './settings.ts';
import {
  BINS,
  type DeepSignals,
  type LayerSignals,
  type NetworkSignals,
  rangeOf,
  type Shown,
} from './observe.ts';

/** Layers that are drawn, of how many there may be. */
const MOST = 6;
const HEIGHT = 40;
/** The share of values in one bin that fills the height. */
const FULL = 0.2;

/** The first layer, the last, and some between, evenly. */
export function shownLayers(depth: number): readonly number[] {
  const count = Math.min(depth, MOST);
  return Array.from({ length: count }, (_, i) => Math.round((i * (depth - 1)) / Math.max(1, count - 1)));
}

/** A row for each layer shown: its histogram without and with batch normalization, on one scale. */
export function histograms(
  signals: DeepSignals,
  { depth, activation }: DeepSettings,
  shown: Shown,
): TemplateResult {
  const range = rangeOf(shown, activation);
  const ends = html`<span class="ends"><span>−${range}</span><span>0</span><span>${range}</span></span>`;
  const cell = ({ layers, diverged }: NetworkSignals, layer: number) =>
    diverged === undefined ? bars(layers[layer]!, shown) : html`<span class="note">no longer finite</span>`;
  return html`<div class="histograms" aria-hidden="true">
    <span></span><b>without</b><b>with BN</b>
    ${shownLayers(depth).map(
      (layer) =>
        html`<span class="layer">${layer + 1}</span>
          <div class="cell">${cell(signals.none, layer)}</div>
          <div class="cell">${cell(signals.batch, layer)}</div>`,
    )}
    <span></span>${ends}${ends}
  </div>`;
}

function bars(layer: LayerSignals, shown: Shown): TemplateResult {
  const counts = layer[shown];
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  const path = [...counts].map((count, bin) => {
    // The root shows the tails beside the spike of zeros that ReLU makes.
    const tall = count === 0 ? 0 : Math.max(1, HEIGHT * Math.min(1, Math.sqrt(count / total / FULL)));
    return `M${bin} ${HEIGHT}h0.92v${-tall.toFixed(2)}h-0.92z`;
  });
  return html`<svg viewBox=${`0 0 ${BINS} ${HEIGHT}`} preserveAspectRatio="none">
    ${svg`<path class=${shown} d=${path.join('')} />`}
  </svg>`;
}
