import { describe, expect, it } from 'vitest';
import {
  acrossLayers,
  conclusion,
  measured,
  MEASURES,
  measureOverTime,
  whereNormalised,
  type LayerNumbers,
  type MeasureName,
} from '../../../web/components/lab/layer-measures.ts';
import { blocksOf, type Block } from '../../../web/components/lab/layer-names.ts';
import type { LayerSpec } from '../../../web/protocol/experiment.ts';
import { tensor } from '../../../web/protocol/tensor.ts';

const PLAIN: LayerSpec[] = [
  { kind: 'linear', units: 8 },
  { kind: 'relu' },
  { kind: 'linear', units: 8 },
  { kind: 'relu' },
  { kind: 'linear', units: 2 },
];
const BLOCKS = blocksOf(PLAIN);

function measure(name: MeasureName) {
  return MEASURES.find((each) => each.name === name)!;
}

/** What the engine would say of a network whose weights have these gradients. */
function numbers(changed: Partial<Record<keyof LayerNumbers, number[]>>): LayerNumbers {
  const none = PLAIN.map(() => NaN);
  const all = (key: keyof LayerNumbers) => tensor(Float64Array.from(changed[key] ?? none));
  return {
    output_mean: all('output_mean'),
    output_std: all('output_std'),
    gradient_rms: all('gradient_rms'),
    dead: all('dead'),
    saturated: all('saturated'),
    weight_norm: all('weight_norm'),
    weight_gradient_norm: all('weight_gradient_norm'),
    effective_lr: all('effective_lr'),
  };
}

function said(name: MeasureName, arms: LayerNumbers[], place = 'hidden 1', first?: LayerNumbers[]): string {
  const of = measure(name);
  return conclusion(
    of,
    arms.map((one, arm) => ({
      values: measured(of, one, BLOCKS),
      ...(first && { first: measured(of, first[arm]!, BLOCKS) }),
    })),
    place,
  );
}

describe('the conclusion of a measure', () => {
  const even = numbers({ weight_gradient_norm: [0.3, NaN, 0.3, NaN, 0.25] });
  const vanishing = numbers({ weight_gradient_norm: [0.001, NaN, 0.02, NaN, 0.4] });

  it('says by how much one network’s gradient is larger, and what depth does to each', () => {
    expect(said('gradient', [even, vanishing])).toBe(
      'In hidden 1, A’s gradient of the weights is 300 times B’s (0.3 and 0.001). ' +
        'From output back to hidden 1, A’s stays within a factor of 2. ' +
        'From output back to hidden 1, B’s shrinks to one part in 400.',
    );
  });

  it('names the network with the larger one, whichever it is', () => {
    expect(said('gradient', [vanishing, even])).toContain(
      'In hidden 1, B’s gradient of the weights is 300 times A’s',
    );
  });

  it('does not make a difference of what is none', () => {
    expect(said('gradient', [even, even])).toContain(
      'The gradient of the weights of hidden 1 is 0.3 in both A and B.',
    );
    const near = numbers({ weight_gradient_norm: [0.31, NaN, 0.3, NaN, 0.25] });
    expect(said('gradient', [even, near])).toContain('is about the same in A and B (0.3 and 0.31).');
  });

  it('divides by no zero', () => {
    const none = numbers({ weight_gradient_norm: [0, NaN, 0, NaN, 0.4] });
    expect(said('gradient', [none, even])).toContain(
      'The gradient of the weights of hidden 1 is 0 in A and 0.3 in B.',
    );
  });

  it('tells of one network alone', () => {
    expect(said('gradient', [vanishing])).toBe(
      'Gradient of the weights of hidden 1: 0.001. From output back to hidden 1, A’s shrinks to one part in 400.',
    );
  });

  it('does not take like ends for little change between them', () => {
    const arch = numbers({ weight_gradient_norm: [0.067, NaN, 0.16, NaN, 0.055] });
    expect(said('gradient', [arch])).toContain(
      'From output back to hidden 1, A’s is 0.055 at least (output) and 0.16 at most (hidden 2).',
    );
  });

  it('finds the layer with most dead units', () => {
    const dead = numbers({ dead: [NaN, 0.125, NaN, 0.5, NaN] });
    const alive = numbers({ dead: [NaN, 0, NaN, 0, NaN] });
    expect(said('dead', [alive, dead])).toBe(
      'Dead units, in the layer with most of them: none in A and 50 % in hidden 2 of B.',
    );
  });

  it('says where there can be none', () => {
    expect(said('saturated', [even, even])).toBe('There is no layer with sigmoid or tanh here.');
  });

  it('tells how the weights have grown', () => {
    const before = numbers({ weight_norm: [2, NaN, 2, NaN, 1] });
    const after = numbers({ weight_norm: [3, NaN, 2, NaN, 1] });
    expect(said('weight_norm', [after, before], 'hidden 1', [before, before])).toBe(
      'Size of the weights of hidden 1: from 2 to 3 in A and from 2 to 2 in B.',
    );
  });

  it('says nothing of layers it has not seen', () => {
    expect(said('gradient', [numbers({})])).toBe('There is no number to show here yet.');
  });
});

describe('other sentences', () => {
  it('follow a measure over the steps seen', () => {
    const entries = [
      { step: 10, value: { numbers: numbers({ output_std: [1, NaN, NaN, NaN, NaN] }) } },
      { step: 500, value: { numbers: numbers({ output_std: [8.6, NaN, NaN, NaN, NaN] }) } },
    ];
    expect(measureOverTime(measure('spread'), [{ arm: 0, block: BLOCKS[0], entries }], 'hidden 1')).toBe(
      'Spread of the pre-activation of hidden 1: from 1 (step 10) to 8.6 (step 500) in A.',
    );
    expect(measureOverTime(measure('dead'), [{ arm: 0, block: BLOCKS[2], entries }], 'output')).toBe(
      'output has no such number.',
    );
  });

  it('compare the ends of the networks', () => {
    const spread = new Map([
      ['hidden 1', 1.2],
      ['hidden 2', 0.5],
      ['output', 0.03],
    ]);
    const of = ({ name }: Block) => spread.get(name) ?? NaN;
    expect(acrossLayers('Standard deviation', [{ blocks: BLOCKS, of }])).toBe(
      'Standard deviation: 1.2 (hidden 1) to 0.03 (output) in A.',
    );
  });

  it('say where values are normalised', () => {
    const layers = PLAIN.flatMap((layer): LayerSpec[] =>
      layer.kind === 'relu' ? [{ kind: 'batch_norm' }, layer] : [layer],
    );
    expect(whereNormalised([blocksOf(layers), BLOCKS])).toBe(
      'Values are normalised in hidden 1 and hidden 2 of A and nowhere in B.',
    );
  });
});
