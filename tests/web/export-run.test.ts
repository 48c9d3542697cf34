import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programName } from '../../web/export/program.ts';
import { pytorchScript } from '../../web/export/pytorch.ts';
import { recordRun } from '../../web/export/record.ts';
import { writeSafetensors } from '../../web/export/safetensors.ts';
import { load } from '../wasm/support.ts';
import { EXPORT_CASES } from './export-cases.ts';

const STEPS = 40;
/** Largest relative distance of a loss from the engine's. float32 rounds 10⁹ times more coarsely, and training adds up. */
const TOLERANCE = { float64: 1e-9, float32: 2e-3 };

const PYTHONS = ['python3', '/usr/bin/python3'];
const python = PYTHONS.find((name) => spawnSync(name, ['-c', 'import torch']).status === 0);
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bnlab-export-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** Runs programs one after the other in one Python, since importing PyTorch takes longest; a failure stops its own only. */
const RUNNER = `
import runpy, sys, traceback
for program in sys.argv[1:]:
    sys.argv = [program]
    try:
        runpy.run_path(program, run_name="__main__")
    except Exception:
        traceback.print_exc(file=open(program + ".error", "w"))
`;

const programOf = (name: string) => path.join(directory, name, `${programName('A')}.py`);

// The full tests install PyTorch for this; elsewhere it runs where there is one.
describe.runIf(python !== undefined || process.env['BNLAB_FULL'])('exported PyTorch programs, run', () => {
  const names = Object.keys(EXPORT_CASES);

  beforeAll(async () => {
    if (!python) throw new Error('No Python with PyTorch: install python3-torch.');
    const engine = await load('simd');
    for (const name of names) {
      const { data, arm, examples } = EXPORT_CASES[name]!;
      // oxlint-disable-next-line no-await-in-loop -- one engine
      const recording = await recordRun(engine, data, arm, { steps: STEPS });
      fs.mkdirSync(path.join(directory, name));
      const file = `${programName('A')}.safetensors`;
      fs.writeFileSync(path.join(directory, name, file), writeSafetensors(recording));
      fs.writeFileSync(programOf(name), pytorchScript({ data, arm, examples, name: 'A', recording: file }));
    }
    execFileSync(python, ['-c', RUNNER, ...names.map(programOf)], { stdio: 'pipe' });
  }, 300_000);

  it.each(names)('%s: the losses are the engine’s, step by step', (name) => {
    const error = `${programOf(name)}.error`;
    expect(fs.existsSync(error) ? fs.readFileSync(error, 'utf8') : '').toBe('');
    const rows = fs
      .readFileSync(path.join(directory, name, `${programName('A')}-losses.csv`), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number));
    expect(rows).toHaveLength(STEPS);
    const tolerance = TOLERANCE[EXPORT_CASES[name]!.arm.dtype ?? 'float32'];
    const far = rows.filter(
      ([, loss = NaN, recorded = NaN]) => !(Math.abs(loss - recorded) <= tolerance * recorded),
    );
    expect(far).toEqual([]);
  });

  it('draws weights and batches of its own with --fresh', () => {
    const out = execFileSync(python!, [programOf('conv'), '--fresh', '3', '--steps', '12'], {
      encoding: 'utf8',
    });
    expect(out).toMatch(/^step +10: loss/m);
    expect(out).toMatch(/^Test set in inference mode: loss .*, accuracy/m);
  });

  it('says what it needs where the recording is missing', () => {
    const program = path.join(directory, 'alone.py');
    fs.copyFileSync(programOf('conv'), program);
    const { stderr, status } = spawnSync(python!, [program], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Please put batchnorm-lab-a.safetensors, saved from the same page, beside this program.\n',
    );
  });
});
