import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/**
 * The same link gives the same numbers, whoever opens it and however fast their machine is. So whatever asks a clock, or draws
 * without a seed, is listed here with what it is for: when something is shown or told, what a reader asks to be new, and the one
 * thing that is itself time, how long steps of a timed study take.
 */
const MEANT: Readonly<Record<string, string>> = {
  'cli/run.cpp': 'what a timed study measures',
  'web/components/claim/board.ts': 'the date on a printed report',
  'web/components/lab/edits.ts': 'a seed the reader asks to be another; it then stands in the link',
  'web/components/lab/frames.ts': 'how often panels are drawn',
  'web/components/quiz/report.ts': 'the date on a printed report and in files',
  'web/components/study/runner.ts': 'how often a figure under way is drawn',
  'web/report/scorm.ts': 'when an answer was given and how long a session took: SCORM asks for both',
  'web/report/uuid.ts': 'a message is to be told from every other',
  'web/report/xapi.ts': 'when an answer was given: xAPI asks for it',
  'web/worker/host.ts':
    'when to listen, and at which steps to look, never what a step computes; what a timed study measures',
};

const CLOCK_OR_CHANCE =
  /\bperformance\s*\.\s*now\b|\bDate\s*\.\s*now\b|\bnew Date\(\)|\bMath\s*\.\s*random\b|\bgetRandomValues\b|\bcrypto\s*\.\s*randomUUID\b|\brandom_device\b|\bstd::rand\b|\bchrono\b|\b__(?:DATE|TIME)__/;

const withoutComments = (text: string) => text.replaceAll(/\/\*[^]*?\*\/|(?<!:)\/\/.*$/gm, '');

it('is asked for nowhere but where it is meant', () => {
  const found = ['src', 'wasm', 'cli', 'web'].flatMap((directory) =>
    fs
      .readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .map((file) => path.posix.join(directory, file))
      .filter((file) => /\.(?:ts|js|cpp|hpp)$/.test(file))
      .filter((file) => CLOCK_OR_CHANCE.test(withoutComments(fs.readFileSync(file, 'utf8')))),
  );
  expect(found.toSorted()).toEqual(Object.keys(MEANT).toSorted());
});
