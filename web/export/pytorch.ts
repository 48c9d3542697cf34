import type { LayerSpec } from '../protocol/experiment.ts';
import {
  batchNormOf,
  batchOf,
  convOf,
  groupNormOf,
  initialWeightsOf,
  inputShapeOf,
  isPicture,
  lpNormOf,
  meetsBatchOfOne,
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
import { PYTORCH_CLASSES } from './pytorch-layers.ts';
import {
  indent,
  plainText,
  pythonBoolean,
  pythonCall,
  pythonNumber,
  pythonTuple,
  rootTimes,
} from './python.ts';

/**
 * A PyTorch program (1.13 and later, no other package) that is the experiment again: the same layers under the same
 * state_dict names, and, out of the recorded run beside it, the same examples, initial weights and batches, so that
 * its losses are the engine's. `--fresh` draws weights and order by PyTorch instead.
 */
export function pytorchScript(program: ProgramOf): string {
  const layers = planOf(program.arm).map((layer) => layerOf(layer, program));
  const used = new Set(layers.flatMap(({ uses }) => uses));
  const classes = [...new Set([...used].flatMap((name) => PYTORCH_CLASSES[name]))];
  return [
    `${header(program)}\n\n${imports.trim()}`,
    constants(program),
    ...(classes.length > 0 ? [classes.map((text) => text.trim()).join('\n\n\n')] : []),
    model(layers, used),
    initialise(program),
    examples(program),
    optimizer(program),
    batches(program),
    reader,
    training(program),
  ]
    .map((part) => part.trim())
    .join('\n\n\n')
    .concat('\n');
}

type ClassName = keyof typeof PYTORCH_CLASSES;

interface Layer {
  text: string;
  uses: readonly ClassName[];
  /** Says what the call does not. */
  note?: string;
}

/** PyTorch's momentum: the newest batch's weight, which is 1 minus what Keras and ONNX keep. */
function momentumOf({ momentum, keeps, convention }: RunningRule): { text: string; note?: string } {
  if (momentum === 'cumulative') return { text: 'None', note: 'None: the average of all batches' };
  if (!keeps) return { text: pythonNumber(momentum) };
  return {
    text: `1 - ${pythonNumber(momentum)}`,
    note: `${convention}'s momentum ${momentum} is what is kept`,
  };
}

function layerOf(layer: PlannedLayer, { arm, examples }: ProgramOf): Layer {
  const { spec } = layer;
  const [channels] = layer.in;
  const plain = (text: string): Layer => ({ text, uses: [] });
  switch (spec.kind) {
    case 'linear':
      return plain(
        pythonCall('nn.Linear', [sizeOf(layer.in), spec.units], {
          bias: spec.bias === false ? false : undefined,
        }),
      );
    case 'conv2d': {
      const { kernel, stride, padding, bias } = convOf(spec);
      return plain(
        pythonCall('nn.Conv2d', [channels, spec.units, kernel], {
          stride,
          padding,
          bias: bias ? undefined : false,
        }),
      );
    }
    case 'pool2d': {
      const { pool, size, stride } = poolOf(spec);
      return plain(pythonCall(pool === 'max' ? 'nn.MaxPool2d' : 'nn.AvgPool2d', [size], { stride }));
    }
    case 'flatten':
      return plain('nn.Flatten()');
    case 'batch_norm':
      return batchNormLayer(spec, layer, meetsBatchOfOne(arm, examples));
    case 'batch_renorm': {
      const { gamma: _, ...options } = renormOf(spec);
      return { text: pythonCall('BatchRenorm', [channels], options), uses: ['BatchRenorm'] };
    }
    case 'lp_norm': {
      const { gamma: _, p, ...options } = lpNormOf(spec);
      return {
        text: pythonCall('LpNorm', [channels], { p: p === 'inf' ? 'math.inf' : p, ...options }),
        uses: ['LpNorm'],
      };
    }
    case 'layer_norm': {
      const { eps, affine } = groupNormOf(spec, channels);
      const shape = isPicture(layer.in) ? pythonTuple(layer.in) : channels;
      return plain(pythonCall('nn.LayerNorm', [shape], { eps, elementwise_affine: affine }));
    }
    case 'group_norm': {
      const { groups, eps, affine } = groupNormOf(spec, channels);
      return plain(pythonCall('nn.GroupNorm', [groups, channels], { eps, affine }));
    }
    case 'instance_norm': {
      const { groups, eps, affine } = groupNormOf(spec, channels);
      return {
        text: pythonCall('nn.GroupNorm', [groups, channels], { eps, affine }),
        uses: [],
        note: 'instance norm: a group per channel',
      };
    }
    case 'dropout':
      return { text: pythonCall('Dropout', [spec.p ?? 0.5]), uses: ['Dropout'] };
    case 'add':
      return { text: pythonCall('Add', [spec.from]), uses: ['Add'] };
    case 'leaky_relu':
      return plain(pythonCall('nn.LeakyReLU', [spec.slope ?? 0.01]));
    case 'relu':
      return plain('nn.ReLU()');
    case 'sigmoid':
      return plain('nn.Sigmoid()');
    case 'tanh':
      return plain('nn.Tanh()');
    case 'identity':
      return plain('nn.Identity()');
  }
}

function batchNormLayer(spec: Spec<'batch_norm'>, layer: PlannedLayer, batchOfOne: boolean): Layer {
  const { rule, eps, affine, track, single, frozen, ghost } = batchNormOf(spec);
  const { text: momentum, note } = momentumOf(rule);
  const options = {
    ...(affine ? {} : { affine }),
    ...(track ? {} : { track_running_stats: track }),
  };
  const dimensions = isPicture(layer.in) ? '2d' : '1d';
  const own =
    ghost > 0 || (track && !rule.unbiased) || (batchOfOne && single === 'show' && dimensions === '1d');
  if (frozen || !own) {
    const name = frozen ? `FrozenBatchNorm${dimensions}` : `nn.BatchNorm${dimensions}`;
    return {
      text: pythonCall(name, [layer.in[0]], { eps, momentum, ...options }),
      uses: frozen ? ['FrozenBatchNorm'] : [],
      ...(note && { note }),
    };
  }
  return {
    text: pythonCall('BatchNorm', [layer.in[0]], {
      eps,
      momentum,
      unbiased: rule.unbiased,
      ghost: ghost > 0 ? ghost : undefined,
      ...options,
    }),
    uses: ['BatchNorm'],
    ...(note && { note }),
  };
}

function header({ name, recording, link }: ProgramOf): string {
  return `"""Model ${plainText(name)} of an experiment in BatchNorm Lab, for PyTorch 1.13 and later.

    python ${programName(name)}.py            # needs ${recording} beside it

It builds the same network, takes the recorded examples, initial weights and batches, and trains: its losses are
those of the page, but for rounding. It prints both and writes them all into ${programName(name)}-losses.csv.

    python ${programName(name)}.py --fresh 7  # new initial weights and batches, drawn by PyTorch from seed 7
${link === undefined ? '' : `\nThe experiment: ${plainText(link)}\n`}"""`;
}

const imports = `
import argparse
import csv
import json
import math
from itertools import islice
from pathlib import Path

import torch
from torch import nn`;

function constants({ arm, recording, data, name }: ProgramOf): string {
  const { size, reshuffle, last, classes } = batchOf(arm);
  const shape = inputShapeOf(arm);
  const lines = [
    `HERE = Path(__file__).resolve().parent`,
    `RECORDING = HERE / "${recording}"`,
    `LOSSES = HERE / "${programName(name)}-losses.csv"`,
    `torch.set_default_dtype(torch.${arm.dtype ?? 'float32'})`,
    '',
    `# Data: ${describeData(data.data)}, seed ${data.seed}`,
    ...(isPicture(shape) ? [`EXAMPLE = ${pythonTuple(shape)}  # channels, height, width`] : []),
    `BATCH_SIZE = ${size}`,
    `NEW_ORDER_EVERY_EPOCH = ${pythonBoolean(reshuffle)}`,
    `DROP_SMALLER_LAST_BATCH = ${pythonBoolean(last === 'drop')}`,
    ...(classes > 0 ? [`CLASSES_PER_BATCH = ${classes}`] : []),
  ];
  return lines.join('\n');
}

/** As the experiment states it, for the reader; the examples themselves are in the recording. */
function describeData(data: object): string {
  return plainText(
    Object.entries(data)
      .flatMap(([key, value]) =>
        ['string', 'number', 'boolean'].includes(typeof value) ? [`${key} ${String(value)}`] : [],
      )
      .join(', '),
  );
}

function model(layers: readonly Layer[], used: ReadonlySet<ClassName>): string {
  const lines = layers.map(
    ({ text, note }, index) => `    ${text},  # ${index}${note === undefined ? '' : `; ${note}`}`,
  );
  return [`model = ${used.has('Add') ? 'Network' : 'nn.Sequential'}(`, ...lines, ')'].join('\n');
}

function hasGamma(spec: LayerSpec): spec is Spec<'batch_norm' | 'batch_renorm' | 'lp_norm' | 'group_norm'> {
  return 'affine' in spec || spec.kind.endsWith('_norm') || spec.kind === 'batch_renorm';
}

function initialise({ arm }: ProgramOf): string {
  const lines = planOf(arm).flatMap((layer) => {
    const { spec, index } = layer;
    if (spec.kind === 'linear' || spec.kind === 'conv2d') {
      const weights = initialWeightsOf(layer as PlannedLayer<Spec<'linear' | 'conv2d'>>);
      const size = rootTimes(weights.factor, weights.root);
      const draw =
        weights.distribution === 'normal'
          ? `nn.init.normal_(model[${index}].weight, std=${size})`
          : `nn.init.uniform_(model[${index}].weight, -${size}, ${size})`;
      if (spec.bias === false) return [`${draw}  # ${weights.init}`];
      const bound = weights.biasBound && `math.sqrt(1 / ${weights.biasBound})`;
      return [
        `${draw}  # ${weights.init}`,
        bound
          ? `nn.init.uniform_(model[${index}].bias, -${bound}, ${bound})`
          : `nn.init.zeros_(model[${index}].bias)`,
      ];
    }
    if (hasGamma(spec) && spec.affine !== false && (spec.initial_gamma ?? 1) !== 1) {
      return [`nn.init.constant_(model[${index}].weight, ${pythonNumber(spec.initial_gamma ?? 1)})  # gamma`];
    }
    return [];
  });
  const body = lines.length > 0 ? lines : ['pass'];
  return `def draw_initial_weights():\n    """Otherwise gamma is 1, beta 0, and the running statistics are 0 and 1."""\n${indent(body.join('\n'))}`;
}

function examples({ arm }: ProgramOf): string {
  const outputs = sizeOf(planOf(arm).at(-1)?.out ?? inputShapeOf(arm));
  const inputs = `def inputs(x):
    return x.to(torch.get_default_dtype())${isPicture(inputShapeOf(arm)) ? '.reshape(-1, *EXAMPLE)' : ''}`;
  if (arm.loss === 'cross_entropy') {
    return `
loss_function = nn.CrossEntropyLoss()


${inputs}


def targets(y):
    return y.long()`;
  }
  return `
loss_function = nn.${arm.loss === 'mse' ? 'MSELoss' : 'BCEWithLogitsLoss'}()  # the mean over all examples and outputs


${inputs}


def targets(y):
    """Values; classes become ${outputs === 1 ? 'one, which is 1 for class 1' : 'a row that is 1 at the class'}."""
    if y.dim() == 1:
        y = ${outputs === 1 ? 'y.reshape(-1, 1)' : `nn.functional.one_hot(y.long(), ${outputs})`}
    return y.to(torch.get_default_dtype())`;
}

/** Parameters that weight decay leaves alone. */
function undecayed({ arm }: ProgramOf): string[] {
  const { decay_gamma, decay_beta, decay_bias } = optimizerOf(arm);
  return arm.model.layers.flatMap((spec, index) => {
    if (spec.kind === 'linear' || spec.kind === 'conv2d')
      return decay_bias || spec.bias === false ? [] : [`${index}.bias`];
    if (!hasGamma(spec) || spec.affine === false) return [];
    return [...(decay_gamma ? [] : [`${index}.weight`]), ...(decay_beta ? [] : [`${index}.bias`])];
  });
}

function optimizer(program: ProgramOf): string {
  const o = optimizerOf(program.arm);
  const momentum =
    o.momentum > 0
      ? { momentum: o.momentum, nesterov: o.nesterov ? true : undefined }
      : { momentum: undefined };
  const left = o.weight_decay > 0 ? undecayed(program) : [];
  const lines: string[] = [];
  if (o.weight_decay > 0) {
    lines.push(`WEIGHT_DECAY = ${pythonNumber(o.weight_decay)}`);
    if (left.length > 0) {
      lines.push(
        `UNDECAYED = {${left.map((name) => `"${name}"`).join(', ')}}`,
        'decayed = [p for name, p in model.named_parameters() if name not in UNDECAYED]',
      );
      if (!o.decoupled) {
        lines.push('others = [p for name, p in model.named_parameters() if name in UNDECAYED]');
      }
    } else if (o.decoupled) {
      lines.push('decayed = list(model.parameters())');
    }
  }
  const l2 = o.weight_decay > 0 && !o.decoupled;
  const groups = l2 && left.length > 0 ? 'groups' : 'model.parameters()';
  if (groups === 'groups') {
    lines.push('groups = [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others}]');
  }
  lines.push(
    `optimizer = ${pythonCall('torch.optim.SGD', [groups], {
      lr: o.lr,
      ...momentum,
      weight_decay: l2 && left.length === 0 ? 'WEIGHT_DECAY' : undefined,
    })}`,
  );

  const factors = [
    ...(o.schedule === 'step' ? [`${pythonNumber(o.schedule_factor)} ** (step // ${o.schedule_steps})`] : []),
    ...(o.schedule === 'cosine'
      ? [`0.5 * (1 + math.cos(math.pi * min(step, ${o.schedule_steps}) / ${o.schedule_steps}))`]
      : []),
    ...(o.warmup > 0 ? [`min(1, (step + 1) / ${o.warmup})  # warm-up`] : []),
  ];
  const constant = factors.length === 0;

  const update: string[] = [];
  if (o.clip > 0) {
    update.push(
      'gradients = [p.grad for p in model.parameters() if p.grad is not None]',
      'norm = math.sqrt(sum(g.double().square().sum().item() for g in gradients))',
      `if norm > ${pythonNumber(o.clip)}:  # clipping: all gradients together`,
      '    for gradient in gradients:',
      `        gradient.mul_(${pythonNumber(o.clip)} / norm)`,
    );
  }
  if (!constant) {
    update.push('for group in optimizer.param_groups:', '    group["lr"] = learning_rate(step)');
  }
  if (o.weight_decay > 0 && o.decoupled) {
    update.push(
      'for parameter in decayed:  # decoupled: apart from the gradient',
      `    parameter.mul_(1 - ${constant ? pythonNumber(o.lr) : 'learning_rate(step)'} * WEIGHT_DECAY)`,
    );
  }
  update.push('optimizer.step()');

  return [
    lines.join('\n'),
    ...(constant
      ? []
      : [
          `def learning_rate(step):
    """Of update \`step\`, counted from 0."""
    rate = ${pythonNumber(o.lr)}
${indent(factors.map((factor) => `rate *= ${factor}`).join('\n'))}
    return rate`,
        ]),
    `@torch.no_grad()
def update(step):
${indent(update.join('\n'))}`,
  ].join('\n\n\n');
}

function batches({ arm }: ProgramOf): string {
  const { classes } = batchOf(arm);
  const cut = `for start in range(0, len(order), BATCH_SIZE):
    batch = order[start : start + BATCH_SIZE]
    if len(batch) == BATCH_SIZE or start == 0 or not DROP_SMALLER_LAST_BATCH:
        yield batch`;
  if (classes === 0) {
    return `
def fresh_batches(y, generator):
    """Endless: which examples meet in each batch."""
    order = torch.randperm(len(y), generator=generator)
    while True:
${indent(cut, 8)}
        if NEW_ORDER_EVERY_EPOCH:
            order = torch.randperm(len(y), generator=generator)`;
  }
  return `
def fresh_batches(y, generator):
    """Endless: which examples meet in each batch, CLASSES_PER_BATCH classes at a time."""
    epoch = None
    while True:
        if epoch is None or NEW_ORDER_EVERY_EPOCH:
            shuffled = torch.randperm(len(y), generator=generator)
            classes = y.unique()[torch.randperm(len(y.unique()), generator=generator)]
            epoch = []
            for some in classes.split(CLASSES_PER_BATCH):
                order = shuffled[torch.isin(y[shuffled], some)]
                epoch += [batch for batch in order.split(BATCH_SIZE) if len(batch) == BATCH_SIZE or not DROP_SMALLER_LAST_BATCH]
            epoch = [epoch[i] for i in torch.randperm(len(epoch), generator=generator)]
        yield from epoch`;
}

const reader = `
def read_safetensors(path):
    """name -> tensor. The file: the length of its header, the header (JSON), the tensors' bytes."""
    data = bytearray(path.read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    types = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8}
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        first, end = entry["data_offsets"]
        values = data[start + first : start + end]
        tensor = torch.frombuffer(values, dtype=types[entry["dtype"]]) if values else torch.empty(0)
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors`;

function training({ arm }: ProgramOf): string {
  const dropouts = arm.model.layers.flatMap((spec, index) => (spec.kind === 'dropout' ? [index] : []));
  const scores = arm.loss === 'cross_entropy';
  const kept = dropouts.length > 0 ? ', kept' : '';
  return `
def run(x, y, batches${kept}):
    """Trains on these batches; the losses, each before its update."""
    losses = []
    model.train()
    for step, members in enumerate(batches):
${
  dropouts.length === 0
    ? ''
    : `        for index, values in kept.items():  # dropout keeps what it kept in the recorded run
            model[index].kept = values[step]
`
}        optimizer.zero_grad()
        loss = loss_function(model(x[members]), y[members])
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            print(f"Diverged at step {step + 1}.")
            break
        loss.backward()
        update(step)
    return losses


@torch.no_grad()
def score(name, x, y):
    model.eval()
    output = model(x)
    text = f"{name} in inference mode: loss {loss_function(output, y).item():.6g}"
${
  scores
    ? `    accuracy = (output.argmax(1) == y).double().mean().item()
    print(f"{text}, accuracy {accuracy:.4f}")`
    : '    print(text)'
}


def report(losses, recorded):
    """Every loss into a file, some of them on the screen."""
    with open(LOSSES, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["step", "loss", "recorded"])
        for step, loss in enumerate(losses):
            known = recorded[step] if recorded else ""
            rows.writerow([step + 1, repr(loss), known])
            if step < 10 or (step + 1) % 50 == 0:
                print(f"step {step + 1:5d}: loss {loss:.6f}" + (f", recorded {known:.6f}" if recorded else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", type=int, metavar="SEED", help="draw initial weights and batches anew")
    parser.add_argument("--steps", type=int, help="default, and at most unless fresh: as many as were recorded")
    options = parser.parse_args()
    if not RECORDING.exists():
        raise SystemExit(f"Please put {RECORDING.name}, saved from the same page, beside this program.")
    recording = read_safetensors(RECORDING)
    recorded = recording["losses"].tolist()
    steps = options.steps or len(recorded)
    x, y = inputs(recording["train_x"]), targets(recording["train_y"])
${dropouts.length > 0 ? '    kept = {}\n' : ''}    if options.fresh is None:
        start = "initial."
        model.load_state_dict({name[len(start) :]: t for name, t in recording.items() if name.startswith(start)})
        sizes = recording["batch_sizes"].tolist()
        batches = recording["batch_members"].long().split(sizes)[:steps]
${
  dropouts.length === 0
    ? ''
    : `        kept = {index: recording[f"kept.{index}"].split(sizes) for index in [${dropouts.join(', ')}]}
`
}    else:
        torch.manual_seed(options.fresh)
        draw_initial_weights()
        batches = islice(fresh_batches(recording["train_y"], torch.Generator().manual_seed(options.fresh)), steps)
    losses = run(x, y, batches${kept})
    report(losses, recorded if options.fresh is None else None)
    score("Training set", x, y)
    if "test_x" in recording:
        score("Test set", inputs(recording["test_x"]), targets(recording["test_y"]))


if __name__ == "__main__":
    main()`;
}
