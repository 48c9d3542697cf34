import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../web/protocol/tensor.ts';
import { type Contract, contracts, DATA } from './contracts.ts';
import { load } from './support.ts';

/** docs/engine-api.md is held to what it says: its examples run and print what they promise, its lists are complete. */
const root = path.join(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docs/engine-api.md'), 'utf8');
const run = promisify(execFile);

/** The blocks of a language; `./dist/` becomes the directory itself, wherever the block is put to be run. */
function blocks(language: string, document = text): string[] {
  const found = Array.from(
    document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms')),
    ([, code = '']) => code,
  );
  return found.map((code) => code.replaceAll("'./dist/", `'${pathToFileURL(path.join(root, 'dist')).href}/`));
}

function writeBlock(name: string, code: string): string {
  const directory = path.join(root, 'build/docs');
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, name);
  writeFileSync(file, code);
  return file;
}

const examples = blocks('js');

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(7);
});

test.each(examples.map((code, i) => ({ number: i + 1, code })))(
  'example $number prints what it says',
  async ({ number, code }) => {
    const promised = Array.from(code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm), ([, line]) => line);
    expect(promised.length).toBe(code.split('console.log(').length - 1);
    const file = writeBlock(`example-${number}.mjs`, code);
    const { stdout } = await run(process.execPath, [file], { cwd: root });
    expect(stdout.trimEnd().split('\n')).toEqual(promised);
  },
);

test('the example of README.md computes what it says, to two digits', async () => {
  const [example = ''] = blocks('js', readFileSync(path.join(root, 'README.md'), 'utf8'));
  const [, promised] = /console\.log\(y\.data\); \/\/ (.*)$/m.exec(example) ?? [];
  const file = writeBlock('readme.mjs', example.replace('y.data', 'y.data.join()'));
  const { stdout } = await run(process.execPath, [file], { cwd: root });
  const values = stdout.split(',').map((value) => Number(value).toFixed(2).replace('-', '−'));
  expect(values.join(', ')).toBe(promised);
});

test('the TypeScript example compiles against the built types, and a wrong one does not', async () => {
  const [example] = blocks('ts');
  // By path, not by file: address, since the compiler reads no addresses.
  const code = example!.replace(/'file:.*?\/engine\/engine\.js'/, "'../../dist/engine/engine.js'");
  const file = writeBlock('example.mts', code);
  const wrong = writeBlock('wrong.mts', code.replace("'linear_forward', {", "'linear_forwards', {"));
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--ignoreConfig',
    '--types',
    '',
  ];
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, ...options, file], { cwd: root });
  await expect(run(process.execPath, [tsc, ...options, wrong], { cwd: root })).rejects.toMatchObject({
    stdout: expect.stringContaining('linear_forwards'),
  });
});

const STUDY = { study: 'E25', knobs: { steps: 1 } };
/** The operations of the binary of studies, with arguments each. */
const OF_STUDIES = {
  study_list: {},
  study_run: { ...STUDY, seed: 0 },
  study_measure: { ...STUDY, values: tensor(new Float64Array(4), [1, 4, 1]) },
  study_judge: { study: 'E25', numbers: tensor(new Float64Array(8), [2, 4]) },
};

describe('the list of operations', () => {
  const sections = new Map(
    Array.from(text.matchAll(/^### `(\w+)`\n(.*?)(?=^##)/gms), ([, name = '', section = '']) => [
      name,
      section,
    ]),
  );
  const table = Object.entries(contracts(1, 2)) as [string, Contract][];

  test('has all of them, and no other', () => {
    const names = [...table.map(([name]) => name), ...Object.keys(OF_STUDIES)];
    expect([...sections.keys()].toSorted()).toEqual(names.toSorted());
  });

  test.each(table)('has the arguments and results of %s', async (name, { args }) => {
    const engine = await load('simd');
    const model = engine.model((contracts(1, 2).model_create as Contract<'model_create'>).args.experiment);
    model.train(1);
    const { data } = engine.call('data_create', DATA);
    expect([model.handle, data]).toEqual([1, 2]);
    const result = engine.call(name as never, args as never) as object;
    for (const word of [...Object.keys(args), ...Object.keys(result)])
      expect(sections.get(name)).toContain(`\`${word}\``);
  });

  test.each(Object.entries(OF_STUDIES))('has the arguments and results of %s', async (name, args) => {
    const engine = await load('simd', 'studies');
    const result = engine.call(name as never, args as never) as object;
    for (const word of [...Object.keys(args), ...Object.keys(result)])
      expect(sections.get(name)).toContain(`\`${word}\``);
  });
});
