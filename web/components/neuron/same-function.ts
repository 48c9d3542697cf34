import { html, type TemplateResult } from 'lit';
import type { Lines } from '../../charts/lines.ts';
import { sharedClient } from '../../client/engine-client.ts';
import { formatNumber } from '../format-number.ts';
import '../lab/lines-figure.ts';
import { NeuronFigure } from './figure.ts';
import { MOST, sameFunction, sameFunctionSentence, type TwoRuns } from './same-function-numbers.ts';
import type { Settings, Stops } from './stops.ts';

/** `<bn-same-function>`: the same function written with and without normalising, and where SGD takes each. */
export class SameFunction extends NeuronFigure<TwoRuns> {
  protected override readonly first = { lr: 0.1, scale: 1, shift: 0 };
  protected override readonly stops: Readonly<Record<string, Stops>> = {
    lr: {
      label: html`Learning rate <i>η</i>`,
      name: 'Learning rate',
      places: [0.01, 0.03, 0.1, 0.3, 0.5, 1, 2],
    },
    scale: { label: 'Inputs times', name: 'Inputs times', places: [0.1, 0.3, 1, 3, 10] },
    shift: { label: 'Inputs plus', name: 'Inputs plus', places: [0, 1, 3, 10] },
  };

  protected override async compute(settings: Settings): Promise<TwoRuns> {
    return sameFunction(await sharedClient(), settings);
  }

  protected override sentence(runs: TwoRuns): string {
    return sameFunctionSentence(runs);
  }

  protected override show(runs: TwoRuns): TemplateResult {
    return html`<p class="note">
        At the start γ = 1 and β = 0; so γ′ = ${formatNumber(runs.gamma)} and β′ = ${formatNumber(runs.beta)}.
      </p>
      <bn-lab-lines
        name="Loss after each step"
        .data=${lines(runs)}
        .conclusion=${this.sentence(runs)}
      ></bn-lab-lines>`;
  }
}

function lines({ normalised, plain }: TwoRuns): Lines {
  const points = (losses: readonly number[]) => {
    const beyond = losses.findIndex((loss) => loss > MOST);
    return (beyond < 0 ? losses : losses.slice(0, beyond)).map((y, x) => ({ x, y }));
  };
  return {
    lines: [
      { label: 'γx̂ + β', points: points(normalised), color: '--xhat', dashed: false },
      { label: 'γ′u + β′', points: points(plain), color: '--x', dashed: true },
    ],
    x: { title: 'steps' },
    y: { title: 'loss', log: true, format: formatNumber, min: 0.01, max: MOST },
  };
}

customElements.define('bn-same-function', SameFunction);

declare global {
  interface HTMLElementTagNameMap {
    'bn-same-function': SameFunction;
  }
}
