import { formatFixed } from '../format-number.ts';
import { formatRough, formatShare } from '../lab/words.ts';
import type { DeepSignals, NetworkSignals } from './observe.ts';
import type { DeepSettings } from './settings.ts';

/** By how much wide layers of ReLU units with batch normalization enlarge the gradient, per layer on the way back. */
export const THEORY = Math.sqrt(Math.PI / (Math.PI - 1));

/**
 * The factor per layer by which the gradient of the weights grows from the last hidden layer but one back to the third: the
 * first layers and the last one also feel the input and the loss. Undefined of networks that are too shallow.
 */
export function growthOf({ layers }: NetworkSignals): number | undefined {
  const [from, to] = [2, layers.length - 2];
  if (to - from < 2) return undefined;
  return (layers[from]!.gradient / layers[to]!.gradient) ** (1 / (to - from));
}

function when({ steps }: Pick<DeepSettings, 'steps'>): string {
  return steps === 0 ? 'Before training' : `After ${steps} ${steps === 1 ? 'step' : 'steps'}`;
}

/** What came of the histograms, in sentences. */
export function valuesConclusion(settings: DeepSettings, { none, batch }: DeepSignals): string[] {
  const said = [
    none.diverged === undefined
      ? `${when(settings)}, without batch normalization: examples differ, in the values of one unit, by ${spreads(none)} ` +
        `(standard deviation over the batch). All values of layer ${settings.depth} together have standard deviation ` +
        `${formatRough(none.layers.at(-1)!.std)}.`
      : divergedSentence('Without', none),
    batch.diverged === undefined
      ? `With it, examples differ by ${spreads(batch)}.`
      : divergedSentence('With', batch),
  ];
  return [...said, ...accuracySentence(settings, { none, batch })];
}

function spreads({ layers }: NetworkSignals): string {
  const texts = layers.map(({ spread }) => formatRough(spread));
  return new Set(texts).size === 1
    ? `${texts[0]} in every layer`
    : `${texts[0]} in layer 1 and ${texts.at(-1)} in layer ${layers.length}`;
}

export function gradientConclusion(settings: DeepSettings, { none, batch }: DeepSignals): string[] {
  const first = [none, batch].map(({ layers }) => layers[0]);
  const said: string[] = [];
  const growth = { none: growthOf(none), batch: growthOf(batch) };
  if (growth.none !== undefined && growth.batch !== undefined)
    said.push(
      `${when(settings)}, the gradient grows towards the input by the factor ${formatFixed(growth.batch, 2)} per layer with batch normalization, and ${formatFixed(growth.none, 2)} without.`,
    );
  if (settings.activation === 'relu' && settings.steps === 0 && growth.batch !== undefined)
    said.push(`Theory, for wide layers: ${formatFixed(THEORY, 2)}.`);
  if (first[0] && first[1])
    said.push(
      `In the first layer its length is ${formatRough(first[1].gradient)} with, and ${formatRough(first[0].gradient)} without.`,
    );
  if (none.diverged !== undefined) said.push(divergedSentence('Without', none));
  if (batch.diverged !== undefined) said.push(divergedSentence('With', batch));
  return [...said, ...accuracySentence(settings, { none, batch })];
}

function divergedSentence(which: 'With' | 'Without', { diverged }: NetworkSignals): string {
  return `${which} batch normalization training ran away: after ${diverged} ${diverged === 1 ? 'step' : 'steps'} a number was no longer finite.`;
}

function accuracySentence({ steps }: DeepSettings, { none, batch }: DeepSignals): string[] {
  if (steps === 0) return [];
  return [
    `Of new digits ${formatShare(none.accuracy)} are recognised without, ${formatShare(batch.accuracy)} with it (inference mode).`,
  ];
}
