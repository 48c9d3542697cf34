import type { Lab } from '../../client/lab.ts';
import { armProperties, LETTERS, type LabValue, sharedProperties } from '../../protocol/lab-properties.ts';
import type { ChoiceProperty } from '../../protocol/properties.ts';
import { listed } from './words.ts';

function labelOf(name: string): string {
  if (name in sharedProperties) return sharedProperties[name as keyof typeof sharedProperties].label;
  if (name in armProperties) return armProperties[name as keyof typeof armProperties].label;
  return 'whether there is a B';
}

/** Why what was trained so far is gone. */
export function restartWords(names: readonly string[]): string {
  return `Changed: ${listed(names.map(labelOf))}. Training starts anew.`;
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
    `learning rate ${value.lr}`,
    `batches of ${value.batch}`,
  ].join(', ');
}
