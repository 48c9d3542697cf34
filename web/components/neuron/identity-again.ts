import { html, type TemplateResult } from 'lit';
import type { Lines } from '../../charts/lines.ts';
import { sharedClient } from '../../client/engine-client.ts';
import { formatNumber } from '../format-number.ts';
import '../lab/lines-figure.ts';
import { NeuronFigure } from './figure.ts';
import { identityAgain, identityAgainSentence, type Recovered, STEPS } from './identity-again-numbers.ts';
import type { Settings, Stops } from './stops.ts';

/** `<bn-identity-again>`: γ and β on their way to undoing the normalisation, as far as they can. */
export class IdentityAgain extends NeuronFigure<Recovered> {
  protected override readonly first = { lr: 0.03, start: 1 };
  protected override readonly stops: Readonly<Record<string, Stops>> = {
    lr: {
      label: html`Learning rate <i>η</i>`,
      name: 'Learning rate',
      places: [0.01, 0.03, 0.1, 0.3, 1, 1.5, 1.9, 2.1],
    },
    start: { label: html`<i>γ</i> starts at`, name: 'γ starts at', places: [-3, -1, 0, 1, 3] },
  };

  protected override async compute(settings: Settings): Promise<Recovered> {
    return identityAgain(await sharedClient(), settings);
  }

  protected override sentence(recovered: Recovered): string {
    return identityAgainSentence(recovered);
  }

  protected override show(recovered: Recovered): TemplateResult {
    return html`<bn-lab-lines
      name="γ and β after each step"
      .data=${lines(recovered)}
      .conclusion=${this.sentence(recovered)}
    ></bn-lab-lines>`;
  }
}

/** Far beyond what the axis is for. */
const MOST = 20;

function lines({ gamma, beta, mean, std }: Recovered): Lines {
  const points = (values: readonly number[]) => {
    const beyond = values.findIndex((value) => Math.abs(value) > MOST);
    return (beyond < 0 ? values : values.slice(0, beyond)).map((y, x) => ({ x, y }));
  };
  const level = (y: number) => [
    { x: 0, y },
    { x: STEPS, y },
  ];
  return {
    lines: [
      { label: 'β', points: points(beta), color: '--y', dashed: false },
      { label: 'mean of the examples', points: level(mean), color: '--y', dashed: true },
      { label: 'γ', points: points(gamma), color: '--xhat', dashed: false },
      { label: 'their standard deviation', points: level(std), color: '--xhat', dashed: true },
    ],
    x: { title: 'steps' },
    y: { title: 'γ and β', log: false, format: formatNumber },
  };
}

customElements.define('bn-identity-again', IdentityAgain);

declare global {
  interface HTMLElementTagNameMap {
    'bn-identity-again': IdentityAgain;
  }
}
