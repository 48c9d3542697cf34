import type { LayerSpec } from '../protocol/experiment.ts';
import { KERAS_CLASSES, KERAS_INITIALIZERS } from './keras-layers.ts';
import {
  batchNormOf,
  batchOf,
  convOf,
  type ExampleShape,
  groupNormOf,
  inputShapeOf,
  isPicture,
  lpNormOf,
  optimizerOf,
  planOf,
  type PlannedLayer,
  poolOf,
  renormOf,
  type RunningRule,
  sizeOf,
  type Spec,
} from './plan.ts';
import { type ProgramOf, programName } from './program.ts';
import { indent, plainText, pythonCall, pythonFloat, pythonNumber, pythonTuple } from './python.ts';

/**
 * A Keras 3 program, for whichever backend it finds, that is the experiment again. Keras's momentum of running
 * statistics is what is kept of them, its default ε is another, and it stores the biased variance; its SGD folds the
 * learning rate into the velocity. Where the experiment says otherwise the program has classes of its own.
 *
 * Pictures are (height, width, channels) there: the program turns the recorded examples and weights.
 */
export function kerasScript(program: ProgramOf): string {
  const plan = planOf(program.arm);
  const layers = plan.map((layer) => layerOf(layer));
  const sgd = optimizer(program);
  const used = new Set<ClassName>([...layers.flatMap(({ uses }) => uses), ...sgd.uses]);
  const inits = new Set(
    plan.flatMap(({ spec }) =>
      spec.kind === 'linear' || spec.kind === 'conv2d' ? [spec.init ?? 'he_normal'] : [],
    ),
  );
  const classes = [...new Set([...used].flatMap((name) => KERAS_CLASSES[name]))];
  return [
    `${header(program)}\n\n${imports}`,
    constants(program),
    ...classes,
    ...[...inits].map((init) => KERAS_INITIALIZERS[init]),
    network(inputShapeOf(program.arm), layers),
    sgd.text,
    examples(program),
    reader,
    weights,
    training(program),
  ]
    .map((part) => part.trim())
    .join('\n\n\n')
    .concat('\n');
}

type ClassName = keyof typeof KERAS_CLASSES;

interface Layer {
  /** One after the other; the last one has the name and the weights. `previous` stands for what goes in. */
  texts: readonly string[];
  uses: readonly ClassName[];
  note?: string;
  /** Skip connection from the layer of this index. */
  from?: number;
}

/** Keras's momentum: what is kept, 1 minus PyTorch's. */
function momentumOf({ momentum, keeps }: RunningRule): { text: string; note?: string } {
  if (momentum === 'cumulative') return { text: 'None', note: 'None: the average of all batches' };
  if (keeps) return { text: pythonNumber(momentum) };
  return {
    text: `1 - ${pythonNumber(momentum)}`,
    note: `PyTorch's momentum ${momentum} is the newest batch's weight`,
  };
}

const fromPyTorch = (momentum: number) => `1 - ${pythonNumber(momentum)}`;

function layerOf(layer: PlannedLayer): Layer {
  const { spec, index } = layer;
  const name = `"layer_${index}"`;
  const plain = (...texts: string[]): Layer => ({ texts, uses: [] });
  switch (spec.kind) {
    case 'linear':
      return plain(
        pythonCall('layers.Dense', [spec.units], {
          use_bias: spec.bias === false ? false : undefined,
          ...initializers(layer as PlannedLayer<Spec<'linear'>>),
          name,
        }),
      );
    case 'conv2d': {
      const { kernel, stride, padding, bias } = convOf(spec);
      const conv = pythonCall('layers.Conv2D', [spec.units, kernel], {
        strides: stride,
        use_bias: bias ? undefined : false,
        ...initializers(layer as PlannedLayer<Spec<'conv2d'>>),
        name,
      });
      return padding > 0 ? plain(pythonCall('layers.ZeroPadding2D', [padding]), conv) : plain(conv);
    }
    case 'pool2d': {
      const { pool, size, stride } = poolOf(spec);
      const kind = pool === 'max' ? 'layers.MaxPooling2D' : 'layers.AveragePooling2D';
      return plain(pythonCall(kind, [size], { strides: stride, name }));
    }
    case 'flatten':
      return isPicture(layer.in)
        ? {
            ...plain('layers.Permute((3, 1, 2))', pythonCall('layers.Flatten', [], { name })),
            note: 'channels first, as the weights that follow expect',
          }
        : plain(pythonCall('layers.Flatten', [], { name }));
    case 'batch_norm':
      return batchNormLayer(spec, name);
    case 'batch_renorm': {
      const { gamma, eps, momentum, ...options } = renormOf(spec);
      return {
        texts: [
          pythonCall('BatchRenorm', [], {
            epsilon: eps,
            momentum: fromPyTorch(momentum),
            ...options,
            ...ownGamma(gamma),
            name,
          }),
        ],
        uses: ['BatchRenorm'],
      };
    }
    case 'lp_norm': {
      const { gamma, p, eps, momentum, affine } = lpNormOf(spec);
      return {
        texts: [
          pythonCall('LpNorm', [], {
            p: p === 'inf' ? 'math.inf' : p,
            epsilon: eps,
            momentum: fromPyTorch(momentum),
            affine,
            ...ownGamma(gamma),
            name,
          }),
        ],
        uses: ['LpNorm'],
      };
    }
    case 'layer_norm': {
      const { eps, affine, gamma } = groupNormOf(spec, layer.in[0]);
      return plain(
        pythonCall('layers.LayerNormalization', [], {
          axis: isPicture(layer.in) ? '[1, 2, 3]' : undefined,
          epsilon: eps,
          center: affine ? undefined : false,
          scale: affine ? undefined : false,
          ...kerasGamma(gamma, affine),
          name,
        }),
      );
    }
    case 'group_norm':
    case 'instance_norm': {
      const { groups, eps, affine, gamma } = groupNormOf(spec, layer.in[0]);
      return plain(
        pythonCall('layers.GroupNormalization', [groups], {
          epsilon: eps,
          center: affine ? undefined : false,
          scale: affine ? undefined : false,
          ...kerasGamma(gamma, affine),
          name,
        }),
      );
    }
    case 'dropout':
      return plain(pythonCall('layers.Dropout', [spec.p ?? 0.5], { name }));
    case 'add':
      return { ...plain(pythonCall('layers.Add', [], { name })), from: spec.from };
    case 'leaky_relu':
      return plain(pythonCall('layers.LeakyReLU', [], { negative_slope: spec.slope ?? 0.01, name }));
    case 'identity':
      return plain(pythonCall('layers.Activation', ['"linear"'], { name }));
    case 'relu':
    case 'sigmoid':
    case 'tanh':
      return plain(pythonCall('layers.Activation', [`"${spec.kind}"`], { name }));
  }
}

function initializers(layer: PlannedLayer<Spec<'linear' | 'conv2d'>>): Record<string, string> {
  const { init = 'he_normal', gain = 1, sigma = 0.01, bias = true } = layer.spec;
  const kernel_initializer = pythonCall(init, init === 'normal' ? [sigma] : [], {
    gain: gain === 1 ? undefined : gain,
  });
  if (init !== 'pytorch' || !bias) return { kernel_initializer };
  const fanIn = layer.spec.kind === 'conv2d' ? layer.in[0] * layer.spec.kernel ** 2 : sizeOf(layer.in);
  return { kernel_initializer, bias_initializer: pythonCall('pytorch_bias', [fanIn]) };
}

/** γ's start where it is not 1: of the program's own classes, and of Keras's. */
const ownGamma = (gamma: number) => (gamma === 1 ? {} : { initial_gamma: gamma });
const kerasGamma = (gamma: number, affine: boolean) =>
  gamma === 1 || !affine ? {} : { gamma_initializer: pythonCall('Constant', [gamma]) };

function batchNormLayer(spec: Spec<'batch_norm'>, name: string): Layer {
  const { rule, eps, affine, track, frozen, ghost, gamma } = batchNormOf(spec);
  const { text: momentum, note } = momentumOf(rule);
  const own = !frozen && (ghost > 0 || !track || rule.unbiased || rule.momentum === 'cumulative');
  if (own) {
    return {
      texts: [
        pythonCall('BatchNorm', [], {
          epsilon: eps,
          momentum,
          unbiased: rule.unbiased,
          ghost: ghost > 0 ? ghost : undefined,
          affine: affine ? undefined : false,
          track: track ? undefined : false,
          ...ownGamma(gamma),
          name,
        }),
      ],
      uses: ['BatchNorm'],
      ...(note && { note }),
    };
  }
  const kind = frozen ? 'FrozenBatchNormalization' : 'layers.BatchNormalization';
  return {
    texts: [
      pythonCall(kind, [], {
        momentum: frozen ? undefined : momentum,
        epsilon: eps,
        center: affine ? undefined : false,
        scale: affine ? undefined : false,
        ...kerasGamma(gamma, affine),
        name,
      }),
    ],
    uses: frozen ? ['FrozenBatchNormalization'] : [],
    ...(note && !frozen && { note }),
  };
}

function header({ name, recording, link, arm }: ProgramOf): string {
  const file = `${programName(name)}-keras`;
  const drops = arm.model.layers.some(({ kind }) => kind === 'dropout');
  return `"""Model ${plainText(name)} of an experiment in BatchNorm Lab, for Keras 3 and whichever backend it finds.

    python ${file}.py            # needs ${recording} beside it
    python ${file}.py --fresh 7  # new initial weights and batches, drawn from seed 7

It builds the same network, takes the recorded examples, initial weights and batches, and trains.
${
  drops
    ? 'Dropout draws its own numbers here, so the losses are near those of the page, not the same.'
    : 'Its losses are those of the page, but for rounding.'
}
It prints both and writes them all into ${file}-losses.csv.
${link === undefined ? '' : `\nThe experiment: ${plainText(link)}\n`}"""`;
}

const imports = `import argparse
import csv
import json
import math
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops
from keras.initializers import Constant, RandomNormal, RandomUniform, VarianceScaling`;

function constants({ arm, recording, name }: ProgramOf): string {
  const { size, reshuffle, last } = batchOf(arm);
  const python = (value: boolean) => (value ? 'True' : 'False');
  return [
    `HERE = Path(__file__).resolve().parent`,
    `RECORDING = HERE / "${recording}"`,
    `LOSSES = HERE / "${programName(name)}-keras-losses.csv"`,
    `BATCH_SIZE = ${size}`,
    `NEW_ORDER_EVERY_EPOCH = ${python(reshuffle)}`,
    `DROP_SMALLER_LAST_BATCH = ${python(last === 'drop')}`,
    `keras.config.set_floatx("${arm.dtype ?? 'float32'}")`,
  ].join('\n');
}

function network(shape: ExampleShape, all: readonly Layer[]): string {
  const [channels, height, width] = shape;
  const input = pythonTuple(isPicture(shape) ? [height, width, channels] : [channels]);
  const comment = (note: string | undefined, by: string) => (note === undefined ? [] : [`${by}# ${note}`]);
  if (all.every(({ from }) => from === undefined)) {
    const lines = all.flatMap(({ texts, note }) => [
      ...comment(note, '        '),
      ...texts.map((text) => `        ${text},`),
    ]);
    return [
      'def build():',
      '    return keras.Sequential([',
      `        keras.Input(${input}),`,
      ...lines,
      '    ])',
    ].join('\n');
  }
  const lines = all.flatMap(({ texts, note, from }) => {
    const previous = from === undefined ? 'h[-1]' : `[h[-1], h[${from + 1}]]`;
    const nested = texts.reduce((inside, text) => `${text}(${inside})`, previous);
    return [...comment(note, '    '), `    h.append(${nested})`];
  });
  return [
    'def build():',
    `    h = [keras.Input(${input})]  # h[i + 1] is what comes out of layer i`,
    ...lines,
    '    return keras.Model(h[0], h[-1])',
  ].join('\n');
}

function hasGamma(spec: LayerSpec): boolean {
  return (
    (spec.kind.endsWith('_norm') || spec.kind === 'batch_renorm') &&
    !('affine' in spec && spec.affine === false)
  );
}

function optimizer({ arm }: ProgramOf): { text: string; uses: readonly ClassName[] } {
  const o = optimizerOf(arm);
  const factors = [
    ...(o.schedule === 'step'
      ? [`${pythonNumber(o.schedule_factor)} ** ops.floor(step / ${o.schedule_steps})`]
      : []),
    ...(o.schedule === 'cosine'
      ? [`0.5 * (1 + ops.cos(math.pi * ops.minimum(step, ${o.schedule_steps}) / ${o.schedule_steps}))`]
      : []),
    ...(o.warmup > 0 ? [`ops.minimum(1, (step + 1) / ${o.warmup})  # warm-up`] : []),
  ];
  const constant = factors.length === 0;
  const l2 = o.weight_decay > 0 && !o.decoupled;
  const own = l2 || (o.momentum > 0 && !constant);
  const schedule = constant
    ? []
    : [
        `class Rate(keras.optimizers.schedules.LearningRateSchedule):
    """Of update \`step\`, counted from 0."""

    def __call__(self, step):
        step = ops.cast(step, keras.config.floatx())
        rate = ${pythonNumber(o.lr)}
${indent(factors.map((factor) => `rate = rate * ${factor}`).join('\n'), 8)}
        return rate

    def get_config(self):
        return {}`,
      ];
  const left = o.weight_decay > 0 ? undecayed(arm.model.layers, o) : [];
  const call = pythonCall(own ? 'SGD' : 'keras.optimizers.SGD', [constant ? pythonFloat(o.lr) : 'Rate()'], {
    momentum: o.momentum > 0 ? pythonFloat(o.momentum) : undefined,
    nesterov: o.momentum > 0 && o.nesterov ? true : undefined,
    l2: l2 ? o.weight_decay : undefined,
    undecayed: l2 && left.length > 0 ? 'undecayed' : undefined,
    weight_decay: o.weight_decay > 0 && o.decoupled ? o.weight_decay : undefined,
    global_clipnorm: o.clip > 0 ? o.clip : undefined,
  });
  const kept = left.map(([index, name]) => `model.get_layer("layer_${index}").${name}`);
  const lines = [
    ...(kept.length > 0 ? ['undecayed = [', ...kept.map((variable) => `    ${variable},`), ']'] : []),
    `optimizer = ${call}`,
    ...(kept.length > 0 && !l2 ? ['optimizer.exclude_from_weight_decay(var_list=undecayed)'] : []),
    'return optimizer',
  ];
  return {
    text: [...schedule, `def optimizer_of(model):\n${indent(lines.join('\n'))}`].join('\n\n\n'),
    uses: own ? ['SGD'] : [],
  };
}

/** Parameters that weight decay leaves alone: the layer's index and Keras's name. */
function undecayed(
  specs: readonly LayerSpec[],
  { decay_gamma, decay_beta, decay_bias }: ReturnType<typeof optimizerOf>,
): (readonly [number, string])[] {
  return specs.flatMap((spec, index): (readonly [number, string])[] => {
    if (spec.kind === 'linear' || spec.kind === 'conv2d') {
      return decay_bias || spec.bias === false ? [] : [[index, 'bias']];
    }
    if (!hasGamma(spec)) return [];
    return [
      ...(decay_gamma ? [] : [[index, 'gamma'] as const]),
      ...(decay_beta ? [] : [[index, 'beta'] as const]),
    ];
  });
}

function examples({ arm }: ProgramOf): string {
  const shape = inputShapeOf(arm);
  const outputs = sizeOf(planOf(arm).at(-1)?.out ?? shape);
  const picture = isPicture(shape)
    ? `.reshape(-1, ${shape.join(', ')}).transpose(0, 2, 3, 1)  # channels last`
    : '';
  const inputs = `def inputs(x):\n    return x.astype(keras.config.floatx())${picture}`;
  if (arm.loss === 'cross_entropy') {
    return `LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)\n\n\n${inputs}\n\n\ndef targets(y):\n    return y`;
  }
  const loss = arm.loss === 'mse' ? 'MeanSquaredError()' : 'BinaryCrossentropy(from_logits=True)';
  return `LOSS = keras.losses.${loss}


${inputs}


def targets(y):
    """Values; classes become ${outputs === 1 ? 'one, which is 1 for class 1' : 'a row that is 1 at the class'}."""
    if y.ndim == 1:
        y = ${outputs === 1 ? 'y.reshape(-1, 1)' : `np.eye(${outputs})[y]`}
    return y.astype(keras.config.floatx())`;
}

const reader = `
def read_safetensors(path):
    """name -> array. The file: the length of its header, the header (JSON), the tensors' bytes."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    types = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U8": "u1"}
    arrays = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        first, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[start + first : start + end], types[entry["dtype"]]).reshape(entry["shape"])
    return arrays`;

const weights = `
def load_initial_weights(model, recording):
    """Dense weights lie as (in, out) in Keras, and what is (channels, height, width) has its channels last."""
    names = {"running_mean": "moving_mean", "running_var": "moving_variance", "bias": "bias"}
    for name, value in recording.items():
        if not name.startswith("initial.") or name.endswith("num_batches_tracked"):
            continue
        _, index, name = name.split(".")
        layer = model.get_layer(f"layer_{index}")
        if name == "weight" and hasattr(layer, "kernel"):
            layer.kernel.assign(value.T if value.ndim == 2 else value.transpose(2, 3, 1, 0))
            continue
        value = value.transpose(1, 2, 0) if value.ndim == 3 else value
        if name in ("weight", "bias") and not hasattr(layer, "kernel"):
            name = {"weight": "gamma", "bias": "beta"}[name]
        elif name in ("running_var", "running_std", "running_scale"):
            name = "moving_spread" if hasattr(layer, "moving_spread") else "moving_variance"
        getattr(layer, names.get(name, name)).assign(value)`;

function training({ arm }: ProgramOf): string {
  const scores = arm.loss === 'cross_entropy';
  // Layers that have to know how many examples there are.
  const eager = arm.model.layers.some(
    (spec) =>
      (spec.kind === 'batch_norm' && (spec.ghost ?? 0) > 0) || (spec.kind === 'lp_norm' && spec.p === 'inf'),
  );
  return `
def fresh_batches(count, steps, random):
    """Which examples meet in each batch${batchOf(arm).classes > 0 ? ' (mixed: the recorded run takes so many classes at a time)' : ''}."""
    batches, order = [], random.permutation(count)
    while len(batches) < steps:
        for start in range(0, count, BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            if len(batch) == BATCH_SIZE or start == 0 or not DROP_SMALLER_LAST_BATCH:
                batches.append(batch)
        if NEW_ORDER_EVERY_EPOCH:
            order = random.permutation(count)
    return batches[:steps]


def score(model, name, x, y):
    output = ops.convert_to_tensor(model.predict_on_batch(x))
    text = f"{name} in inference mode: loss {float(ops.mean(LOSS(y, output))):.6g}"
${
  scores
    ? `    accuracy = float(np.mean(ops.convert_to_numpy(ops.argmax(output, axis=1)) == y))
    print(f"{text}, accuracy {accuracy:.4f}")`
    : '    print(text)'
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", type=int, metavar="SEED", help="draw initial weights and batches anew")
    options = parser.parse_args()
    if not RECORDING.exists():
        raise SystemExit(f"Please put {RECORDING.name}, saved from the same page, beside this program.")
    recording = read_safetensors(RECORDING)
    recorded = recording["losses"]
    x, y = inputs(recording["train_x"]), targets(recording["train_y"])
    keras.utils.set_random_seed(options.fresh or 1)
    model = build()
    if options.fresh is None:
        load_initial_weights(model, recording)
        ends = np.cumsum(recording["batch_sizes"])
        batches = np.split(recording["batch_members"], ends[:-1])
    else:
        batches = fresh_batches(len(x), len(recorded), np.random.default_rng(options.fresh))
    model.compile(optimizer=optimizer_of(model), loss=LOSS${eager ? ', run_eagerly=True' : ''})
    with open(LOSSES, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["step", "loss", "recorded"])
        for step, members in enumerate(batches):
            model.reset_metrics()  # otherwise the loss is an average over steps
            loss = float(model.train_on_batch(x[members], y[members]))
            known = recorded[step] if options.fresh is None else ""
            rows.writerow([step + 1, loss, known])
            if step < 10 or (step + 1) % 50 == 0:
                print(f"step {step + 1:5d}: loss {loss:.6f}" + (f", recorded {known:.6f}" if known != "" else ""))
            if not math.isfinite(loss):
                print(f"Diverged at step {step + 1}.")
                break
    score(model, "Training set", x, y)
    if "test_x" in recording:
        score(model, "Test set", inputs(recording["test_x"]), targets(recording["test_y"]))


if __name__ == "__main__":
    main()`;
}
