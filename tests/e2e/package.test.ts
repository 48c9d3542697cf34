import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMBED_FIGURES } from '../../web/protocol/embed.ts';
import { useSite } from './browser.ts';

/** What `npm pack` makes, installed into an empty project: nothing of this repository is within its reach. */
const root = path.join(import.meta.dirname, '../..');
const run = promisify(execFile);
const project = fs.mkdtempSync(path.join(os.tmpdir(), 'batchnorm-lab-package-'));
const inProject = (...parts: string[]) => path.join(project, ...parts);
const inPackage = (file: string) => inProject('node_modules/batchnorm-lab', file);
const write = (name: string, text: string) => fs.writeFileSync(inProject(name), text);

/** A tool of this repository, run in the project, so that the test needs no network. */
const tool = (name: string, ...args: string[]) =>
  run(process.execPath, [path.join(root, 'node_modules', name), ...args], { cwd: project });
const npm = (cwd: string, ...args: string[]) => {
  const quiet = [...args, '--ignore-scripts', '--loglevel=error'];
  const own = process.env['npm_execpath'];
  return own ? run(process.execPath, [own, ...quiet], { cwd }) : run('npm', quiet, { cwd });
};

/** What npm adds by itself, and whose libraries are in the modules. */
const OTHERS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/elements/LICENSES.md', 'package.json'];

let packed: readonly string[] = [];

beforeAll(async () => {
  const { stdout } = await npm(root, 'pack', '--json', '--pack-destination', project);
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = files.map((file) => file.path);
  write('package.json', '{ "name": "course", "private": true, "type": "module" }');
  await npm(project, 'install', `./${filename}`, '--offline', '--no-audit', '--no-fund');
}, 120_000);

afterAll(() => fs.rmSync(project, { recursive: true, force: true }));

describe('the package', () => {
  it('has the built modules, their binaries and types, and nothing else', () => {
    const expected = /^(dist\/(engine|elements)\/[^]+\.(js|wasm|json|d\.ts)|dist\/anywidget\.js)$/;
    const others = packed.filter((file) => !expected.test(file));
    expect(others.toSorted()).toEqual(OTHERS);
    const licenses = fs.readFileSync(inPackage('dist/elements/LICENSES.md'), 'utf8');
    for (const name of ['lit', 'chart.js', 'd3-dsv']) expect(licenses).toContain(`## ${name} -`);
    expect(packed.filter((file) => file.startsWith('dist/engine/') && file.endsWith('.wasm'))).toHaveLength(
      4,
    );
  });

  it('installs nothing besides itself', () => {
    const installed = fs.readdirSync(inProject('node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['batchnorm-lab']);
  });

  it('has every figure of the embed contract as a module of its own', () => {
    const names = Object.keys(EMBED_FIGURES).map((name) => `dist/elements/${name}.js`);
    expect(packed).toEqual(expect.arrayContaining(names));
  });

  it('names only files that it has', () => {
    for (const file of packed.filter((name) => name.endsWith('.js'))) {
      const text = fs.readFileSync(inPackage(file), 'utf8');
      for (const [, beside] of text.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g))
        expect(packed).toContain(path.posix.join(path.posix.dirname(file), beside!));
    }
  });
});

const Y = '-2.1833,-0.3944,1.3944,3.1833';
const PROGRAM = `
import { loadEngine } from 'batchnorm-lab/engine';

export async function workedExample() {
  const engine = await loadEngine();
  const { y } = engine.call('batch_norm_forward', {
    x: { shape: [4, 1], data: Float64Array.of(2, 4, 6, 8) },
    gamma: Float64Array.of(2),
    beta: Float64Array.of(0.5),
  });
  return Array.from(y.data, (value) => value.toFixed(4)).join();
}
`;

describe('in Node', () => {
  it('computes', async () => {
    write('program.mjs', `${PROGRAM}console.log(await workedExample());`);
    expect((await run(process.execPath, ['program.mjs'], { cwd: project })).stdout.trim()).toBe(Y);
  });

  it('takes an import of elements for what it can be without a page: nothing', async () => {
    write('server.mjs', `import 'batchnorm-lab/elements'; import 'batchnorm-lab/elements/lab';`);
    await expect(run(process.execPath, ['server.mjs'], { cwd: project })).resolves.toBeDefined();
  });

  it('keeps its parts to itself', async () => {
    write('inside.mjs', `import 'batchnorm-lab/elements/types/web/elements/types.js';`);
    await expect(run(process.execPath, ['inside.mjs'], { cwd: project })).rejects.toMatchObject({
      stderr: expect.stringContaining('ERR_PACKAGE_PATH_NOT_EXPORTED'),
    });
  });
});

describe('in TypeScript', () => {
  const code = `
import { EngineError, loadEngine, type Experiment } from 'batchnorm-lab/engine';
import { load, type QuizResult } from 'batchnorm-lab/elements';
import 'batchnorm-lab/elements/quiz';

const experiment: Experiment = { version: 1, model: { inputs: 2, layers: [{ kind: 'batch_norm' }] }, loss: 'mse' };
export const steps = async (): Promise<Float64Array> => (await loadEngine()).model(experiment).train(3).losses.data;
export const isOurs = (error: unknown) => error instanceof EngineError;
export const score = (): number | undefined => document.querySelector('bn-quiz')?.result.score;
document.addEventListener('bn-quiz-result', ({ detail }) => { const result: QuizResult = detail; void result; });
document.querySelector('bn-study')?.addEventListener('bn-study-judged', ({ verdicts }) => verdicts[0]?.sentence.length);
document.querySelector('bn-claim')?.addEventListener('bn-change', ({ detail }) => {
  if ('setting' in detail) void detail.setting.studies['E2'];
  else if ('attributes' in detail) void detail.attributes['set'];
});
void load('lab');
`;
  const check = (module: string, moduleResolution: string, file: string) =>
    tool(
      'typescript/bin/tsc',
      ...'--noEmit --strict --target es2022 --ignoreConfig --types'.split(' '),
      '',
      ...`--module ${module} --moduleResolution ${moduleResolution} ${file}`.split(' '),
    );

  it.each([
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ])('has types for %s with %s, also where libraries are checked', async (module, resolution) => {
    write('page.ts', code);
    await check(module, resolution, 'page.ts');
    write('wrong.ts', code.replace("load('lab')", "load('laboratory')"));
    await expect(check(module, resolution, 'wrong.ts')).rejects.toMatchObject({
      stdout: expect.stringContaining('laboratory'),
    });
  });
});

describe('in a project of Vite', () => {
  beforeAll(async () => {
    write(
      'index.html',
      `<!doctype html>
      <html lang="en">
        <head>
          <title>A course</title>
          <link rel="icon" href="data:,">
        </head>
        <body>
          <bn-worked-example x="2,4,6,8" gamma="2" beta="0.5"></bn-worked-example>
          <bn-same-function></bn-same-function>
          <output></output>
          <script type="module" src="/main.js"></script>
        </body>
      </html>`,
    );
    write(
      'main.js',
      `${PROGRAM}
      import 'batchnorm-lab/elements/worked-example';
      import 'batchnorm-lab/elements';
      document.querySelector('output').textContent = await workedExample();`,
    );
    await tool('vite/bin/vite.js', 'build', '--base', './', '--logLevel', 'warn');
  });
  const site = useSite(inProject('dist'));

  it('loads the engine and shows elements, one of them by itself, one when it is near', async () => {
    const page = await site.open('index.html');
    await expect.poll(() => page.locator('output').innerText()).toBe(Y);
    await page.locator('bn-worked-example').getByText('is 1.3416').first().waitFor();
    await page.locator('bn-same-function').scrollIntoViewIfNeeded();
    await page.locator('bn-same-function').getByRole('button').first().waitFor();
  });
});
