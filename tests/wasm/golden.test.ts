import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../wasm/engine.ts';
import type { Experiment, LayerSpec } from '../../web/protocol/experiment.ts';
import { tensor } from '../../web/protocol/tensor.ts';
import { ARRAYS, Golden } from './golden.ts';
import { BINARIES, expectClose, load } from './support.ts';

/** The shipped binaries against the reference values the native suite is held to, through the JavaScript interface. */
const DTYPES = ['float32', 'float64'] as const;
/** For one operation; PyTorch adds in another order. */
const TOLERANCE = { float32: 2e-6, float64: 1e-14 };
/** Over 20 training steps. */
const TOLERANCE_TRAINED = { float32: 2e-5, float64: 1e-13 };

describe.each(BINARIES)('%s:', (binary) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load(binary);
  });

  describe.each(DTYPES)('%s:', (dtype) => {
    const tolerance = TOLERANCE[dtype];

    describe('batch normalization', () => {
      const golden = new Golden('batch_norm.txt');
      const cases = golden.names.filter((name) => name.endsWith('/dy')).map((name) => name.slice(0, -3));

      test.each(cases.flatMap((name) => [[name, 'training'] as const, [name, 'inference'] as const]))(
        '%s in %s mode',
        (name, mode) => {
          const given = (leaf: string) => golden.floats(`${name}/${leaf}`, dtype);
          const affine = golden.has(`${name}/gamma`);
          const common = {
            x: given('x'),
            mode,
            eps: golden.number(`${name}/eps`),
            running_mean: given('running_mean'),
            running_var: given('running_var'),
            ...(affine && { gamma: given('gamma') }),
          };
          const momentum = golden.number(`${name}/momentum`);
          const forward = engine.call('batch_norm_forward', {
            ...common,
            momentum,
            ...(affine && { beta: given('beta') }),
          });
          const backward = engine.call('batch_norm_backward', { ...common, dy: given('dy') });
          const results = { ...forward, ...backward };
          const prefix = `${name}/${dtype}/${mode}/`;
          const expected = golden.names
            .filter((entry) => entry.startsWith(prefix))
            .map((entry) => entry.slice(prefix.length));
          expect(expected).toEqual(expect.arrayContaining(['y', 'dx']));
          for (const leaf of expected) {
            expectClose(
              leaf,
              results[leaf as keyof typeof results],
              golden.floats(prefix + leaf, dtype),
              tolerance,
            );
          }
        },
      );

      test('cumulative running statistics', () => {
        let state = {
          running_mean: tensor(new ARRAYS[dtype](2)),
          running_var: tensor(new ARRAYS[dtype](2).fill(1)),
        };
        for (let k = 0; k < 3; k++) {
          const x = golden.floats(`cumulative/${k}/x`, dtype);
          const result = engine.call('batch_norm_forward', {
            x,
            ...state,
            momentum: 'cumulative',
            num_batches_tracked: k,
          });
          state = { running_mean: result.running_mean!, running_var: result.running_var! } as typeof state;
          for (const leaf of ['running_mean', 'running_var'] as const) {
            expectClose(
              leaf,
              state[leaf],
              golden.floats(`cumulative/${dtype}/${k}/${leaf}`, dtype),
              tolerance,
            );
          }
        }
      });
    });

    describe('the other normalisations', () => {
      const golden = new Golden('normalizations.txt');
      const of = (name: string) => ({
        given: (leaf: string) => golden.floats(`${name}/${leaf}`, dtype),
        number: (leaf: string) => golden.number(`${name}/${leaf}`),
      });
      /** Forward and backward of the cases against all that is recorded of them but running statistics. */
      const expectRecorded = (name: string, results: object) => {
        const prefix = `${name}/${dtype}/`;
        const expected = golden.names
          .filter((entry) => entry.startsWith(prefix) && !entry.includes('running'))
          .map((entry) => entry.slice(prefix.length));
        expect(expected).toEqual(expect.arrayContaining(['y', 'dx']));
        for (const leaf of expected) {
          const value = results[leaf as keyof typeof results];
          expectClose(leaf, value, golden.floats(prefix + leaf, dtype), 2 * tolerance);
        }
      };

      test.each([
        'layer',
        'layer_wide',
        'layer_pictures',
        'layer_channels',
        'group',
        'group_pictures',
        'group_plain',
        'instance',
      ])('%s', (name) => {
        const { given, number } = of(name);
        const affine = golden.has(`${name}/gamma`);
        const common = {
          x: given('x'),
          groups: number('groups'),
          eps: number('eps'),
          ...(affine && { gamma: given('gamma') }),
        };
        expectRecorded(name, {
          ...engine.call('group_norm_forward', { ...common, ...(affine && { beta: given('beta') }) }),
          ...engine.call('group_norm_backward', { ...common, dy: given('dy') }),
        });
      });

      test.each(['renorm_free', 'renorm_bounded', 'renorm_pictures', 'renorm_closed'])('%s', (name) => {
        const { given, number } = of(name);
        const common = {
          x: given('x'),
          gamma: given('gamma'),
          running_mean: given('running_mean'),
          running_std: given('running_std'),
          r_max: number('r_max'),
          d_max: number('d_max'),
          eps: number('eps'),
        };
        expectRecorded(name, {
          ...engine.call('batch_renorm_forward', { ...common, beta: given('beta') }),
          ...engine.call('batch_renorm_backward', { ...common, dy: given('dy') }),
        });
      });

      test.each([
        ['l1', 1],
        ['l2', 2],
        ['linf', 'inf'],
        ['l1_pictures', 1],
        ['l2_pictures', 2],
        ['linf_pictures', 'inf'],
      ] as const)('%s', (name, p) => {
        const { given, number } = of(name);
        const common = { x: given('x'), p, gamma: given('gamma'), eps: number('eps') };
        expectRecorded(name, {
          ...engine.call('lp_norm_forward', { ...common, beta: given('beta') }),
          ...engine.call('lp_norm_backward', { ...common, dy: given('dy') }),
        });
      });
    });

    describe('layers and losses', () => {
      const layers = new Golden('layers.txt');
      const losses = new Golden('losses.txt');

      test('linear', () => {
        const given = (leaf: string) => layers.floats(`linear/${leaf}`, dtype);
        const [x, weight] = [given('x'), given('weight')];
        const { y } = engine.call('linear_forward', { x, weight, bias: given('bias') });
        const { dx, dweight, dbias } = engine.call('linear_backward', { x, weight, dy: given('dy') });
        for (const [leaf, value] of Object.entries({ y, dx, dweight, dbias })) {
          expectClose(leaf, value, layers.floats(`linear/${dtype}/${leaf}`, dtype), tolerance);
        }
      });

      test.each(['relu', 'sigmoid', 'tanh'] as const)('%s', (kind) => {
        const x = layers.floats('activation/x', dtype);
        const { y } = engine.call('activation_forward', { kind, x });
        const { dx } = engine.call('activation_backward', {
          kind,
          x,
          dy: layers.floats('activation/dy', dtype),
        });
        expectClose('y', y, layers.floats(`${kind}/${dtype}/y`, dtype), tolerance);
        expectClose('dx', dx, layers.floats(`${kind}/${dtype}/dx`, dtype), tolerance);
      });

      test('leaky_relu, by its slope', () => {
        const kind = 'leaky_relu';
        const [x, dy] = [layers.floats('activation/x', dtype), layers.floats('activation/dy', dtype)];
        const slope = layers.number('leaky_relu/slope');
        const { y } = engine.call('activation_forward', { kind, x, slope });
        const { dx } = engine.call('activation_backward', { kind, x, dy, slope });
        expectClose('y', y, layers.floats(`${kind}/${dtype}/y`, dtype), tolerance);
        expectClose('dx', dx, layers.floats(`${kind}/${dtype}/dx`, dtype), tolerance);
      });

      test.each(['cross_entropy', 'bce_with_logits', 'mse'] as const)('%s', (kind) => {
        const target = losses.isInt32(`${kind}/target`)
          ? losses.int32(`${kind}/target`)
          : losses.floats(`${kind}/target`, dtype);
        const result = engine.call('loss', {
          kind,
          prediction: losses.floats(`${kind}/prediction`, dtype),
          target,
        });
        expectClose('loss', result.loss, losses.number(`${kind}/${dtype}/loss`), tolerance);
        expectClose(
          'gradient',
          result.gradient,
          losses.floats(`${kind}/${dtype}/gradient`, dtype),
          tolerance,
        );
      });
    });

    describe('convolution and pooling', () => {
      const golden = new Golden('convolution.txt');

      test.each(['same', 'valid', 'strided', 'pointwise', 'wide', 'whole'])('conv2d %s', (name) => {
        const given = (leaf: string) => golden.floats(`conv/${name}/${leaf}`, dtype);
        const number = (leaf: string) => golden.number(`conv/${name}/${leaf}`);
        const [x, weight] = [given('x'), given('weight')];
        const [stride, padding] = [number('stride'), number('padding')];
        const common = { x, weight, stride, padding };
        const { y } = engine.call('conv2d_forward', { ...common, bias: given('bias') });
        const { dx, dweight, dbias } = engine.call('conv2d_backward', { ...common, dy: given('dy') });
        for (const [leaf, value] of Object.entries({ y, dx, dweight, dbias }))
          expectClose(leaf, value, golden.floats(`conv/${name}/${dtype}/${leaf}`, dtype), tolerance);
      });

      test.each(
        ['halves', 'left_out', 'overlapping', 'apart'].flatMap((name) =>
          (['max', 'average'] as const).map((pool) => [name, pool] as const),
        ),
      )('pool2d %s, %s', (name, pool) => {
        const at = `pool/${name}`;
        const x = golden.floats(`${at}/x`, dtype);
        const [size, stride] = [golden.number(`${at}/size`), golden.number(`${at}/stride`)];
        const { y } = engine.call('pool2d_forward', { x, pool, size, stride });
        const dy = golden.floats(`${at}/dy`, dtype);
        const { dx } = engine.call('pool2d_backward', { x, dy, pool, size, stride });
        expectClose('y', y, golden.floats(`${at}/${pool}/${dtype}/y`, dtype), tolerance);
        expectClose('dx', dx, golden.floats(`${at}/${pool}/${dtype}/dx`, dtype), tolerance);
      });
    });

    describe('SGD', () => {
      const golden = new Golden('sgd.txt');
      const cases = golden.names
        .filter((name) => name.endsWith(`/${dtype}/0/parameter`))
        .map((name) => name.slice(0, name.indexOf('/')));

      test.each(cases)('%s', (name) => {
        const rates = {
          lr: golden.number(`${name}/lr`),
          momentum: golden.number(`${name}/momentum`),
          weight_decay: golden.number(`${name}/weight_decay`),
          nesterov: name.startsWith('nesterov'),
          decoupled: name.startsWith('decoupled'),
        };
        let parameter = golden.floats('parameter', dtype);
        let velocity = tensor(new ARRAYS[dtype](parameter.data.length), parameter.shape);
        for (let k = 0; k < 4; k++) {
          const gradient = golden.floats(`gradient/${k}`, dtype);
          const result = engine.call('sgd_step', { parameter, gradient, velocity, ...rates });
          parameter = result.parameter as typeof parameter;
          velocity = result.velocity as typeof velocity;
          expectClose(
            'parameter',
            parameter,
            golden.floats(`${name}/${dtype}/${k}/parameter`, dtype),
            tolerance,
          );
          const entry = `${name}/${dtype}/${k}/velocity`;
          if (golden.has(entry)) expectClose('velocity', velocity, golden.floats(entry, dtype), tolerance);
        }
      });
    });

    describe('20 training steps', () => {
      const linear = (units: number, bias = true) => ({ kind: 'linear', units, bias }) as const;
      const sigmoid = { kind: 'sigmoid' } as const;
      const relu = { kind: 'relu' } as const;
      type Network = Experiment['model'] & { loss: Experiment['loss']; layers: LayerSpec[] };
      const networks: Record<string, Network> = {
        cross_entropy: {
          inputs: 3,
          loss: 'cross_entropy',
          layers: [
            linear(8, false),
            { kind: 'batch_norm' },
            sigmoid,
            linear(6, false),
            { kind: 'batch_norm' },
            sigmoid,
            linear(3),
          ],
        },
        bce: {
          inputs: 2,
          loss: 'bce_with_logits',
          layers: [
            linear(7),
            { kind: 'batch_norm', momentum: 'cumulative' },
            relu,
            linear(5, false),
            { kind: 'batch_norm', eps: 1e-3, momentum: 0.3, affine: false },
            relu,
            linear(1),
          ],
        },
        convolution: {
          inputs: 60,
          input_shape: [2, 6, 5],
          loss: 'cross_entropy',
          layers: [
            { kind: 'conv2d', units: 5, kernel: 3, bias: false },
            { kind: 'batch_norm' },
            { kind: 'leaky_relu', slope: 0.1 },
            { kind: 'pool2d', pool: 'max' },
            { kind: 'conv2d', units: 4, kernel: 3, stride: 2, padding: 2 },
            { kind: 'batch_norm', momentum: 0.3 },
            relu,
            { kind: 'pool2d', pool: 'average', stride: 1 },
            { kind: 'flatten' },
            linear(3),
          ],
        },
      };

      test.each(Object.keys(networks))('%s', (name) => {
        const golden = new Golden(`trajectory_${name}.txt`);
        const { loss, ...network } = networks[name]!;
        const optional = (key: string) => (golden.has(key) ? golden.number(key) : 0);
        const model = engine.model({
          version: 1,
          dtype,
          data: { kind: 'given' },
          model: network,
          loss,
          optimizer: {
            lr: golden.number('lr'),
            momentum: golden.number('momentum'),
            weight_decay: optional('weight_decay'),
            nesterov: optional('nesterov') === 1,
          },
        });
        const below = (prefix: string) =>
          golden.names.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
        const trained = TOLERANCE_TRAINED[dtype];
        const expectState = (prefix: string, get: (leaf: string) => ReturnType<typeof model.get>) => {
          const [counts, tensors] = [true, false].map((counted) =>
            below(prefix).filter((leaf) => golden.isInt32(prefix + leaf) === counted),
          ) as [string[], string[]];
          for (const leaf of counts) expect(get(leaf).data).toEqual(golden.int32(prefix + leaf).data);
          for (const leaf of tensors)
            expectClose(leaf, get(leaf), golden.floats(prefix + leaf, dtype), trained);
        };

        for (const leaf of below('start/')) model.set(leaf, golden.floats(`start/${leaf}`, dtype));
        const losses = Array.from({ length: 20 }, (_, k) => {
          const y = golden.isInt32(`batch/${k}/y`)
            ? golden.int32(`batch/${k}/y`)
            : golden.floats(`batch/${k}/y`, dtype);
          const { loss } = model.step(golden.floats(`batch/${k}/x`, dtype), y);
          expectState(`${dtype}/step/${k + 1}/`, (leaf) => model.get(leaf));
          return loss;
        });
        expect(below(`${dtype}/step/20/`)).toEqual(model.names());
        expectClose(
          'losses',
          tensor(Float64Array.from(losses)),
          golden.floats(`${dtype}/losses`, 'float64'),
          trained,
        );
        expectState(`${dtype}/gradient/`, (leaf) => model.gradient(leaf));
        for (const mode of ['training', 'inference'] as const) {
          const { output } = model.evaluate(mode, golden.floats('probe/x', dtype));
          expectClose(mode, output, golden.floats(`${dtype}/probe/${mode}`, dtype), trained);
        }
        model.free();
      });
    });
  });

  describe('conventions', () => {
    const golden = new Golden('conventions.txt');
    const given = (name: string) => golden.floats(name, 'float64');
    const batches = [0, 1, 2].map((k) => given(`${k}/x`));

    test.each(['pytorch', 'keras', 'onnx'] as const)(
      '%s, by its own momentum and its own defaults',
      (convention) => {
        const [gamma, beta] = [given('gamma'), given('beta')];
        const momentum = golden.number(`${convention}/momentum`);
        for (const options of [
          { convention },
          { convention, momentum, eps: golden.number(`${convention}/eps`) },
        ]) {
          let state = {
            running_mean: tensor(new Float64Array(2)),
            running_var: tensor(Float64Array.of(1, 1)),
          };
          for (const [k, x] of batches.entries()) {
            const result = engine.call('batch_norm_forward', { x, gamma, beta, ...state, ...options });
            state = { running_mean: result.running_mean!, running_var: result.running_var! } as typeof state;
            for (const leaf of ['running_mean', 'running_var'] as const) {
              expectClose(leaf, state[leaf], given(`${convention}/${k}/${leaf}`), TOLERANCE.float64);
            }
            if (k === 2) expectClose('y', result.y, given(`${convention}/y_training`), TOLERANCE.float64);
          }
          const { running_mean, running_var } = state;
          const { y } = engine.call('batch_norm_forward', {
            x: batches[2]!,
            gamma,
            beta,
            running_mean,
            running_var,
            mode: 'inference',
            ...options,
          });
          expectClose('y', y, given(`${convention}/y_inference`), TOLERANCE.float64);
        }
      },
    );

    test.each([
      ['pytorch', {}],
      ['keras', {}],
      ['onnx', {}],
      ['tf_fused', { convention: 'keras', stored_variance: 'unbiased' }],
    ] as const)('%s over a sequence of batches', (name, options) => {
      const stats = batches.map((x) => engine.call('batch_norm_forward', { x, eps: 1e-5 }));
      const stack = (leaf: 'mean' | 'var') =>
        tensor(Float64Array.from(stats.flatMap((s) => [...s[leaf].data])), [3, 2]);
      const result = engine.call('running_statistics', {
        mean: stack('mean'),
        var: stack('var'),
        count: Float64Array.of(4, 4, 4),
        initial_mean: new Float64Array(2),
        initial_var: Float64Array.of(1, 1),
        momentum: golden.number(`${name}/momentum`),
        ...(name !== 'tf_fused' && { convention: name }),
        ...options,
      });
      for (const leaf of ['running_mean', 'running_var'] as const) {
        const expected = [0, 1, 2].flatMap((k) => [...given(`${name}/${k}/${leaf}`).data]);
        const start = leaf === 'running_mean' ? [0, 0] : [1, 1];
        expectClose(
          leaf,
          result[leaf],
          tensor(Float64Array.from([...start, ...expected]), [4, 2]),
          TOLERANCE.float64,
        );
      }
      expectClose(
        'momentum',
        result.running_momentum,
        name === 'keras' || name === 'tf_fused' ? 0.01 : 0.1,
        1e-15,
      );
    });
  });

  test('folding into the layer before', () => {
    const golden = new Golden('fold.txt');
    const given = (name: string) => golden.floats(name, 'float64');
    const [weight, bias] = [given('weight'), given('bias')];
    const norm = {
      gamma: given('gamma'),
      running_mean: given('running_mean'),
      running_var: given('running_var'),
    };
    const folded = engine.call('batch_norm_fold', {
      weight,
      bias,
      ...norm,
      beta: given('beta'),
      eps: golden.number('eps'),
    });
    expectClose('weight', folded.weight, given('folded/weight'), TOLERANCE.float64);
    expectClose('bias', folded.bias, given('folded/bias'), TOLERANCE.float64);
    const { y } = engine.call('linear_forward', { x: given('x'), ...folded });
    expectClose('y', y, given('y'), TOLERANCE.float64);
  });

  describe('random streams, to the bit', () => {
    const golden = new Golden('random.txt');
    const sequences = golden.names
      .map(
        (name) =>
          name.split('/') as [string, 'data' | 'init' | 'order', 'uniform' | 'normal' | 'permutation'],
      )
      // Words are not to be had through the interface, and of the stream of dropout only what it drops.
      .filter(([, stream, kind]) => !kind.startsWith('words') && (stream as string) !== 'dropout');

    test.each(sequences)('seed %s, %s, %s', (seed, stream, kind) => {
      const expected = golden.floats(`${seed}/${stream}/${kind}`, 'float64').data;
      const { values } = engine.call('random', { seed: Number(seed), stream, kind, count: expected.length });
      expect(values.data).toEqual(expected);
    });

    test.each([1, 4294967295])('seed %s, what dropout drops', (seed) => {
      const uniform = golden.floats(`${seed}/dropout/uniform`, 'float64').data;
      const { y } = engine.call('dropout_forward', {
        x: tensor(new Float64Array(8).fill(1), [8, 1]),
        p: 0.5,
        seed,
      });
      expect(Array.from(y.data)).toEqual(Array.from(uniform, (value) => (value < 0.5 ? 0 : 2)));
    });
  });
});
