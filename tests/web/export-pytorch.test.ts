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

  it('turns the momentum of Keras and ONNX into the weight of the newest batch, and keeps ε and the variance', () => {
    expect(scriptOf('batch-norm')).toContain('nn.BatchNorm1d(12, eps=0.00001, momentum=0.1)');
    expect(scriptOf('batch-norm-keras')).toContain(
      'BatchNorm(12, eps=0.001, momentum=1 - 0.9, unbiased=False)',
    );
    expect(scriptOf('batch-norm-onnx')).toContain(
      'BatchNorm(12, eps=0.00001, momentum=1 - 0.9, unbiased=False)',
    );
    expect(scriptOf('batch-norm-cumulative')).toContain('eps=0.01, momentum=None, affine=False');
  });

  it('has classes of its own only where PyTorch has none', () => {
    expect(scriptOf('batch-norm')).not.toContain('class ');
    expect(scriptOf('batch-of-one')).toContain('class BatchNorm(');
    expect(scriptOf('skip')).toContain('model = Network(');
  });

  it('keeps what a link may hold inside its comment', () => {
    const { data, arm, examples } = EXPORT_CASES['batch-norm']!;
    const link = 'https://example.org/#"""\nimport os\u2028x';
    const text = pytorchScript({ data, arm, examples, name: 'A', recording: 'a.safetensors', link });
    expect(text.split(/[\n\r\u2028]/).filter((line) => line.includes('import os'))).toEqual([
      'The experiment: https://example.org/# import os x',
    ]);
  });
});
