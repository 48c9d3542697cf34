// npm run build:scorm: the quiz as a SCORM 1.2 package for Moodle and other course platforms. Builds first what it needs.
//   npm run build:scorm -- --chapter 3 --seed 7 --mastery 80 [--questions mean,bias] [--count 5] [--shuffle off]
//                          [--title "…"] [--site https://…] [--out file.zip]

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/cmake.mjs';
import { isMain, main, Refusal, root } from './lib/process.mjs';
import { viteBuild } from './lib/vite.mjs';
import { setup } from './setup.mjs';

const BUILT = path.join(root, 'build/scorm');
const OUT = path.join(root, 'build/batchnorm-lab-scorm.zip');
const LONGEST_TITLE = 200;

/** What the package is to be, out of the words of the command line; `settings` is web/quiz/settings.ts. */
export function scormOptions(args, settings) {
  const names = settings.QUIZ_SETTINGS;
  const known = [...names, 'mastery', 'title', 'site', 'out'];
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: Object.fromEntries(known.map((name) => [name, { type: 'string' }])),
    }));
  } catch (error) {
    throw new Refusal(`${error.message}\nThere are: ${known.map((name) => `--${name}`).join(' ')}.`);
  }
  const attributes = {};
  for (const name of names) {
    if (values[name] === undefined) continue;
    const { problem } = settings.parseSetting(name, values[name]);
    if (problem !== undefined) throw new Refusal(`--${name}: ${problem}.`);
    attributes[name] = values[name];
  }
  const { mastery, site, title = defaultTitle(attributes), out = OUT } = values;
  if (mastery !== undefined && !(/^\d+(\.\d+)?$/.test(mastery) && Number(mastery) <= 100))
    throw new Refusal(`--mastery: expected points from 0 to 100, got "${mastery}".`);
  if (site !== undefined && !(URL.canParse(site) && /^https?:$/.test(new URL(site).protocol)))
    throw new Refusal(`--site: expected an address that begins with https://, got "${site}".`);
  if (title.length > LONGEST_TITLE)
    throw new Refusal(`--title: expected at most ${LONGEST_TITLE} characters, got ${title.length}.`);
  return {
    attributes,
    title,
    mastery: mastery === undefined ? undefined : Number(mastery),
    site: site === undefined ? undefined : site.replace(/\/?$/, '/'),
    out,
  };
}

function defaultTitle({ chapter }) {
  return chapter === undefined || Number(chapter) === 0
    ? 'BatchNorm Lab: quiz'
    : `BatchNorm Lab: quiz of chapter ${Number(chapter)}`;
}

/** The page and all it needs, by path. */
export async function scormPage() {
  const code = await viteBuild('vite.scorm.config.ts');
  if (code !== 0) throw new Refusal('The page of the package could not be built; the lines above say why.');
  const files = fs
    .readdirSync(BUILT, { recursive: true })
    .filter((file) => fs.statSync(path.join(BUILT, file)).isFile());
  return Object.fromEntries(
    [
      ...files.map((file) => [file.split(path.sep).join('/'), path.join(BUILT, file)]),
      ['LICENSE.txt', path.join(root, 'LICENSE')],
    ].map(([name, file]) => [name, new Uint8Array(fs.readFileSync(file))]),
  );
}

/** The settings of quizzes, which are written in TypeScript. */
export async function quizSettings() {
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(path.join(root, 'web/quiz/settings.ts'), { logLevel: 'error' });
  return module;
}

if (isMain(import.meta.url)) {
  await main(async () => {
    setup('build');
    const options = scormOptions(process.argv.slice(2), await quizSettings());
    for (const preset of ['wasm-simd', 'wasm-scalar']) {
      if ((await build(preset)) !== 0)
        throw new Refusal(
          `The engine could not be compiled to WebAssembly (${preset}); the lines above say why.`,
        );
    }
    // Not before the packages are there.
    const { scormPackage } = await import('./lib/scorm-package.mjs');
    const zip = scormPackage(await scormPage(), options);
    fs.mkdirSync(path.dirname(path.resolve(options.out)), { recursive: true });
    fs.writeFileSync(options.out, zip);
    const size = Math.ceil(zip.length / 1024);
    console.log(
      `${path.relative(process.cwd(), path.resolve(options.out))}, ${size} KB: a SCORM 1.2 package, “${options.title}”. ` +
        'Scores made in a browser are formative: they can be forged.',
    );
  });
}
