import { describe, expect, it } from 'vitest';
import { kerasScript } from '../../web/export/keras.ts';
import { programName } from '../../web/export/program.ts';
import { EXPORT_CASES } from './export-cases.ts';

function scriptOf(name: string): string {
  const { data, arm, examples } = EXPORT_CASES[name]!;
  return kerasScript({ data, arm, examples, name: 'A', recording: `${programName('A')}.safetensors` });
}

describe('the Keras program', () => {
  // `npx vitest run tests/web/export-keras.test.ts --update` records them again; read what changed.
  it.each(['batch-norm-keras', 'sgd-everything', 'conv', 'skip'])('%s', async (name) => {
    await expect(scriptOf(name)).toMatchFileSnapshot(`../golden/export/${name}.keras.py`);
  });

  it('turns PyTorch’s momentum into what is kept, and takes Keras’s as it is', () => {
    expect(scriptOf('batch-norm')).toContain('BatchNorm(epsilon=0.00001, momentum=1 - 0.1, unbiased=True');
    expect(scriptOf('batch-norm-keras')).toContain('layers.BatchNormalization(momentum=0.9, epsilon=0.001,');
    expect(scriptOf('batch-norm-onnx')).toContain('layers.BatchNormalization(momentum=0.9, epsilon=0.00001,');
    expect(scriptOf('batch-norm-cumulative')).toContain('momentum=None, unbiased=True, affine=False');
  });

  it('decays what is told to, in Keras’s way or PyTorch’s', () => {
    expect(scriptOf('sgd-decoupled')).toContain('keras.optimizers.schedules.LearningRateSchedule');
    expect(scriptOf('sgd-decoupled')).toContain('optimizer = SGD(Rate(), momentum=0.5, weight_decay=0.05)');
    expect(scriptOf('sgd-decoupled')).toContain('optimizer.exclude_from_weight_decay(var_list=undecayed)');
    expect(scriptOf('sgd-decay-all')).toContain('optimizer = SGD(0.1, l2=0.02)');
    expect(scriptOf('batch-norm')).toContain('optimizer = keras.optimizers.SGD(0.1)');
  });

  it('starts γ where the experiment does', () => {
    expect(scriptOf('batch-norm-keras')).toContain('gamma_initializer=Constant(0.5)');
    const { data, arm, examples } = EXPORT_CASES['renorm']!;
    const layers = arm.model.layers.map((layer) =>
      layer.kind === 'batch_renorm' ? { ...layer, initial_gamma: 0.25 } : layer,
    );
    const text = kerasScript({
      data,
      arm: { ...arm, model: { ...arm.model, layers } },
      examples,
      name: 'A',
      recording: 'a.safetensors',
    });
    expect(text).toContain('initial_gamma=0.25, name="layer_1"');
  });

  it('says that dropout is its own', () => {
    expect(scriptOf('dropout')).toContain('Dropout draws its own numbers here');
    expect(scriptOf('conv')).not.toContain('Dropout');
  });
});
