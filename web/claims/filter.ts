import type { ChoiceProperty, TextProperty, ValuesOf } from '../protocol/properties.ts';
import { type Badge, BADGES } from './badge.ts';
import { type Claim, LITERATURE, type Teller, TEXTS, TOPICS } from './claim.ts';
import { CLAIMS, topicOf } from './claims.ts';
import { PAPERS } from './papers.ts';

const ANY = { any: 'any' } as const;
const CHAPTERS = [...new Set(CLAIMS.flatMap(({ chapters }) => chapters))].toSorted((a, b) => a - b);
const TELLERS = [...new Set(CLAIMS.flatMap(({ saidBy }) => saidBy))];

/** What the board can be narrowed to; it is in the address, so it is a property list. */
export const FILTER = {
  search: { kind: 'text', label: 'Search', default: '', maxLength: 80 } satisfies TextProperty,
  badge: choice('What came out here', BADGES),
  literature: choice('Verdict of the literature', LITERATURE),
  topic: choice('Topic', TOPICS),
  source: choice('Who says it', sources()),
  chapter: choice(
    'Chapter',
    Object.fromEntries(CHAPTERS.map((chapter) => [`${chapter}`, `Chapter ${chapter}`])),
  ),
};

export type Filter = ValuesOf<typeof FILTER>;

function choice<T extends string>(
  label: string,
  names: Readonly<Record<T, string>>,
): ChoiceProperty<T | 'any'> {
  const all = { ...ANY, ...names } as Record<T | 'any', string>;
  return {
    kind: 'choice',
    label,
    default: 'any',
    choices: ['any', ...(Object.keys(names) as T[])],
    names: all,
  };
}

/** “Ioffe & Szegedy 2015”, “blog article”. */
export function tellerName(teller: Teller): string {
  return teller in TEXTS ? TEXTS[teller as keyof typeof TEXTS] : PAPERS[teller as keyof typeof PAPERS].short;
}

function sources(): Record<string, string> {
  const rank = (teller: Teller) => (teller in TEXTS ? 0 : 1);
  const sorted = TELLERS.toSorted(
    (a, b) => rank(a) - rank(b) || tellerName(a).localeCompare(tellerName(b), 'en'),
  );
  return Object.fromEntries(sorted.map((teller) => [teller, tellerName(teller)]));
}

/** Whether a claim is among those asked for. */
export function matches(claim: Claim, badge: Badge, filter: Filter): boolean {
  const is = (wanted: string, value: string) => wanted === 'any' || wanted === value;
  return (
    is(filter.badge, badge) &&
    is(filter.literature, claim.literature) &&
    is(filter.topic, topicOf(claim)) &&
    (filter.source === 'any' || (claim.saidBy as readonly string[]).includes(filter.source)) &&
    (filter.chapter === 'any' || claim.chapters.includes(Number(filter.chapter))) &&
    mentions(claim, filter.search)
  );
}

/** All words of the search somewhere in the claim's words, whatever their case and order; its id as a whole. */
function mentions(claim: Claim, search: string): boolean {
  const text = plain([claim.statement, claim.reason, ...claim.saidBy.map(tellerName)].join(' '));
  return plain(search)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => word === claim.id.toLowerCase() || text.includes(word));
}

function plain(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}
