import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHAPTERS } from '../../../web/pages/contents.ts';
import type { Tensor } from '../../../web/protocol/tensor.ts';
import { load } from '../../wasm/support.ts';
import { markedNumbers, MATERIAL, unmarked } from './all-texts.ts';
import { exerciseNumbers, type Known } from './exercise-numbers.ts';

/**
 * The numbers in answers and solutions are true: those of exercises are computed anew, and those that were measured are what a
 * chapter prints, which tests/web/prose-numbers.test.ts holds to the engine.
 */
let known: Known;
beforeAll(async () => {
  known = exerciseNumbers(await load('simd'));
});

const plain = (text: string): string => text.replace('−', '-').replaceAll('\u202f', '');

describe.each(MATERIAL)('$name', ({ value }) => {
  it('prints what comes out', () => {
    const wrong = markedNumbers(value)
      .filter(({ is }) => !/^\d:/.test(is))
      .filter(({ is, text }) => rounded(lookUp(is), text) !== plain(text));
    expect(wrong.map(({ is, text }) => `${is}: printed ${text}, is ${lookUp(is)}`)).toEqual([]);
  });

  it('quotes chapters as they are', () => {
    const wrong = markedNumbers(value)
      .filter(({ is }) => /^\d:/.test(is))
      .filter(({ is, text }) => !quotes(is).includes(plain(text)));
    expect(wrong.map(({ is, text }) => `${is}: quoted as ${text}, printed ${quotes(is).join()}`)).toEqual([]);
  });

  it('prints no number with two places or more without saying which it is', () => {
    // What is left are settings, and numbers that are quoted because they are wrong.
    const settings = ['0.00001', '0.001', '0.01', '0.0005', '0.05', '0.95', '0.40', '1.40', '1.21', '0.341'];
    const found = [...unmarked(value).matchAll(/\d+\.\d\d+/g)].map(([text]) => text);
    expect(found.filter((text) => !settings.includes(text) && !WORKING.includes(text))).toEqual([]);
  });
});

/** Intermediate values that a solution repeats from a marked number beside it. */
const WORKING = ['5.3333', '1.4333', '1.5667', '1.24', '1.467', '0.25', '0.02'];

it('has no name for a number that nothing says', () => {
  const used = new Set(
    MATERIAL.flatMap(({ value }) => markedNumbers(value).map(({ is }) => is.split('.')[0]!)),
  );
  expect(Object.keys(known).filter((name) => !used.has(name))).toEqual([]);
});

/** How a chapter prints the number of this name, as often as it does. */
function quotes(is: string): readonly string[] {
  const [chapter = '', name = ''] = is.split(':');
  const file = CHAPTERS.find(({ number }) => number === Number(chapter))!.file;
  const source = fs.readFileSync(path.join('web/pages', file), 'utf8');
  const key = name.replaceAll('.', '\\.');
  return [
    new RegExp(`data-is="${key}">([^<]*)<`, 'g'),
    new RegExp(`\\\\is\\{${key}\\}\\{([^}]*)\\}`, 'g'),
  ].flatMap((pattern) => [...source.matchAll(pattern)].map(([, text = '']) => plain(text)));
}

function rounded(value: number, text: string): string {
  const printed = value.toFixed(/\.(\d+)$/.exec(text)?.[1]?.length ?? 0);
  return Number(printed) === 0 ? printed.replace('-', '') : printed;
}

function lookUp(is: string): number {
  const found = is.split('.').reduce<Known | undefined>((value, part) => {
    const inner = isTensor(value) ? [...value.data] : value;
    return typeof inner === 'object' ? (inner as Record<string, Known>)[part] : undefined;
  }, known);
  if (typeof found !== 'number') throw new Error(`nothing is called ${is}`);
  return found;
}

function isTensor(value: Known | undefined): value is Tensor {
  return typeof value === 'object' && 'shape' in value && 'data' in value;
}
