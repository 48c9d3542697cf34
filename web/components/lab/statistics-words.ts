import type { LayerSpec } from '../../protocol/experiment.ts';
import type { LabArmFrame, LabScore } from '../../protocol/lab-session.ts';
import { isBatchNorm, type Block } from './layer-names.ts';
import { formatRough, formatShare } from './words.ts';

export type Statistics = NonNullable<LabArmFrame['statistics']>;

/** The two numbers of a channel that a layer keeps: its mean, and a measure of spread that depends on the layer. */
export type StatisticName = 'mean' | 'var';

/** What the second number is. */
export function spreadName({ kind }: LayerSpec): string {
  switch (kind) {
    case 'batch_renorm':
      return 'σ';
    case 'lp_norm':
      return 'spread';
    default:
      return 'σ²';
  }
}

/** The first layer of a block that keeps running statistics; undefined where none does. */
export function trackedLayer(layers: readonly LayerSpec[], block: Block | undefined): number | undefined {
  return block?.layers.find((at) => {
    const layer = layers[at] as LayerSpec;
    return isBatchNorm(layer) && !(layer.kind === 'batch_norm' && layer.track_running_stats === false);
  });
}

/** The channel whose running value is furthest from the recalibrated one. */
export function furthest(statistics: Statistics, name: StatisticName): number {
  const running = statistics[`running_${name}`].data;
  const recalibrated = statistics[`recalibrated_${name}`].data;
  let most = 0;
  const distance = (channel: number) => Math.abs((running[channel] ?? 0) - (recalibrated[channel] ?? 0));
  for (let channel = 1; channel < running.length; channel++)
    if (distance(channel) > distance(most)) most = channel;
  return most;
}

/** Where inference mode is furthest from what the network now gives. */
export function gapSentence(arm: string, statistics: Statistics, spread: string): string {
  const parts = (['mean', 'var'] as const).map((name) => {
    const channel = furthest(statistics, name);
    const [running, recalibrated] = [statistics[`running_${name}`], statistics[`recalibrated_${name}`]].map(
      ({ data }) => formatRough(data[channel] ?? NaN),
    );
    return `in ${name === 'mean' ? 'μ' : spread} channel ${channel} (running ${running}, recalibrated ${recalibrated})`;
  });
  return `${arm}: the running statistics are furthest off ${parts.join(' and ')}.`;
}

/** Before and after a recalibration. */
export interface Recalibrated {
  arm: string;
  set: 'test' | 'training';
  before: LabScore;
  after: LabScore;
}

/** What a recalibration did to what inference mode gets right. */
export function recalibrationSentence({ arm, set, before, after }: Recalibrated): string {
  const where = `on the ${set} set, in inference mode`;
  if (Number.isNaN(before.accuracy))
    return before.loss === after.loss
      ? `${arm}’s loss ${where}, is ${formatRough(before.loss)}, as before.`
      : `${arm}’s loss ${where}, went from ${formatRough(before.loss)} to ${formatRough(after.loss)}.`;
  if (before.accuracy === after.accuracy)
    return `${arm}’s accuracy ${where}, is ${formatShare(after.accuracy)}, as before; its loss went from ${formatRough(before.loss)} to ${formatRough(after.loss)}.`;
  const verb = after.accuracy > before.accuracy ? 'rose' : 'fell';
  return `${arm}’s accuracy ${where}, ${verb} from ${formatShare(before.accuracy)} to ${formatShare(after.accuracy)}.`;
}
