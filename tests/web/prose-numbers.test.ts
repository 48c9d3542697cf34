import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { ArgsOf, ResultOf } from '../../web/protocol/operations.ts';
import { type Tensor, tensor } from '../../web/protocol/tensor.ts';
import { QUESTIONS } from '../../web/quiz/questions.ts';
import { measuredIn } from '../../web/quiz/text.ts';
import { load } from '../wasm/support.ts';
import { chapter2 } from './chapter-2-numbers.ts';
import { chapter3 } from './chapter-3-numbers.ts';
import { chapter4 } from './chapter-4-numbers.ts';
import { chapter5 } from './chapter-5-numbers.ts';
import { chapter6 } from './chapter-6-numbers.ts';
import { chapter8 } from './chapter-8-numbers.ts';
import { chapter7 } from './chapter-7-numbers.ts';
import { quizNumbers } from './quiz-numbers.ts';

/**
 * The numbers in the pages' prose are the engine's. A number in a page says which one it is, in HTML by
 * `<span data-is="we.xhat.0">−1.3416</span>` and in a formula by `\is{we.xhat.0}{-1.3416}`; here each is computed anew
 * and rounded to the places printed.
 */
const PAGES = path.resolve('web/pages');
/** Pages that walk through the worked example; others may do without numbers. */
const ABOUT_THE_EXAMPLE = ['index.html', 'a-batch-normalised.html'];
const pages = fs.readdirSync(PAGES).filter((name) => name.endsWith('.html'));

type Known = number | Tensor | readonly number[] | { readonly [name: string]: Known | undefined };
let known: Known;

// The chapters' experiments run first, which takes a slow machine its time.
beforeAll(async () => {
  known = await compute();
}, 300_000);

describe.each(pages)('%s', (page) => {
  const source = fs.readFileSync(path.join(PAGES, page), 'utf8');

  it('prints what the engine computes', () => {
    const printed = marked(source);
    expect(printed.length).toBeGreaterThan(ABOUT_THE_EXAMPLE.includes(page) ? 10 : -1);
    const wrong = printed.filter(({ is, text }) => round(lookUp(is), text) !== plain(text));
    expect(wrong.map(({ is, text }) => `${is}: printed ${text}, is ${lookUp(is)}`)).toEqual([]);
  });

  it('prints no computed number without saying which it is', () => {
    const rest = source
      .replace(/<head>[^]*<\/head>/, '')
      .replace(MARKED_TEX, '')
      .replace(MARKED_HTML, '')
      .replace(/<(a|bn-lab)\s[^>]*>/g, '')
      .replace(/arXiv:\d+\.\d+|doi:[^<]+/g, '');
    // What is left are settings (ε, momentum) and, quoted as such, the rounded numbers the chapter warns of.
    const settings = [
      '0.00001',
      '5.00001',
      '0.001',
      '0.01',
      '0.99',
      '0.05',
      '4.01',
      '1.34',
      '0.45',
      '0.40',
      '1.40',
    ];
    const unexplained = [...rest.matchAll(/\d+\.\d\d+/g)].map(([text]) => text);
    expect(unexplained.filter((text) => !settings.includes(text))).toEqual([]);
  });
});

describe('the quiz', () => {
  it('tells what the engine computes', () => {
    const printed = QUESTIONS.flatMap((question) =>
      question.kind === 'number'
        ? []
        : [question.text, question.note ?? '', ...question.options.flatMap(({ text, why }) => [text, why])],
    ).flatMap(measuredIn);
    expect(printed.length).toBeGreaterThan(30);
    const wrong = printed.filter(({ is, text }) => round(lookUp(is), text) !== plain(text));
    expect(wrong.map(({ is, text }) => `${is}: printed ${text}, is ${lookUp(is)}`)).toEqual([]);
  });
});

const MARKED_HTML = /data-is="([^"]+)">([^<]*)</g;
const MARKED_TEX = /\\is\{([^}]+)\}\{([^}]*)\}/g;

function marked(source: string): { is: string; text: string }[] {
  return [MARKED_HTML, MARKED_TEX].flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, is = '', text = '']) => ({ is, text })),
  );
}

/** Without the typography: a true minus sign, a narrow space between thousands. */
const plain = (text: string): string => text.replace('−', '-').replaceAll('\u202f', '');

/** The value as it would be printed with the decimals of `text`. */
function round(value: number, text: string): string {
  const rounded = value.toFixed(/\.(\d+)$/.exec(text)?.[1]?.length ?? 0);
  return Number(rounded) === 0 ? rounded.replace('-', '') : rounded;
}

function lookUp(is: string): number {
  let value: Known | undefined = known;
  for (const part of is.split('.')) {
    const inner: Known | undefined = isTensor(value) ? [...value.data] : value;
    if (typeof inner !== 'object') throw new Error(`${is}: nothing is called ${part}`);
    value = (inner as Record<string, Known>)[part];
  }
  if (typeof value !== 'number') throw new Error(`${is} is not a number`);
  return value;
}

function isTensor(value: Known | undefined): value is Tensor {
  return typeof value === 'object' && 'shape' in value && 'data' in value;
}

/** Every situation the prose speaks of, under the name the pages call it by. */
async function compute(): Promise<Known> {
  const engine = await load('simd');
  const studies = await load('simd', 'studies');
  const start = { running_mean: [0], running_var: [1] };
  const x = [2, 4, 6, 8];
  const we = walk(engine, x, [1, 0, 0, 0], start);
  const repeats = 50;
  const fed = engine.call('running_statistics', {
    mean: tensor(new Float64Array(repeats).fill(data(we.mean, 0)), [repeats, 1]),
    var: tensor(new Float64Array(repeats).fill(data(we.var, 0)), [repeats, 1]),
    count: new Float64Array(repeats).fill(x.length),
    initial_mean: Float64Array.of(0),
    initial_var: Float64Array.of(1),
    momentum: 0.1,
  });
  const once = walk(engine, x, [1, 0, 0, 0], {
    running_mean: [data(fed.running_mean, 1)],
    running_var: [data(fed.running_var, 1)],
  });
  const nudged = walk(engine, [2, 4.01, 6, 8], [1, 0, 0, 0], start);
  const describe = (column: Tensor) =>
    engine.call('describe', { x: tensor(Float64Array.from(column.data), column.shape) });
  const settled = engine.call('batch_norm_forward', {
    x: column(x),
    mode: 'inference',
    running_mean: Float64Array.from(we.mean.data),
    running_var: Float64Array.from(we.var_unbiased.data),
  });
  return {
    we: { ...we, x, gamma: 2, beta: 0.5 },
    of_x: describe(column(x)),
    of_xhat: describe(we.xhat),
    of_y: describe(we.y),
    tenfold: { ...walk(engine, [20, 40, 60, 80], [1, 0, 0, 0], start), x: [20, 40, 60, 80] },
    single: walk(engine, [0, 0, 0, 0, 0, 0, 0, 1], Array(8).fill(1), start),
    far: walk(engine, [2, 4, 6, 80], [1, 0, 0, 0], start),
    huge: engine.call('batch_norm_forward', {
      // In 32 bits, where it is hard.
      x: tensor(Float32Array.of(1000002, 1000004, 1000006, 1000008), [4, 1]),
    }),
    spacing: spacing(1e12),
    std_of: {
      we: data(describe(we.xhat).std, 0),
      one: stdOfXhat(engine, 1),
      tenth: stdOfXhat(engine, 0.1),
      hundredth: stdOfXhat(engine, 0.01),
      thousandth: stdOfXhat(engine, 0.001),
    },
    fed,
    once,
    settled,
    shrink: { four: Math.sqrt(3 / 4), sixtyfour: Math.sqrt(63 / 64) },
    conventions: {
      pytorch: runningMomentum(engine, 'pytorch'),
      keras: runningMomentum(engine, 'keras'),
      onnx: runningMomentum(engine, 'onnx'),
    },
    nudged,
    nudge: { change: data(nudged.y, 0) - data(we.y, 0) },
    pair: walk(engine, [3, 11], [1, 0], start),
    drop: we.loss - we.loss_next,
    ...(await chapter2(engine, studies)),
    ...chapter3(studies),
    ...chapter4(engine, studies),
    ...(await chapter5(engine, studies)),
    ...(await chapter6(engine, studies)),
    ...chapter8(studies),
    ...(await chapter7(engine, studies)),
    ...quizNumbers(studies),
  };
}

function walk(
  engine: Engine,
  x: readonly number[],
  dy: readonly number[],
  running: { running_mean: readonly number[]; running_var: readonly number[] },
): ResultOf<'batch_norm_walk'> {
  return engine.call('batch_norm_walk', {
    x: column(x),
    gamma: Float64Array.of(2),
    beta: Float64Array.of(0.5),
    eps: 1e-5,
    running_mean: Float64Array.from(running.running_mean),
    running_var: Float64Array.from(running.running_var),
    dy: column(dy),
    lr: 0.1,
  });
}

/** Of a feature with standard deviation `sigma`, by the default ε of two libraries. */
function stdOfXhat(engine: Engine, sigma: number): { pytorch: number; keras: number } {
  const of = (convention: 'pytorch' | 'keras') => {
    const { xhat } = engine.call('batch_norm_forward', { x: column([-sigma, sigma]), convention });
    return data(engine.call('describe', { x: xhat as Tensor<Float64Array> }).std, 0);
  };
  return { pytorch: of('pytorch'), keras: of('keras') };
}

function runningMomentum(
  engine: Engine,
  convention: NonNullable<ArgsOf<'batch_norm_forward'>['convention']>,
): number {
  const one = tensor(Float64Array.of(1), [1, 1]);
  return engine.call('running_statistics', {
    mean: one,
    var: one,
    count: Float64Array.of(2),
    initial_mean: Float64Array.of(0),
    initial_var: Float64Array.of(1),
    convention,
  }).running_momentum;
}

function column(values: readonly number[]): Tensor<Float64Array> {
  return tensor(Float64Array.from(values), [values.length, 1]);
}

function data(of: Tensor, index: number): number {
  const value = of.data[index];
  if (value === undefined) throw new Error(`no element ${index}`);
  return value;
}

/** From one 32-bit number to the next. */
function spacing(near: number): number {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  value[0] = near;
  const here = value[0];
  bits[0] = (bits[0] ?? 0) + 1;
  return value[0] - here;
}
