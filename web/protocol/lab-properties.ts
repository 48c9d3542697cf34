import type {
  BooleanProperty,
  ChoiceProperty,
  NumberProperty,
  PropertyList,
  ValuesOf,
} from './properties.ts';

/**
 * What a Lab experiment can be: the properties that drive its link, its file, its forms and their help. The first list
 * holds for both arms, the second for one arm (B states only what differs from A), the third for how it is looked at.
 * `live` marks what can change while training goes on; everything else needs a new start.
 */
export const MAX_HIDDEN = 20;
export const MAX_UNITS = 256;
const MAX_CONVOLUTIONS = 4;
const MAX_CHANNELS = 64;
/** The engine's: a batch larger than the training set is the whole of it. */
export const MAX_BATCH = 65_536;
const MAX_SEED = 2 ** 32 - 1;

const number = (property: Omit<NumberProperty, 'kind'>): NumberProperty => ({ kind: 'number', ...property });
const whole = (property: Omit<NumberProperty, 'kind' | 'whole' | 'step'>): NumberProperty =>
  number({ step: 1, ...property, whole: true });
const onOff = (label: string, value: boolean, more?: Partial<BooleanProperty>): BooleanProperty => ({
  kind: 'boolean',
  label,
  default: value,
  ...more,
});
/** The first choice is the default; names say each in a form. */
const choice = <const T extends string>(
  label: string,
  names: Readonly<Record<T, string>>,
  more?: Pick<ChoiceProperty, 'help' | 'live'>,
): ChoiceProperty<T> => {
  const choices = Object.keys(names) as [T, ...T[]];
  return { kind: 'choice', label, choices, default: choices[0], names, ...more };
};
const seed = (label: string, help: string): NumberProperty =>
  whole({ label, help, default: 1, min: 0, max: MAX_SEED });

export const sharedProperties = {
  data: choice(
    'data',
    {
      spirals: 'Spirals',
      circles: 'Circles',
      moons: 'Moons',
      xor: 'XOR',
      blobs: 'Two blobs',
      regression: 'A curve (regression)',
      glyphs: 'Drawn digits',
      drawn: 'Points you draw',
      csv: 'Your own CSV',
    },
    {
      help: 'What is learned. Points you draw and your own CSV stay on your device: a link does not hold them.',
    },
  ),
  count: whole({
    label: 'examples',
    default: 400,
    min: 4,
    max: 20_000,
    help: 'Training and test set together.',
  }),
  noise: number({
    label: 'noise',
    default: 0.05,
    min: 0,
    max: 2,
    step: 0.01,
    help: 'Standard deviation of what is added to every coordinate, value or pixel.',
  }),
  arms: whole({ label: 'arms of the spirals', default: 2, min: 2, max: 4, help: 'One class each.' }),
  curve: choice('curve', { sine: 'Sine', step: 'Step', bump: 'Bump' }),
  first_class: number({
    label: 'share of the first class',
    default: 0,
    min: 0,
    max: 0.95,
    step: 0.05,
    help: 'Imbalance: so much of the data belongs to the first class. 0: as much as to each other class.',
  }),
  test: number({
    label: 'test share',
    default: 0.25,
    min: 0,
    max: 0.9,
    step: 0.05,
    help: 'Held out of training, to see what the network makes of examples it has not learned from.',
  }),
  label_noise: number({
    label: 'label noise',
    default: 0,
    min: 0,
    max: 0.9,
    step: 0.05,
    help: 'Share of the training examples that are given a wrong class.',
  }),
  scale: number({
    label: 'input scale',
    default: 1,
    min: 0.001,
    max: 1000,
    step: 0.1,
    scale: 'log',
    help: 'Every input is multiplied by this, then shifted.',
  }),
  shift: number({ label: 'input shift', default: 0, min: -1000, max: 1000, step: 0.5 }),
  stretch: number({
    label: 'input stretch',
    default: 1,
    min: 0.001,
    max: 1000,
    step: 0.1,
    scale: 'log',
    help: 'Multiplies the first input and divides the second: a badly conditioned problem.',
  }),
  standardize: onOff('standardised inputs', false, {
    help: 'Each input is moved to mean 0 and standard deviation 1 on the training set, after scale, shift and stretch.',
  }),
  seed_data: seed('seed of the data', 'Which examples are drawn, and which are held out.'),
  seed_init: seed('seed of the initial weights', 'Shared by A and B wherever a weight has the same shape.'),
  seed_order: seed('seed of the order', 'Which examples meet in a batch, and what dropout leaves out.'),
  loss: choice(
    'loss',
    {
      auto: 'What suits the data',
      cross_entropy: 'Softmax and cross-entropy',
      bce_with_logits: 'Sigmoid and cross-entropy (two classes)',
      mse: 'Squared error',
    },
    { help: 'By itself: cross-entropy for classes, squared error for values.' },
  ),
} satisfies PropertyList;

export const NORMS = {
  none: 'none',
  batch: 'BatchNorm',
  layer: 'LayerNorm',
  group: 'GroupNorm',
  instance: 'InstanceNorm',
  renorm: 'Batch Renorm',
  ghost: 'ghost BatchNorm',
  l1: 'ℓ1 BatchNorm',
  l2: 'ℓ2 BatchNorm',
  linf: 'ℓ∞ BatchNorm',
} as const;
export type NormKind = keyof typeof NORMS;
const NORM_KINDS = Object.keys(NORMS) as NormKind[];

export const armProperties = {
  net: choice('network', { dense: 'Fully connected', conv: 'Convolutional' }),
  channels: {
    kind: 'list',
    label: 'channels of the convolutions',
    default: [8, 16],
    min: 1,
    max: MAX_CHANNELS,
    whole: true,
    maxLength: MAX_CONVOLUTIONS,
    help: 'One convolution per number.',
  },
  kernel: {
    kind: 'choice',
    label: 'kernel',
    default: '3',
    choices: ['3', '5', '1'],
    names: { 3: '3 × 3', 5: '5 × 5', 1: '1 × 1' },
  } as ChoiceProperty<'3' | '5' | '1'>,
  stride: { kind: 'choice', label: 'stride', default: '1', choices: ['1', '2'] } as ChoiceProperty<'1' | '2'>,
  pool: choice('pooling', { max: 'Largest of 2 × 2', average: 'Mean of 2 × 2', none: 'None' }),
  hidden: {
    kind: 'list',
    label: 'units of the hidden layers',
    default: [16, 16, 16, 16],
    min: 1,
    max: MAX_UNITS,
    whole: true,
    maxLength: MAX_HIDDEN,
    mayBeEmpty: true,
    help: `One fully connected hidden layer per number, at most ${MAX_HIDDEN} of at most ${MAX_UNITS} units. None: a linear model.`,
  },
  activation: choice('activation', {
    relu: 'ReLU',
    leaky_relu: 'Leaky ReLU',
    sigmoid: 'Sigmoid',
    tanh: 'Tanh',
    identity: 'Linear (none)',
  }),
  slope: number({
    label: 'slope of the leaky ReLU',
    default: 0.01,
    min: 0.01,
    max: 1,
    step: 0.01,
    live: true,
    help: 'For negative inputs.',
  }),
  norm: choice('normalisation', {
    batch: NORMS.batch,
    none: 'None',
    layer: NORMS.layer,
    group: NORMS.group,
    instance: NORMS.instance,
    renorm: NORMS.renorm,
    ghost: 'Ghost BatchNorm',
    l1: NORMS.l1,
    l2: NORMS.l2,
    linf: NORMS.linf,
  }),
  norms: {
    kind: 'choices',
    label: 'normalisation layer by layer',
    default: [] as readonly NormKind[],
    choices: NORM_KINDS,
    names: NORMS,
    maxLength: MAX_HIDDEN + MAX_CONVOLUTIONS,
    help: 'One word per hidden layer, convolutions first; layers without a word have the normalisation chosen for all.',
  },
  position: choice(
    'place of the normalisation',
    { before: 'Before the activation', after: 'After the activation' },
    { help: 'The original paper put it before.' },
  ),
  affine: onOff('γ and β', true, { help: 'A learned scale and shift per unit or channel.' }),
  gamma: number({
    label: 'initial γ',
    default: 1,
    min: -10,
    max: 10,
    step: 0.1,
    help: 'What the scale starts from. β starts from 0.',
  }),
  eps: number({
    label: 'ε',
    default: 1e-5,
    min: 1e-12,
    max: 10,
    step: 0.5,
    scale: 'log',
    live: true,
    help: 'Added to the variance. PyTorch takes 0.00001, Keras 0.001.',
  }),
  running: number({
    label: 'momentum of the running statistics',
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.01,
    live: true,
    help: 'The weight of the newest batch (PyTorch’s meaning); Keras and ONNX count 1 minus this.',
  }),
  cumulative: onOff('running statistics weigh all batches alike', false, {
    live: true,
    help: 'The mean of all batches so far; PyTorch’s momentum=None.',
  }),
  convention: choice(
    'convention',
    { pytorch: 'PyTorch', keras: 'Keras', onnx: 'ONNX' },
    { live: true, help: 'PyTorch stores the variance divided by m − 1; Keras and ONNX by m.' },
  ),
  single: choice(
    'one value to normalise',
    { error: 'Refuse, as PyTorch does', show: 'Go on: x̂ = 0' },
    {
      help: 'A batch of one example has nothing to be compared with: x̂ = 0, and no gradient reaches what lies before.',
    },
  ),
  frozen: onOff('frozen statistics', false, {
    live: true,
    help: 'Normalises by the running statistics in training too, and leaves them as they are.',
  }),
  ghost: whole({
    label: 'ghost batch size',
    default: 8,
    min: 2,
    max: 1024,
    live: true,
    help: 'Statistics are taken over groups of so many examples of the batch.',
  }),
  groups: whole({
    label: 'groups',
    default: 4,
    min: 1,
    max: MAX_UNITS,
    help: 'Groups of units or channels normalised together; their number divides that of the units.',
  }),
  r_max: number({
    label: 'bound r of the renormalisation',
    default: 3,
    min: 1,
    max: 100,
    step: 0.5,
    live: true,
  }),
  d_max: number({
    label: 'bound d of the renormalisation',
    default: 5,
    min: 0,
    max: 100,
    step: 0.5,
    live: true,
  }),
  plain_steps: whole({
    label: 'steps of plain BatchNorm first',
    default: 0,
    min: 0,
    max: 100_000,
    live: true,
  }),
  ramp_steps: whole({
    label: 'steps over which the bounds open',
    default: 0,
    min: 0,
    max: 100_000,
    live: true,
  }),
  dropout: number({
    label: 'dropout',
    default: 0,
    min: 0,
    max: 0.95,
    step: 0.05,
    live: true,
    help: 'Share of the units set to 0 in training, after each hidden layer. Between 0 and more it needs a new start.',
  }),
  skip: onOff('skip connections', false, {
    help: 'The input of every two hidden layers is added to their output, where the shapes agree.',
  }),
  init: choice('initialiser', {
    he_normal: 'He, normal',
    he_uniform: 'He, uniform',
    xavier_normal: 'Xavier, normal',
    xavier_uniform: 'Xavier, uniform',
    lecun_normal: 'LeCun, normal',
    normal: 'Normal with σ',
    pytorch: 'PyTorch’s default',
  }),
  gain: number({
    label: 'initial gain',
    default: 1,
    min: 0.001,
    max: 1000,
    step: 0.1,
    scale: 'log',
    help: 'Multiplies all initial weights.',
  }),
  sigma: number({
    label: 'initial σ',
    default: 0.1,
    min: 0.0001,
    max: 10,
    step: 0.1,
    scale: 'log',
    help: 'Standard deviation of all initial weights.',
  }),
  bias: choice(
    'bias of the hidden layers',
    { auto: 'Only where it has an effect', always: 'Always' },
    { help: 'A normalisation over the batch subtracts it again: before one, a bias changes nothing.' },
  ),
  lr: number({
    label: 'learning rate',
    default: 0.1,
    min: 0,
    max: 1000,
    step: 0.1,
    scale: 'log',
    live: true,
    help: 'The length of a step of gradient descent.',
  }),
  momentum: number({ label: 'momentum', default: 0, min: 0, max: 0.999, step: 0.05, live: true }),
  nesterov: onOff('Nesterov’s momentum', false, { live: true }),
  schedule: choice(
    'learning rate schedule',
    { constant: 'Constant', step: 'Steps', cosine: 'Cosine' },
    { live: true },
  ),
  schedule_steps: whole({
    label: 'steps of the schedule',
    default: 100,
    min: 1,
    max: 1_000_000,
    live: true,
    help: 'Steps: multiplied by the factor after every so many. Cosine: down to 0 over so many.',
  }),
  schedule_factor: number({
    label: 'factor of the schedule',
    default: 0.5,
    min: 0.01,
    max: 1,
    step: 0.05,
    live: true,
  }),
  warmup: whole({
    label: 'warm-up steps',
    default: 0,
    min: 0,
    max: 100_000,
    live: true,
    help: 'The learning rate first rises from 0 over so many steps.',
  }),
  weight_decay: number({ label: 'weight decay', default: 0, min: 0, max: 1, step: 0.001, live: true }),
  decoupled: onOff('decoupled weight decay', false, {
    live: true,
    help: 'Shrinks the weights apart from the gradient, instead of adding to it (L2).',
  }),
  decay_gamma: onOff('weight decay on γ', true, { live: true }),
  decay_beta: onOff('weight decay on β', true, { live: true }),
  decay_bias: onOff('weight decay on biases', true, { live: true }),
  clip: number({
    label: 'gradient clipping',
    default: 0,
    min: 0,
    max: 1000,
    step: 0.1,
    live: true,
    help: 'The longest gradient of all parameters together; longer ones are scaled down. 0: none.',
  }),
  batch: whole({
    label: 'batch size',
    default: 32,
    min: 1,
    max: MAX_BATCH,
    live: true,
    help: 'Examples per step. As large as the training set or larger: full-batch gradient descent.',
  }),
  reshuffle: onOff('new order every epoch', true, {
    live: true,
    help: 'Off: the same batches again and again.',
  }),
  last: choice('last batch when smaller', { drop: 'Leave out', keep: 'Train on it' }, { live: true }),
  batch_classes: whole({
    label: 'classes per batch',
    default: 0,
    min: 0,
    max: 10,
    live: true,
    help: 'Batches from so many classes each, which is not how chance would draw them. 0: all classes mixed.',
  }),
} satisfies PropertyList;

export const PANELS = {
  trace: 'Loss and accuracy',
  map: 'What they predict',
  pictures: 'Pictures and confusion',
  mates: 'Batch-mates',
  layers: 'Layers',
  statistics: 'Statistics',
  'slow-motion': 'Slow motion',
  divergence: 'Divergence',
  sweep: 'Sweep',
  bands: 'Many seeds',
  export: 'Take away',
} as const;
export type PanelName = keyof typeof PANELS;

export const viewProperties = {
  title: { kind: 'text', label: 'title', default: '', maxLength: 80 },
  controls: choice('controls', { few: 'Few', all: 'All', none: 'None' }),
  panels: {
    kind: 'choices',
    label: 'panels',
    default: ['trace', 'map'] as readonly PanelName[],
    choices: Object.keys(PANELS) as PanelName[],
    names: PANELS,
    maxLength: Object.keys(PANELS).length,
    distinct: true,
  },
  emphasis: choice('mode looked at', {
    both: 'Training and inference mode',
    training: 'Training mode',
    inference: 'Inference mode',
  }),
  speed: whole({
    label: 'speed',
    unit: 'steps per second',
    default: 0,
    min: 0,
    max: 100_000,
    help: 'At most so many steps per second. 0: as fast as it goes.',
  }),
  stop_steps: whole({
    label: 'stop after',
    unit: 'steps',
    default: 0,
    min: 0,
    max: 10_000_000,
    help: '0: go on until paused.',
  }),
  stop_loss: number({
    label: 'stop at loss',
    default: 0,
    min: 0,
    max: 1000,
    step: 0.01,
    help: 'Stops when A’s batch loss is at or below this. 0: go on.',
  }),
} satisfies PropertyList;

export type LabShared = ValuesOf<typeof sharedProperties>;
export type LabArm = ValuesOf<typeof armProperties>;
export type LabView = ValuesOf<typeof viewProperties>;
export type ArmName = keyof LabArm;

/** One experiment of the Lab: what both arms share, A's settings, and what is different in B. */
export type LabValue = LabShared &
  LabArm &
  LabView & {
    readonly version: 1;
    /** Whether there is a B. */
    readonly compare: boolean;
    /** What B has otherwise than A; everything else follows A. */
    readonly b: Partial<LabArm>;
  };

export const ARM_NAMES = Object.keys(armProperties) as ArmName[];
export const LETTERS = ['A', 'B'] as const;

/** All settings of A (0) or B (1). A normalisation of its own for all of B's layers does not follow A layer by layer. */
export function armOf(value: LabValue, arm: number): LabArm {
  const own = arm === 0 ? {} : value.b;
  const norms = arm === 1 && value.b.norm !== undefined ? { norms: [] } : {};
  return Object.fromEntries(
    Object.entries({ ...value, ...norms, ...own }).filter(([name]) => name in armProperties),
  ) as LabArm;
}

export function armCount(value: LabValue): number {
  return value.compare ? 2 : 1;
}
