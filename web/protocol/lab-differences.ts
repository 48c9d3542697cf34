import { betweenNumbers, withDecimal } from './decimal.ts';
import { compileLab, type LabExamples } from './lab-compile.ts';
import {
  ARM_NAMES,
  type ArmName,
  armOf,
  armProperties,
  type LabArm,
  type LabValue,
  NORMS,
  sharedProperties,
} from './lab-properties.ts';
import { isRelevant } from './lab-relevance.ts';
import { formatProperty, type Property, type ValueOf } from './properties.ts';

const text = (name: ArmName, arm: LabArm): string => formatProperty(armProperties[name], arm[name]);

/** What B has otherwise than A in effect, in the order of the properties. */
export function differences(value: LabValue): readonly ArmName[] {
  if (!value.compare) return [];
  const [a, b] = [armOf(value, 0), armOf(value, 1)];
  return ARM_NAMES.filter(
    (name) =>
      isRelevant(name, value, b) &&
      // What follows from another difference, as ε does from having no normalisation, is not one of its own.
      // A normalisation of its own for all layers says of each layer what it is.
      (name in value.b || (name === 'norms' && a.norm === b.norm)) &&
      text(name, a) !== text(name, b),
  );
}

/** The same in sentences without a full stop: “B has no normalisation”. */
export function describeDifferences(value: LabValue): readonly string[] {
  const [a, b] = [armOf(value, 0), armOf(value, 1)];
  return differences(value).map((name) => describe(name, a, b, isRelevant(name, value, a)));
}

/** What a boolean being on or off is called of an arm. */
const SWITCHES: Partial<Record<ArmName, readonly [on: string, off: string]>> = {
  affine: ['has γ and β', 'has no γ and β'],
  cumulative: [
    'weighs all batches alike in its running statistics',
    'forgets old batches in its running statistics',
  ],
  frozen: ['has frozen statistics', 'has no frozen statistics'],
  skip: ['has skip connections', 'has no skip connections'],
  nesterov: ['uses Nesterov’s momentum', 'does not use Nesterov’s momentum'],
  decoupled: ['decays its weights apart from the gradient', 'decays its weights through the gradient (L2)'],
  decay_gamma: ['decays γ', 'does not decay γ'],
  decay_beta: ['decays β', 'does not decay β'],
  decay_bias: ['decays its biases', 'does not decay its biases'],
  reshuffle: ['has its batches in a new order every epoch', 'has the same batches in every epoch'],
};

/** What a number of 0 means where it means “none”. */
const NONE: Partial<Record<ArmName, string>> = {
  dropout: 'has no dropout',
  momentum: 'has no momentum',
  weight_decay: 'has no weight decay',
  clip: 'does not clip gradients',
  warmup: 'has no warm-up',
  batch_classes: 'mixes all classes in its batches',
};

function describe(name: ArmName, a: LabArm, b: LabArm, inA: boolean): string {
  const switched = SWITCHES[name];
  if (switched) return `B ${b[name] === true ? switched[0] : switched[1]}`;
  if (name === 'norm') {
    if (b.norm === 'none')
      return a.norms.length > 0 ? 'B has no normalisation in any layer' : 'B has no normalisation';
    return `B has ${NORMS[b.norm]} ${instead(normWords(a))}`;
  }
  if (NONE[name] !== undefined && b[name] === 0) return `B ${NONE[name]}`;
  const property: Property = armProperties[name];
  const plural = PLURAL.has(name) ? 'are' : 'is';
  const own = `B’s ${property.label} ${plural} ${words(property, b[name])}`;
  return inA ? `${own} ${instead(words(property, a[name]))}` : own;
}

const PLURAL: ReadonlySet<ArmName> = new Set([
  'channels',
  'hidden',
  'groups',
  'plain_steps',
  'ramp_steps',
  'warmup',
  'schedule_steps',
]);

const instead = (what: string): string => `instead of ${what}`;
const normWords = ({ norm, norms }: LabArm): string =>
  norms.length > 0 ? `${norms.map((one) => NORMS[one]).join(', ')} layer by layer` : NORMS[norm];

/** A property's value as a reader would write it. */
export function words(property: Property, value: ValueOf<Property>): string {
  switch (property.kind) {
    case 'choice':
      return lower(property.names?.[value as string] ?? String(value));
    case 'choices': {
      const chosen = value as readonly string[];
      if (chosen.length === 0) return 'the same in all layers';
      return chosen.map((word) => property.names?.[word] ?? word).join(', ');
    }
    case 'boolean':
      return value === true ? 'on' : 'off';
    case 'list': {
      const numbers = value as readonly number[];
      if (numbers.length === 0) return 'none';
      const same = numbers.every((one) => one === numbers[0]);
      return same && numbers.length > 2
        ? `${numbers.length} × ${withDecimal(String(numbers[0]))}`
        : numbers.map((number) => withDecimal(String(number))).join(betweenNumbers());
    }
    case 'number':
      return withDecimal(String(value).replace('-', '−'));
    default:
      return formatProperty(property, value);
  }
}

/** “Before the activation” within a sentence; names such as ReLU and BatchNorm keep their capitals. */
function lower(name: string): string {
  return /^[A-Z][a-z’]*(?:\s|$)/.test(name) && !/^(?:He|Xavier|Keras|Ghost Batch)\b/.test(name)
    ? name.charAt(0).toLowerCase() + name.slice(1)
    : name;
}

/** Whether a change can be made while training goes on, and which settings ask for a new start. */
export interface LabChange {
  /** Settings that changed and are taken over by a running experiment. */
  live: readonly string[];
  /** Settings that changed and build the experiment anew. */
  restart: readonly string[];
}

export function liveChange(before: LabValue, after: LabValue): LabChange {
  const live: string[] = [];
  const restart: string[] = [];
  for (const [name, property] of Object.entries(sharedProperties) as [
    keyof typeof sharedProperties,
    Property,
  ][]) {
    if (formatProperty(property, before[name]) !== formatProperty(property, after[name])) restart.push(name);
  }
  if (before.compare !== after.compare) restart.push('compare');
  const arms = before.compare && after.compare ? [0, 1] : [0];
  for (const arm of arms) {
    const [old, now] = [armOf(before, arm), armOf(after, arm)];
    for (const name of ARM_NAMES) {
      if (text(name, old) === text(name, now)) continue;
      const property: Property = armProperties[name];
      const appears = name === 'dropout' && (old.dropout === 0 || now.dropout === 0);
      const list = property.live && !appears ? live : restart;
      if (!list.includes(name)) list.push(name);
    }
  }
  return { live, restart };
}

/** The sentence that says why this value cannot be run, if it cannot. */
export function labProblem(value: LabValue, examples?: LabExamples): string | undefined {
  try {
    compileLab(value, examples);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'LabProblem') return error.message;
    throw error;
  }
}
