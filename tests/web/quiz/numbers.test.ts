import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../wasm/engine.ts';
import { isRightNumber, mistakeOf } from '../../../web/quiz/grade.ts';
import type { Call, NumberQuestion } from '../../../web/quiz/question.ts';
import { findQuestion, QUESTIONS } from '../../../web/quiz/questions.ts';
import { randomOf } from '../../../web/quiz/random.ts';
import { load } from '../../wasm/support.ts';

const questions = QUESTIONS.filter((question): question is NumberQuestion => question.kind === 'number');
const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

let engine: Engine;
const call: Call = (operation, args) => Promise.resolve(engine.call(operation, args));
const drawn = (id: string, seed: number) => (findQuestion(id) as NumberQuestion).draw(randomOf(seed, id));

beforeAll(async () => {
  engine = await load('simd');
});

describe.each(questions.map((question) => [question.id, question] as const))('%s', (_, question) => {
  const asked = SEEDS.map((seed) => question.draw(randomOf(seed, question.id)));

  it('has other numbers for other seeds, and the same for the same', () => {
    expect(new Set(asked.map(({ text }) => text)).size).toBeGreaterThan(3);
    expect(asked.map(({ text }) => text)).toEqual(
      SEEDS.map((seed) => question.draw(randomOf(seed, question.id)).text),
    );
  });

  it('has an answer that can be rounded as asked and is still right', async () => {
    for (const { solve, tolerance, text } of asked) {
      const { value, why } = await solve(call);
      const decimals = text.includes('three decimals') ? 3 : 2;
      expect(Number.isFinite(value)).toBe(true);
      expect(isRightNumber(Number(value.toFixed(decimals)), value, tolerance)).toBe(true);
      expect(why).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('takes no wrong turn for the right answer', async () => {
    for (const { solve, tolerance } of asked) {
      const solution = await solve(call);
      const near = solution.mistakes.filter(({ value }) =>
        isRightNumber(value, solution.value, 2 * tolerance),
      );
      expect(near).toEqual([]);
      expect(solution.mistakes.every(({ value }) => Number.isFinite(value))).toBe(true);
    }
  });

  it('knows each wrong turn by its number', async () => {
    for (const { solve, tolerance } of asked.slice(0, 20)) {
      const solution = await solve(call);
      for (const { value } of solution.mistakes)
        expect(mistakeOf(value, solution, tolerance)?.value).toBeCloseTo(value, 1);
    }
  });
});

/** By hand, from the numbers in the text, and not by the engine. */
describe('the engine’s answers are those of the formulas', () => {
  const numbersIn = (text: string) =>
    [...text.replaceAll('−', '-').matchAll(/-?\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
  const spread = (x: readonly number[]) => {
    const mean = x.reduce((sum, each) => sum + each, 0) / x.length;
    const squares = x.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    return { mean, squares, std: Math.sqrt(squares / x.length) };
  };

  it.each(SEEDS.slice(0, 10))('x̂, with seed %i', async (seed) => {
    const { text, solve } = drawn('xhat', seed);
    const [a = 0, b = 0, c = 0, d = 0, asked = 0] = numbersIn(text);
    const { mean, std } = spread([a, b, c, d]);
    expect((await solve(call)).value).toBeCloseTo((asked - mean) / std, 4);
  });

  it.each(SEEDS.slice(0, 10))('y, with seed %i', async (seed) => {
    const { text, solve } = drawn('output', seed);
    const [a = 0, b = 0, c = 0, d = 0, gamma = 0, beta = 0, asked = 0] = numbersIn(text);
    const { mean, std } = spread([a, b, c, d]);
    expect((await solve(call)).value).toBeCloseTo((gamma * (asked - mean)) / std + beta, 4);
  });

  it.each(SEEDS.slice(0, 10))('the unbiased variance, with seed %i', async (seed) => {
    const { text, solve } = drawn('stored-variance', seed);
    const { squares } = spread(numbersIn(text).slice(0, 4));
    expect((await solve(call)).value).toBeCloseTo(squares / 3, 9);
  });

  it.each(SEEDS.slice(0, 10))('the running mean, with seed %i', async (seed) => {
    const { text, solve } = drawn('running-mean', seed);
    const [, k = 0, one = 0, two = 0] = numbersIn(text);
    expect((await solve(call)).value).toBeCloseTo((1 - k) * k * one + k * two, 9);
  });

  it.each(SEEDS.slice(0, 10))('inference, with seed %i', async (seed) => {
    const { text, solve } = drawn('inference-output', seed);
    const [, , , , mean = 0, variance = 0, gamma = 0, beta = 0, asked = 0] = numbersIn(text);
    const value = (gamma * (asked - mean)) / Math.sqrt(variance + 1e-5) + beta;
    expect((await solve(call)).value).toBeCloseTo(value, 6);
  });

  it.each(SEEDS.slice(0, 10))('the gradient of longer weights, with seed %i', async (seed) => {
    const { text, solve } = drawn('weight-gradient', seed);
    const [before = 0, factor = 1] = numbersIn(text);
    expect((await solve(call)).value).toBeCloseTo(before / factor, 4);
  });

  it.each(SEEDS.slice(0, 10))('a chain, with seed %i', async (seed) => {
    const { text, solve } = drawn('chain-step', seed);
    const [length = 0] = numbersIn(text);
    const rate = Number(/learning rate ([\d.]+)\. /.exec(text)?.[1]);
    expect((await solve(call)).value).toBeCloseTo((1 - rate) ** length, 9);
  });

  it.each(SEEDS.slice(0, 10))('dL/dγ, with seed %i', async (seed) => {
    const { text, solve } = drawn('gamma-gradient', seed);
    const [a = 0, b = 0, c = 0, d = 0, ...dy] = numbersIn(text);
    const x = [a, b, c, d];
    const { mean, std } = spread(x);
    const sum = x.reduce((all, each, i) => all + (dy[i]! * (each - mean)) / std, 0);
    expect((await solve(call)).value).toBeCloseTo(sum, 3);
  });
});
