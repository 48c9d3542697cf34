import { csvCell } from '../protocol/csv-cell.ts';
import type { StudyCheck, StudyVerdict } from '../protocol/studies.ts';
import { type Badge, BADGES } from './badge.ts';
import { type Claim, LITERATURE } from './claim.ts';
import { PAPERS } from './papers.ts';
import { tellerName } from './filter.ts';
import type { Predicted } from './prediction.ts';

/** A check of a claim as it was run. */
export interface ReportedCheck {
  /** “E4/high-lr” */
  ref: string;
  side: 'for' | 'against';
  check: StudyCheck;
  verdict: StudyVerdict;
  /** What differs from the study's own settings: “lr=0.5;points=1,2”, mostly nothing. */
  setting: string;
  seeds: readonly number[];
  /** One for each seed; NaN where nothing was measured. */
  numbers: readonly number[];
}

export interface ReportedClaim {
  claim: Claim;
  badge: Badge;
  /** Where the claim can be run with the same settings and seeds. */
  link: string;
  checks: readonly ReportedCheck[];
  predicted?: Predicted;
}

export interface Report {
  date: Date;
  engine: string;
  claims: readonly ReportedClaim[];
}

/** All of it, for programs. A number that was not measured is null. */
export function reportJson({ date, engine, claims }: Report): string {
  const value = {
    title: 'BatchNorm Lab: the claims, as they came out',
    date: date.toISOString(),
    engine,
    claims: claims.map(({ claim, badge, link, checks, predicted }) => ({
      id: claim.id,
      statement: claim.statement,
      said_by: claim.saidBy.map(tellerName),
      literature: LITERATURE[claim.literature],
      reason: claim.reason,
      cites: (claim.cites ?? []).map((paper) => `${PAPERS[paper].short}, ${PAPERS[paper].where}`),
      badge: BADGES[badge],
      ...(predicted && { predicted: predicted.prediction }),
      link,
      checks: checks.map(({ ref, side, check, verdict, setting, seeds, numbers }) => ({
        check: ref,
        speaks: side,
        statement: check.statement,
        quantity: check.quantity,
        kind: check.kind,
        statistic: check.statistic,
        low: check.low ?? null,
        high: check.high ?? null,
        decision: verdict.decision,
        mean: verdict.seeds > 0 ? verdict.mean : null,
        interval: [verdict.low, verdict.high],
        sentence: verdict.sentence,
        setting,
        seeds,
        numbers: numbers.map((number) => (Number.isFinite(number) ? number : null)),
      })),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

const COLUMNS = [
  'date',
  'engine',
  'claim',
  'statement',
  'literature',
  'badge',
  'predicted',
  'check',
  'speaks',
  'kind',
  'check_statement',
  'decision',
  'statistic',
  'asked_low',
  'asked_high',
  'mean',
  'interval_low',
  'interval_high',
  'setting',
  'seeds',
  'numbers',
  'link',
] as const;

/** A row for each check of each claim, and one for a claim without; seeds and their numbers are lists within a cell. */
export function reportCsv({ date, engine, claims }: Report): string {
  const rows = claims.flatMap(({ claim, badge, link, checks, predicted }) => {
    const head = [
      date.toISOString(),
      engine,
      claim.id,
      claim.statement,
      LITERATURE[claim.literature],
      BADGES[badge],
      predicted?.prediction,
    ];
    if (checks.length === 0) return [[...head, ...Array.from({ length: 14 }), link]];
    return checks.map(({ ref, side, check, verdict, setting, seeds, numbers }) => [
      ...head,
      ref,
      side,
      check.kind,
      check.statement,
      verdict.decision,
      check.statistic,
      check.low,
      check.high,
      verdict.seeds > 0 ? verdict.mean : undefined,
      verdict.low,
      verdict.high,
      setting,
      seeds.join(' '),
      numbers.join(' '),
      link,
    ]);
  });
  return `${[COLUMNS, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** What is not known is left empty. */
function cell(value: unknown): string {
  return value === undefined || value === null ? '' : csvCell(String(value));
}
