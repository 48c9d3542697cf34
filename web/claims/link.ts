import type { ClaimSetting } from '../protocol/claim-setting.ts';
import { MOST_SEEDS } from '../protocol/studies.ts';

/** The key of a claim's settings in an address. */
export const CLAIM_KEY = 'claim';

export const FIRST_SEED_MAX = 1_000_000;
/** Longer addresses are not even looked at. */
const MAX_TEXT = 4000;

export const UNCHANGED: ClaimSetting = { studies: {}, firstSeed: 0 };

export function isUnchanged({ studies, seeds, firstSeed }: ClaimSetting): boolean {
  return Object.keys(studies).length === 0 && seeds === undefined && firstSeed === 0;
}

/** The seeds of a study that has so many by default. */
export function seedsOf({ seeds, firstSeed }: ClaimSetting, byDefault: number): readonly number[] {
  return Array.from({ length: seeds ?? byDefault }, (_, index) => firstSeed + index);
}

/** What is behind `claims.html`: “#C7”, or with settings “#claim=C7~seeds:20~E2:a=3”. */
export function claimHash(id: string, setting: ClaimSetting = UNCHANGED): string {
  if (isUnchanged(setting)) return `#${id}`;
  const { studies, seeds, firstSeed } = setting;
  const parts = [
    id,
    ...(seeds === undefined ? [] : [`seeds:${seeds}`]),
    ...(firstSeed === 0 ? [] : [`first:${firstSeed}`]),
    ...Object.entries(studies).map(([study, text]) => `${study}:${text}`),
  ];
  return `#${CLAIM_KEY}=${parts.join('~')}`;
}

/** The claim of a link, and its settings; what the studies make of their parts is for them to say. */
export interface LinkedClaim {
  id: string;
  setting: ClaimSetting;
}

/**
 * Reads what `claimHash` wrote behind “claim=”, or anything else. Throws a RangeError that says what was expected.
 */
export function parseClaim(text: string): LinkedClaim {
  if (text.length > MAX_TEXT) throw new RangeError(`The link has more than ${MAX_TEXT} characters.`);
  const [id = '', ...parts] = text.split('~');
  if (!/^C\d{1,3}$/.test(id))
    throw new RangeError(`A claim such as C7 was expected, not “${id.slice(0, 20)}”.`);
  let seeds: number | undefined;
  let firstSeed = 0;
  const studies: Record<string, string> = {};
  for (const part of parts) {
    const at = part.indexOf(':');
    const name = part.slice(0, Math.max(0, at));
    const value = part.slice(at + 1);
    if (name === 'seeds') seeds = wholeNumber('Seeds', value, 2, MOST_SEEDS);
    else if (name === 'first') firstSeed = wholeNumber('First seed', value, 0, FIRST_SEED_MAX);
    else if (/^E\d{1,2}[a-z]?$/.test(name)) studies[name] = value;
    else throw new RangeError(`“${part.slice(0, 20)}” is not a setting of an experiment.`);
  }
  return { id, setting: { studies, firstSeed, ...(seeds !== undefined && { seeds }) } };
}

function wholeNumber(label: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d{1,7}$/.test(text) && value >= min && value <= max) return value;
  throw new RangeError(
    `${label}: a whole number from ${min} to ${max} was expected, not “${text.slice(0, 20)}”.`,
  );
}
