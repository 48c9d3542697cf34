import { html, type TemplateResult } from 'lit';
import type { Line, Lines } from '../../charts/lines.ts';
import { sharedClient } from '../../client/engine-client.ts';
import { formatNumber } from '../format-number.ts';
import '../lab/lines-figure.ts';
import { NeuronFigure } from './figure.ts';
import { normBalance, normBalanceSentence, type Run, STARTS } from './norm-balance-numbers.ts';
import type { Settings, Stops } from './stops.ts';

/** The chart shows every so manieth step. */
const EVERY = 10;

/** `<bn-norm-balance>`: how long the weights before batch normalization become, with weight decay and without. */
export class NormBalance extends NeuronFigure<Run[]> {
  protected override readonly first = { lr: 0.3, decay: 0 };
  protected override readonly stops: Readonly<Record<string, Stops>> = {
    lr: { label: html`Learning rate <i>η</i>`, name: 'Learning rate', places: [0.1, 0.2, 0.3, 0.5, 1] },
    decay: {
      label: html`Weight decay <i>λ</i>`,
      name: 'Weight decay',
      places: [0, 0.001, 0.003, 0.01, 0.03, 0.1],
    },
  };

  protected override async compute(settings: Settings): Promise<Run[]> {
    return normBalance(await sharedClient(), settings);
  }

  protected override sentence(runs: Run[], settings: Settings): string {
    return normBalanceSentence(runs, settings);
  }

  protected override show(runs: Run[], settings: Settings): TemplateResult {
    return html`<bn-lab-lines
      name="Length of the weights after each step"
      .data=${lines(runs)}
      .conclusion=${this.sentence(runs, settings)}
    ></bn-lab-lines>`;
  }
}

const LOOKS = [
  { color: '--text', dashed: false },
  { color: '--training-line', dashed: false },
  { color: '--inference', dashed: true },
] as const;

function lines(runs: readonly Run[]): Lines {
  return {
    lines: runs.map(({ weight_norm }, index): Line => ({
      label: `from ${formatNumber(STARTS[index]!)}`,
      points: [...weight_norm.data].map((y, x) => ({ x, y })).filter(({ x }) => x % EVERY === 0),
      ...LOOKS[index]!,
    })),
    x: { title: 'steps' },
    y: { title: 'length of the weights', log: false, format: formatNumber, min: 0 },
  };
}

customElements.define('bn-norm-balance', NormBalance);

declare global {
  interface HTMLElementTagNameMap {
    'bn-norm-balance': NormBalance;
  }
}
