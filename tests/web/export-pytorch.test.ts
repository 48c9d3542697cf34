import { describe, expect, it } from 'vitest';
import { pytorchScript } from '../../web/export/pytorch.ts';
import { programName } from '../../web/export/program.ts';
import { EXPORT_CASES } from './export-cases.ts';

function scriptOf(name: string, letter = 'A'): string {
  const { data, arm, examples } = EXPORT_CASES[name]!;
  return pytorchScript({
    data,
    arm,
    examples,
    name: letter,
    recording: `${programName(letter)}.safetensors`,
  });
}

describe('the PyTorch program', () => {
  // `npx vitest run tests/web/export-pytorch.test.ts --update` records them again; read what changed.
  it.each(['batch-norm-keras', 'sgd-everything', 'conv', 'renorm', 'dropout'])('%s', async (name) => {
    await expect(scriptOf(name)).toMatchFileSnapshot(`../golden/export/${name}.pytorch.py`);
  });
});
