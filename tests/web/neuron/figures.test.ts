import { beforeAll, describe, expect, it } from 'vitest';
import {
  identityAgain,
  identityAgainSentence,
} from '../../../web/components/neuron/identity-again-numbers.ts';
import type { Client } from '../../../web/components/neuron/neuron-data.ts';
import { normBalance, normBalanceSentence } from '../../../web/components/neuron/norm-balance-numbers.ts';
import { sameFunction, sameFunctionSentence } from '../../../web/components/neuron/same-function-numbers.ts';
import { readSettings } from '../../../web/components/neuron/stops.ts';
import { weightScale, weightScaleSentence } from '../../../web/components/neuron/weight-scale-numbers.ts';
import { load } from '../../wasm/support.ts';
import { asClient } from '../chapter-2-numbers.ts';

let client: Client;

beforeAll(async () => {
  client = asClient(await load('simd', 'figures'));
});

describe('the scaled weights', () => {
  const pair = (settings: { a: number; bias: number; gamma: number }) => weightScale(client, settings);

  it('leave the outputs as they were, and divide the gradient and, squared, the effective learning rate', async () => {
    const { before, now } = await pair({ a: 2, bias: 0, gamma: 1 });
    now.y.data.forEach((y, example) => expect(y).toBeCloseTo(before.y.data[example]!, 4));
    expect(now.gradient_norm.data[0]! / before.gradient_norm.data[0]!).toBeCloseTo(1 / 2, 4);
    expect(now.effective_lr.data[0]! / before.effective_lr.data[0]!).toBeCloseTo(1 / 4, 12);
  });

  it('do not hear the bias', async () => {
    const { before, now } = await pair({ a: 1, bias: 4, gamma: 1 });
    now.y.data.forEach((y, example) => expect(y).toBeCloseTo(before.y.data[example]!, 12));
    expect(now.dbias).toBeCloseTo(0, 14);
  });

  it('mirror the outputs when they are negative, and a negative γ mirrors them back', async () => {
    const mirrored = await pair({ a: -1, bias: 0, gamma: 1 });
    const back = await pair({ a: -1, bias: 0, gamma: -1 });
    back.now.y.data.forEach((y, example) => {
      expect(mirrored.now.y.data[example]).toBeCloseTo(-y, 12);
      expect(y).toBeCloseTo(back.before.y.data[example]!, 12);
    });
  });

  it.each([
    [{ a: 1, bias: 0, gamma: 1 }, /^Each u is what it was; x̂ and y stay/],
    [{ a: 2, bias: -1, gamma: 1 }, /^Each u is 2 times what it was and moved by −1; x̂ and y stay/],
    [{ a: -2, bias: 0, gamma: 1 }, /x̂ is mirrored, and with it y\./],
    [{ a: 1, bias: 0, gamma: -1 }, /x̂ stays, and γ mirrors y\./],
    [{ a: -1, bias: 0, gamma: -1 }, /the outputs y are what they were\./],
  ])('say of %o what is to be seen', async (settings, words) => {
    expect(weightScaleSentence(await pair(settings), settings)).toMatch(words);
  });
});

describe('the same function, twice', () => {
  it('begins with one loss, whatever the inputs’ unit', async () => {
    for (const scale of [0.1, 1, 10]) {
      const { normalised, plain } = await sameFunction(client, { lr: 0.1, scale, shift: 3 });
      expect(plain[0]).toBeCloseTo(normalised[0]!, 10);
    }
  });

  it('learns the same with batch normalization in every unit, and without only in some', async () => {
    const [calm, far] = await Promise.all(
      [1, 3].map((scale) => sameFunction(client, { lr: 0.3, scale, shift: 0 })),
    );
    far!.normalised.forEach((loss, step) => expect(loss).toBeCloseTo(calm!.normalised[step]!, 3));
    expect(calm!.plainDiverged).toBe(false);
    expect(far!.plainDiverged).toBe(true);
    expect(sameFunctionSentence(far!)).toMatch(
      /passes 1000 at step \d+ and is beyond any number at step \d+\.$/,
    );
  });

  it('is learned sooner without, where inputs are well-behaved and steps small', async () => {
    const { normalised, plain } = await sameFunction(client, { lr: 0.1, scale: 1, shift: 0 });
    expect(plain[20]).toBeLessThan(normalised[20]!);
  });

  it('is not learned with too large a step, with batch normalization either', async () => {
    const { normalised } = await sameFunction(client, { lr: 2, scale: 1, shift: 0 });
    expect(normalised.at(-1)).toBeGreaterThan(normalised[0]!);
  });
});

describe('γ and β on their way to the identity', () => {
  it.each([-3, -1, 0, 1, 3])('arrive from γ = %d', async (start) => {
    const { gamma, beta, mean, std } = await identityAgain(client, { lr: 0.1, start });
    expect(gamma.at(-1)).toBeCloseTo(std, 0);
    expect(beta.at(-1)).toBeCloseTo(mean, 0);
  });

  it('leave it for good when steps are too long', async () => {
    const result = await identityAgain(client, { lr: 2.1, start: 1 });
    expect(Math.abs(result.beta.at(-1)!)).toBeGreaterThan(1000);
    expect(identityAgainSentence(result)).toMatch(/^After 200 steps γ is/);
  });
});

describe('the length of weights before batch normalization', () => {
  it('only grows without decay', async () => {
    for (const { weight_norm } of await normBalance(client, { lr: 0.3, decay: 0 }))
      weight_norm.data
        .slice(1)
        .forEach((norm, step) => expect(norm).toBeGreaterThanOrEqual(weight_norm.data[step]!));
  });

  it('comes to one value with decay, wherever it began, and a step then turns the weights by √(2ηλ)', async () => {
    const settings = { lr: 0.3, decay: 0.01 };
    const runs = await normBalance(client, settings);
    const ends = runs.map(({ weight_norm }) => weight_norm.data.at(-1)!);
    expect(Math.max(...ends) / Math.min(...ends)).toBeLessThan(1.01);
    for (const { turn_rms, turn_in_balance } of runs) expect(turn_rms / turn_in_balance).toBeCloseTo(1, 1);
    expect(normBalanceSentence(runs, settings)).toMatch(/√\(2ηλ\) is 0\.0775\.$/);
  });
});

describe('what a question asks for', () => {
  const stops = { a: { label: 'a', name: 'a', places: [1, 2] } };

  it('is read', () => expect(readSettings('a=2', stops)).toEqual({ a: 2 }));

  it.each(['a=3', 'b=1', 'a'])('is refused when it is %s', (text) => {
    expect(() => readSettings(text, stops)).toThrow(/asked=/);
  });
});
