import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { scormOptions } from '../../scripts/build-scorm.mjs';
import { capture, which } from '../../scripts/lib/process.mjs';
import { scormManifest, scormPackage } from '../../scripts/lib/scorm-package.mjs';
import { scormSchema } from '../../scripts/lib/scorm-schemas.mjs';
import * as settings from '../../web/quiz/settings.ts';

const HTML = fs.readFileSync('web/scorm/index.html', 'utf8');
const FILES = { 'index.html': strToU8(HTML), 'assets/main-1.js': strToU8('1') };
const HOSTILE = `"><script>alert(1)</script> & <b>'`;

const options = (...args: string[]) => scormOptions(args, settings);

const unpacked = (...args: string[]) => {
  const files = unzipSync(scormPackage(FILES, options(...args)));
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
};

function thrown(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('npm run build:scorm', () => {
  it('takes what a quiz takes, the points that pass, and where links lead', () => {
    expect(
      options(
        '--chapter',
        '3',
        '--seed=7',
        '--count',
        '5',
        '--mastery',
        '80',
        '--site',
        'https://bn.example/lab',
      ),
    ).toMatchObject({
      attributes: { chapter: '3', seed: '7', count: '5' },
      mastery: 80,
      site: 'https://bn.example/lab/',
      title: 'BatchNorm Lab: quiz of chapter 3',
    });
    expect(options()).toMatchObject({ attributes: {}, mastery: undefined, title: 'BatchNorm Lab: quiz' });
  });

  it('takes what the documentation says, and the documentation says all it takes', () => {
    const text = fs.readFileSync('docs/scores.md', 'utf8');
    const [, command = ''] = /^npm run build:scorm -- (.*)$/m.exec(text) ?? [];
    expect(options(...command.split(' ')).attributes).toEqual({ chapter: '3', seed: '7' });
    const documented = [...text.matchAll(/^\| `(--\w+)/gm)].map(([, name]) => name);
    const known = /There are: (.*)\./.exec(String(thrown(() => options('--no-such'))))?.[1]?.split(' ');
    expect(documented.toSorted()).toEqual(known?.toSorted());
  });

  it.each([
    [['--chapter', '11'], '--chapter: '],
    [['--questions', 'no-such-question'], '--questions: there is no question'],
    [['--seed', 'x'], '--seed: '],
    [['--mastery', '101'], '--mastery: expected points from 0 to 100, got "101"'],
    [['--mastery', '-1'], 'ambiguous'],
    [['--mastery', '8e1'], '--mastery: '],
    [['--site', 'javascript:alert(1)'], '--site: '],
    [['--title', 'x'.repeat(300)], '--title: expected at most 200'],
    [['--color', 'red'], 'There are: --chapter'],
    [['3'], 'There are: --chapter'],
  ])('refuses %j with a sentence that says what was expected', (args, sentence) => {
    expect(() => options(...args)).toThrow(sentence);
  });
});

describe('the package', () => {
  it('has the manifest at its root, and the page asks what was chosen', () => {
    const files = unpacked('--chapter', '3', '--seed', '7', '--mastery', '80');
    expect(Object.keys(files)).toEqual(['imsmanifest.xml', 'index.html', 'assets/main-1.js']);
    expect(files['index.html']).toContain('<bn-quiz chapter="3" seed="7" controls="few">');
    expect(files['index.html']).toContain('<main data-mastery="80">');
    expect(files['imsmanifest.xml']).toContain('<adlcp:masteryscore>80</adlcp:masteryscore>');
    expect(unpacked()['imsmanifest.xml']).not.toContain('masteryscore');
  });

  it('lists every file it has', () => {
    const files = unpacked();
    const listed = [...files['imsmanifest.xml']!.matchAll(/<file href="([^"]*)"/g)].map(([, href]) => href);
    expect(listed.toSorted()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'imsmanifest.xml')
        .toSorted(),
    );
  });

  it('refers to what it has: the organization, the page', () => {
    const manifest = unpacked()['imsmanifest.xml']!;
    const is = (pattern: RegExp) => pattern.exec(manifest)?.[1];
    expect(is(/<organizations default="(.*?)"/)).toBe(is(/<organization identifier="(.*?)"/));
    expect(is(/identifierref="(.*?)"/)).toBe(is(/<resource identifier="(.*?)"/));
    expect(is(/<resource [^>]*href="(.*?)"/)).toBe('index.html');
  });

  it('is the same for the same choices, and another activity for others', () => {
    expect(scormPackage(FILES, options('--seed', '7'))).toEqual(scormPackage(FILES, options('--seed', '7')));
    const identifier = (...args: string[]) =>
      /identifier="(batchnorm-lab-[0-9a-f]+)"/.exec(unpacked(...args)['imsmanifest.xml']!)![1];
    expect(identifier('--seed', '7')).not.toBe(identifier('--seed', '8'));
  });

  it('runs nothing of a title', () => {
    const files = unpacked('--title', HOSTILE);
    for (const text of [files['index.html']!, files['imsmanifest.xml']!]) {
      expect(text).not.toContain('<script>alert');
      expect(text).toContain('&lt;script&gt;');
    }
  });

  it('is not made of a page that lacks its places', () => {
    const files = { ...FILES, 'index.html': strToU8(HTML.replaceAll('bn-quiz', 'bn-other')) };
    expect(() => scormPackage(files, options())).toThrow('<bn-quiz exactly once');
  });
});

describe.runIf(process.env['BNLAB_FULL'])('the manifest', () => {
  const problemsOf = (manifest: string): string => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bn-manifest-')), 'imsmanifest.xml');
    fs.writeFileSync(file, manifest);
    const { code, output } = capture(which('xmllint') ?? 'xmllint', [
      '--noout',
      '--nonet',
      '--schema',
      scormSchema(),
      file,
    ]);
    fs.rmSync(path.dirname(file), { recursive: true });
    return code === 0 ? '' : output;
  };

  it.each([
    [['--chapter', '3', '--mastery', '80']],
    [[]],
    [['--title', HOSTILE]],
    [['--title', 'ε'.repeat(200)]],
  ])('is valid by the schemas of IMS and ADL, with %j', (args) => {
    expect(problemsOf(unpacked(...args)['imsmanifest.xml']!)).toBe('');
  });

  it('would be found out', () => {
    const manifest = scormManifest({ identifier: 'a', title: 'A', mastery: 50, files: ['index.html'] });
    expect(problemsOf(manifest)).toBe('');
    for (const wrong of [
      manifest.replace('identifier="quiz"', ''),
      manifest.replace('scormtype="sco"', 'scormtype="page"'),
      manifest.replace('default="organization"', 'default="1st"'),
      manifest.replace(/<resources>[^]*<\/resources>/, ''),
      manifest
        .replace('<adlcp:masteryscore>', '<adlcp:mastery>')
        .replace('</adlcp:masteryscore>', '</adlcp:mastery>'),
    ]) {
      expect(problemsOf(wrong)).toContain('fails to validate');
    }
  });
});
