import type { Lab } from '../../client/lab.ts';
import { withDecimal } from '../../protocol/decimal.ts';
import { armProperties, LETTERS, type LabValue, sharedProperties } from '../../protocol/lab-properties.ts';
import { EngineError } from '../../protocol/engine-error.ts';
import type { ChoiceProperty } from '../../protocol/properties.ts';
import { listed } from './words.ts';

const ELSE = 'whether there is a B';

function labelOf(name: string): string {
  if (name in sharedProperties) return sharedProperties[name as keyof typeof sharedProperties].label;
  if (name in armProperties) return armProperties[name as keyof typeof armProperties].label;
  return ELSE;
}

/** Why what was trained so far is gone. */
export function restartWords(names: readonly string[]): string {
  return `Changed: ${listed(names.map(labelOf))}. Training starts anew.`;
}

/** The engine quotes its own words; the forms have others for the same choices. */
function inFormWords(name: string, expected: string): string {
  const { names }: Partial<ChoiceProperty> =
    name in armProperties ? (armProperties[name as keyof typeof armProperties] as ChoiceProperty) : {};
  return expected.replaceAll(/'(\w+)'/g, (quoted, word: string) => {
    const known = names?.[word];
    return known === undefined ? quoted : `“${known}”`;
  });
}

const ARGUMENTS: Readonly<Record<string, string>> = {
  'batch.size': armProperties.batch.label,
  'batch.last': armProperties.last.label,
  'batch.classes': armProperties.batch_classes.label,
  'model.layers': 'network',
};

/** What the engine refused, in the words of the forms where they have a word for it. */
export function refusalWords(error: unknown): string {
  if (!(error instanceof EngineError) || error.expected === '') {
    return error instanceof Error ? error.message : String(error);
  }
  const { argument, expected, actual, hint } = error;
  const [, arm = '', path = ''] = /^arms\.(\d)\.(.+)$/.exec(argument) ?? [];
  const last = argument.split('.').at(-1) ?? argument;
  const known = ARGUMENTS[path] ?? (labelOf(last) === ELSE ? `“${last}”` : labelOf(last));
  const whose = LETTERS[Number(arm)];
  const setting = arm === '' || whose === undefined ? known : `${whose}’s ${known}`;
  return `${setting}: expected ${inFormWords(last, expected)}, got ${actual || 'nothing'}. ${hint}`.trim();
}

/** Why training stopped by itself, if it did. */
export function stopWords({ frame }: Pick<Lab, 'frame'>): string | undefined {
  const step = frame?.arms[0]?.step ?? 0;
  switch (frame?.stopped) {
    case 'steps':
      return `Stopped after step ${step}, as asked`;
    case 'loss':
      return `Stopped at step ${step}: A has reached the loss asked for`;
    case 'diverged': {
      const arm = frame.arms.findIndex(({ divergence }) => divergence !== undefined);
      const at = frame.arms[arm]?.divergence?.step ?? step;
      return `${LETTERS[arm] ?? 'A network'} diverged at step ${at}. The panel Divergence says where.`;
    }
    default:
      return undefined;
  }
}

/** The experiment in a few words, for the line above the folded settings. */
export function summary(value: LabValue): string {
  const name = (property: ChoiceProperty, choice: string) => property.names?.[choice] ?? choice;
  const layers = value.hidden.length + (value.net === 'conv' ? value.channels.length : 0);
  return [
    name(sharedProperties.data, value.data),
    `${layers} hidden ${layers === 1 ? 'layer' : 'layers'}`,
    name(armProperties.activation, value.activation),
    value.norm === 'none' ? 'no normalisation' : name(armProperties.norm, value.norm),
    `learning rate ${withDecimal(String(value.lr))}`,
    `batches of ${value.batch}`,
  ].join(', ');
}
