import { type Badge, BADGES } from './badge.ts';

/** What a reader expects before running a claim. */
export const PREDICTIONS = {
  holds: 'It holds here.',
  depends: 'It depends: somewhere it holds, somewhere it does not.',
  fails: 'It does not hold here.',
} as const;

export type Prediction = keyof typeof PREDICTIONS;

export interface Predicted {
  prediction: Prediction;
  /** The badge of the first run after it that settled something. */
  came?: Badge;
}

/** By claim. */
export type Predictions = Readonly<Record<string, Predicted>>;

/** Which prediction a badge makes true; undefined where nothing is settled. */
export function outcomeOf(badge: Badge): Prediction | undefined {
  switch (badge) {
    case 'exact':
    case 'robust':
      return 'holds';
    case 'depends':
    case 'fails':
      return badge;
    default:
      return undefined;
  }
}

/** A prediction is made once, and not after the outcome is known. */
export function predict(all: Predictions, claim: string, prediction: Prediction): Predictions {
  return all[claim]?.came ? all : { ...all, [claim]: { prediction } };
}

/** What came out of a claim, where it was predicted and settles something; the first outcome stays. */
export function settle(all: Predictions, claim: string, badge: Badge): Predictions {
  const predicted = all[claim];
  if (!predicted || predicted.came || !outcomeOf(badge)) return all;
  return { ...all, [claim]: { ...predicted, came: badge } };
}

export interface Score {
  made: number;
  settled: number;
  right: number;
}

export function scoreOf(all: Predictions): Score {
  const list = Object.values(all);
  const settled = list.filter(({ came }) => came);
  return { made: list.length, settled: settled.length, right: settled.filter(cameTrue).length };
}

export function cameTrue({ prediction, came }: Predicted): boolean {
  return came !== undefined && outcomeOf(came) === prediction;
}

/** What a browser stored, or anything else: what cannot be read is passed over. */
export function readPredictions(text: string | null | undefined): Predictions {
  let entries: unknown;
  try {
    entries = JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
  if (typeof entries !== 'object' || entries === null) return {};
  const known = Object.entries(entries).flatMap(
    ([claim, entry]: [string, unknown]): [string, Predicted][] => {
      if (!/^C\d{1,3}$/.test(claim) || typeof entry !== 'object' || entry === null) return [];
      const { prediction, came } = entry as { prediction?: unknown; came?: unknown };
      if (!isOneOf(PREDICTIONS, prediction)) return [];
      const settled = isOneOf(BADGES, came) && outcomeOf(came) !== undefined;
      return [[claim, settled ? { prediction, came } : { prediction }]];
    },
  );
  return Object.fromEntries(known);
}

function isOneOf<K extends string>(words: Readonly<Record<K, string>>, word: unknown): word is K {
  return typeof word === 'string' && Object.hasOwn(words, word);
}
