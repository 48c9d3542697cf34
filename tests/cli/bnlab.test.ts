import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** The command line as the tests of the engine build it, under sanitizers. */
const PROGRAM = path.join(import.meta.dirname, '../../build/native-sanitize/bnlab');

/** A study in a setting so small that a seed takes a moment. */
const SMALL = ['E28', '--set', 'steps=5', '--set', 'examples=64'];

let directory: string;
beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bnlab-cli-'))));
afterEach(() => fs.rmSync(directory, { recursive: true }));

const file = (name: string) => path.join(directory, name);

function bnlab(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(PROGRAM, args, { encoding: 'utf8', input });
  return { status, stdout, stderr, lines: stdout.split('\n').filter(Boolean) };
}

interface Line {
  study: string;
  engine: string;
  seed: number;
  knobs: Record<string, number>;
  points: number[];
  values: Record<string, Record<string, (number | null)[]>>;
  numbers: Record<string, number | null>;
}

describe('bnlab run', () => {
  test('writes one line of JSON a seed, with all that it rests on', () => {
    const { status, lines } = bnlab(['run', ...SMALL, '--seeds', '0..2,7', '--json']);
    expect(status).toBe(0);
    const results = lines.map((line) => JSON.parse(line) as Line);
    expect(results.map(({ seed }) => seed)).toEqual([0, 1, 2, 7]);
    const [first] = results;
    expect(first).toMatchObject({ study: 'E28', knobs: { steps: 5, examples: 64, batch: 2 } });
    expect(first!.values['accuracy']!['frozen']![0]).toBeGreaterThan(0);
    expect(first!.numbers['frozen-ahead']).toBeTypeOf('number');
  });

  test('says the verdict of each check where no lines are asked for', () => {
    const { stdout } = bnlab(['run', ...SMALL, '--seeds', '0,1']);
    expect(stdout).toMatch(/^E28 {2}Fine-tuning/);
    expect(stdout).toMatch(/frozen-ahead \(robust\)\. .* over 2 seeds/);
  });

  test.each([
    ['an experiment that is not there', ['E99'], /no experiment 'E99'/],
    ['a knob that is not there', ['E28', '--set', 'speed=1'], /has no knob 'speed'; it has batch, /],
    ['a knob out of range', ['E28', '--set', 'lr=7'], /--set lr: a number from 0.001 to 0.5 .* not 7/],
    ['half a batch', ['E28', '--set', 'batch=2.5'], /--set batch: a whole number/],
    ['no number', ['E28', '--set', 'lr=fast'], /--set lr: a number was expected, not 'fast'/],
    ['points where there are none', ['E28', '--points', '1,2'], /has no points to choose/],
    ['a range that runs backwards', ['E28', '--seeds', '9..1'], /begins with its smaller end/],
    ['no seeds', ['E28', '--seeds', 'many'], /--seeds: whole numbers/],
  ])('refuses %s in one sentence', (_, args, sentence) => {
    const { status, stdout, stderr } = bnlab(['run', ...args]);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('what the documents run', () => {
  const root = path.join(import.meta.dirname, '../..');
  const lines = ['README.md', 'docs/scale.md'].flatMap((document) =>
    Array.from(
      fs.readFileSync(path.join(root, document), 'utf8').matchAll(/^\S*bnlab run ([^#\n]*)/gm),
      ([, line = '']) => line.trim(),
    ),
  );

  test('there is some', () => {
    expect(lines.length).toBeGreaterThanOrEqual(6);
  });

  // Seeds are read last. With none of them nothing is run, and only they are refused.
  test.each(lines)('bnlab run %s', (line) => {
    const args = line.replace(/ +--(seeds|out) +("[^"]*"|\S+)/g, '').split(/ +/);
    expect(bnlab(['run', ...args, '--seeds', 'none']).stderr).toMatch(/^bnlab: --seeds: whole numbers/);
  });
});

describe('a run that is spread, killed and repeated', () => {
  const shard = (name: string, seeds: string) =>
    bnlab(['run', ...SMALL, '--seeds', seeds, '--out', file(name)]);
  const content = (name: string) => fs.readFileSync(file(name), 'utf8');

  test('goes on where it was killed, and leaves out what was done', () => {
    shard('a', '0..3');
    const whole = content('a');
    // Killed in the middle of its third line.
    const lines = whole.split('\n');
    fs.writeFileSync(file('a'), `${lines[0]}\n${lines[1]}\n${lines[2]!.slice(0, 100)}`);
    shard('a', '0..3');
    const again = content('a').split('\n').filter(Boolean);
    expect(again).toEqual([lines[0], lines[1], lines[2]!.slice(0, 100), lines[2], lines[3]]);

    const { stdout, stderr, status } = bnlab(['summarise', file('a')]);
    expect(stdout).toContain('4 seeds (0..3)');
    expect(stderr).toContain('a:3 is left out');
    expect(status).toBe(0);
  });

  test('comes to the same whether shards are read in order, twice, or by standard input', () => {
    shard('a', '0..1');
    shard('b', '2..3');
    const [a, b] = [content('a'), content('b')];
    const once = bnlab(['summarise', '--json', file('a'), file('b')]).stdout;
    expect(JSON.parse(once)).toMatchObject({ study: 'E28', seeds: '0..3', missing: '' });
    expect(bnlab(['summarise', '--json', '-'], b + a).stdout).toBe(once);
    const twice = bnlab(['summarise', '--json', file('a'), file('b'), file('a')]);
    expect(twice.stdout).toBe(once);
    expect(twice.stderr).toContain('2 repeated');
    expect(twice.status).toBe(0);
  });

  test('judges as one run of all seeds does', () => {
    shard('a', '0..1');
    shard('b', '2..3');
    const sentences = (text: string) => text.split('\n').filter((line) => line.startsWith('  '));
    const spread = sentences(bnlab(['summarise', file('a'), file('b')]).stdout);
    const whole = sentences(bnlab(['run', ...SMALL, '--seeds', '0..3']).stdout);
    expect(spread.slice(1)).toEqual(whole);
  });

  test('says which seeds are missing, and keeps other settings apart', () => {
    shard('a', '0,1,5');
    bnlab(['run', 'E28', '--set', 'steps=6', '--set', 'examples=64', '--seeds', '0', '--out', file('a')]);
    const { stdout } = bnlab(['summarise', file('a')]);
    expect(stdout).toContain('missing: 2..4');
    expect(stdout).toContain('3 seeds (0,1,5), engine');
    expect(stdout).toContain('1 seed (0), engine');
  });

  test('does not pass over two outcomes of one seed', () => {
    shard('a', '0..1');
    const lines = content('a').split('\n');
    const other = JSON.parse(lines[0]!) as Line;
    other.values['accuracy']!['frozen'] = [0.123];
    fs.writeFileSync(file('b'), JSON.stringify(other));
    const { status, stderr } = bnlab(['summarise', file('a'), file('b')]);
    expect(stderr).toMatch(/seed 0: .*b:1 says something else than .*a:1, which is kept/);
    expect(status).toBe(1);
  });
});

describe('bnlab summarise', () => {
  test('leaves out what is no result, by its place', () => {
    const { status, stderr } = bnlab(['summarise', '-'], 'hello\n{}\n{"study":"E99"}\n');
    for (const line of [1, 2, 3]) expect(stderr).toContain(`standard input:${line} is left out`);
    expect(status).toBe(0);
  });

  test('fails on a check that does not hold where that is asked for', () => {
    bnlab(['run', ...SMALL, '--seeds', '0..1', '--out', file('a')]);
    expect(bnlab(['summarise', '--strict', file('a')]).status).toBe(1);
    expect(bnlab(['summarise', file('a')]).status).toBe(0);
  });

  test('names a file that cannot be read', () => {
    const { status, stderr } = bnlab(['summarise', file('nothing')]);
    expect(stderr).toMatch(/nothing' cannot be read/);
    expect(status).toBe(2);
  });
});

describe('bnlab list and show', () => {
  test('have every experiment, by id and name', () => {
    const { lines } = bnlab(['list']);
    const definitions = JSON.parse(bnlab(['list', '--json']).stdout) as { id: string; name: string }[];
    expect(lines.map((line) => line.split(/\s+/).slice(0, 2))).toEqual(
      definitions.map(({ id, name }) => [id, name]),
    );
  });

  test('show what an experiment asks, its knobs and checks', () => {
    const { stdout } = bnlab(['show', 'frozen-norm']);
    expect(stdout).toContain('Fine-tuning two pictures at a time');
    expect(stdout).toMatch(/lr +Learning rate: 0.01, from 0.001 to 0.5/);
    expect(stdout).toMatch(/frozen-ahead +In tiny batches/);
  });
});
