import type { LabValue } from '../../protocol/lab.ts';
import {
  type ArmName,
  armProperties,
  type LabArm,
  MAX_HIDDEN,
  sharedProperties,
} from '../../protocol/lab-properties.ts';

export type LabChangeSet = Partial<LabValue>;
type DataKind = LabValue['data'];

/** What suits each kind of data until the reader says otherwise. */
const SUITED: Partial<Record<DataKind, { noise?: number; count?: number }>> = {
  circles: { noise: 0.1 },
  moons: { noise: 0.1 },
  xor: { noise: 0.15 },
  blobs: { noise: 0.3 },
  regression: { noise: 0.1, count: 200 },
  glyphs: { noise: 0.2, count: 1500 },
};

const suited = (kind: DataKind) => ({
  noise: SUITED[kind]?.noise ?? sharedProperties.noise.default,
  count: SUITED[kind]?.count ?? sharedProperties.count.default,
});

/** Other data, with what goes with it: its usual noise and count, and a network that can take it. */
export function chooseData(value: LabValue, data: DataKind): LabChangeSet {
  const before = suited(value.data);
  const after = suited(data);
  const pictures = data === 'glyphs';
  const { net: _, ...b } = value.b;
  return {
    data,
    ...(value.noise === before.noise && { noise: after.noise }),
    ...(value.count === before.count && { count: after.count }),
    ...(!pictures && { net: 'dense' as const, b }),
    loss: 'auto',
  };
}

/** One setting of A (0) or B (1). */
export function setArm<N extends ArmName>(
  value: LabValue,
  arm: number,
  name: N,
  setting: LabArm[N],
): LabChangeSet {
  const change = { [name]: setting };
  return arm === 0 ? change : { b: { ...value.b, ...change } };
}

/** B follows A in this setting again. */
export function followA(value: LabValue, name: ArmName): LabChangeSet {
  return { b: Object.fromEntries(Object.entries(value.b).filter(([own]) => own !== name)) };
}

/** One hidden layer more, like the last one, or one less. */
export function addLayer(hidden: readonly number[], by: 1 | -1): readonly number[] {
  if (by < 0) return hidden.slice(0, -1);
  return [...hidden, hidden.at(-1) ?? armProperties.hidden.default[0] ?? 1].slice(0, MAX_HIDDEN);
}

/** Any whole number up to 9999 but the one there is. */
export function newSeed(old: number, random: () => number = Math.random): number {
  const seed = 1 + Math.floor(random() * 9998);
  return seed >= old ? seed + 1 : seed;
}
