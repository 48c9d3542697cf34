import type { Engine } from '../../wasm/engine.ts';
import { normBalance } from '../../web/components/neuron/norm-balance-numbers.ts';
import { asClient } from './chapter-2-numbers.ts';
import { firstSeeds } from './first-seeds.ts';
import type { Measured } from './study-numbers.ts';

/** What “Using it well” says came out, and what it says of ReLU and dropout on a standard normal. */
export async function chapter7(engine: Engine, studies: Engine) {
  const [run] = await normBalance(asClient(engine), { lr: 0.3, decay: 0.01 });
  // ReLU of a standard normal: mean 1/√(2π), mean of squares ½.
  const squares = 1 / 2;
  const variance = squares - 1 / (2 * Math.PI);
  const p = 0.5;
  const heavy = variance + (p / (1 - p)) * squares;
  const ablations = firstSeeds(studies, 'ablations');
  const shift = firstSeeds(studies, 'dropout-shift');
  const decay = firstSeeds(studies, 'weight-norm');
  const rates = firstSeeds(studies, 'rate-decay');
  const noise = firstSeeds(studies, 'batch-noise');
  const ghosts = firstSeeds(studies, 'ghost-batches');
  const company = firstSeeds(studies, 'fixed-batches');
  const stretched = firstSeeds(studies, 'input-scale');
  const percent = (of: Measured, arm: string, at?: number) => 100 * of.mean('accuracy', arm, at);
  const best = (arm: string) => Math.max(...[0.001, 0.01, 0.1, 0.5].map((lr) => percent(stretched, arm, lr)));
  const turn = (arm: string) => decay.mean('turn', arm, 1000);
  const length = (arm: string) => decay.mean('norm', arm, 1000);
  return {
    ablated: {
      relu: {
        usual: percent(ablations, 'relu-usual'),
        plain: percent(ablations, 'relu-plain'),
        after: percent(ablations, 'relu-after'),
        negative: percent(ablations, 'relu-negative'),
      },
      sigmoid: {
        usual: percent(ablations, 'sigmoid-usual'),
        plain: percent(ablations, 'sigmoid-plain'),
        after: percent(ablations, 'sigmoid-after'),
      },
    },
    shifted: [2, 3, 4].map((layer) => shift.mean('ratio', 'heavy', layer)),
    turns: { none: turn('none'), decay: turn('decay'), faster: turn('same-product') },
    lengths: { decay: length('decay'), faster: length('same-product') },
    fall: {
      fast: { high: percent(rates, 'high', 20), none: percent(rates, 'none', 20) },
      slow: { high: percent(rates, 'high', 200), none: percent(rates, 'none', 200) },
    },
    noisy: {
      small: { bn: percent(noise, 'bn', 8), none: percent(noise, 'none', 8) },
      full: { bn: percent(noise, 'bn', 240), none: percent(noise, 'none', 240) },
    },
    ghosts: {
      whole: percent(ghosts, 'shuffled', 240),
      shuffled: percent(ghosts, 'shuffled', 8),
      fixed: percent(ghosts, 'fixed', 8),
    },
    company: {
      bn: { fresh: percent(company, 'bn-new'), same: percent(company, 'bn-same') },
      none: { fresh: percent(company, 'none-new'), same: percent(company, 'none-same') },
    },
    stretched: {
      none: best('none'),
      hidden: best('hidden'),
      input: best('input'),
      standardised: best('none-standardised'),
    },
    dropped: { var: variance, heavy, ratio: variance / heavy },
    balance: {
      length: run!.weight_norm.data.at(-1)!,
      turn: run!.turn_rms,
      theory: run!.turn_in_balance,
    },
  };
}
