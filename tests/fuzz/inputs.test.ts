import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { INPUTS, TWICE } from './inputs.ts';

const names = Object.keys(INPUTS) as (keyof typeof INPUTS)[];

it('the slow suite tries a million inputs', () => {
  const tried = names.map((name) => INPUTS[name][1] * (TWICE.includes(name) ? 2 : 1));
  expect(tried.reduce((sum, count) => sum + count)).toBe(1_000_000);
});

it('every fuzzer that is counted is one that runs', () => {
  const files = ['tests/fuzz', 'tests/wasm', 'tests/e2e'].flatMap((directory) =>
    fs.readdirSync(directory).map((name) => path.join(directory, name)),
  );
  const sources = files
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => fs.readFileSync(file, 'utf8'));
  const uses = names.map(
    (name) => sources.join('').split(new RegExp(`(?:fuzz|inputsOf)\\(\\s*'${name}'`)).length - 1,
  );
  expect(uses).toEqual(names.map(() => 1));
});
