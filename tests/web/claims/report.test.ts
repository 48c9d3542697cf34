import { describe, expect, it } from 'vitest';
import { findClaim } from '../../../web/claims/claims.ts';
import { type Report, reportCsv, reportJson } from '../../../web/claims/report.ts';

const report: Report = {
  date: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)),
  engine: '0.1.0',
  claims: [
    {
      claim: findClaim('C36')!,
      badge: 'robust',
      link: 'https://example.org/claims.html#claim=C36~E4:lr=0.5',
      predicted: { prediction: 'holds', came: 'robust' },
      checks: [
        {
          ref: 'E4/high-lr',
          side: 'for',
          check: {
            name: 'high-lr',
            statement: 'It wins by a “wide” margin, 40 points.',
            quantity: 'With minus without',
            kind: 'robust',
            statistic: 'mean',
            format: 'points',
            low: 0.4,
          },
          verdict: {
            check: 'high-lr',
            decision: 'holds',
            seeds: 2,
            mean: 0.5,
            low: 0.45,
            high: 0.55,
            least: 0.4,
            greatest: 0.6,
            sentence: 'It holds.',
          },
          setting: 'lr=0.5;points=1,2',
          seeds: [0, 1],
          numbers: [0.4, NaN],
        },
      ],
    },
    { claim: findClaim('C23')!, badge: 'none', link: 'https://example.org/claims.html#C23', checks: [] },
  ],
};

/** Cells of a CSV text, read by the rules of RFC 4180. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.trimEnd().split('\r\n')) {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    );
    rows.push(cells);
  }
  return rows;
}

describe('the report of a run', () => {
  it('as JSON says when, with which engine, with which seeds and settings', () => {
    const value = JSON.parse(reportJson(report)) as {
      date: string;
      engine: string;
      claims: { badge: string; checks: { seeds: number[]; setting: string; numbers: (number | null)[] }[] }[];
    };
    expect(value.date).toBe('2026-01-02T03:04:05.000Z');
    expect(value.engine).toBe('0.1.0');
    expect(value.claims.map(({ badge }) => badge)).toEqual(['robust', 'no experiment']);
    expect(value.claims[0]!.checks[0]).toMatchObject({
      seeds: [0, 1],
      setting: 'lr=0.5;points=1,2',
      numbers: [0.4, null],
      decision: 'holds',
      low: 0.4,
      high: null,
    });
  });

  it('as CSV has a row for each check, and one for a claim without', () => {
    const [head, robust, none, ...more] = rowsOf(reportCsv(report));
    expect(more).toEqual([]);
    for (const row of [robust!, none!]) expect(row).toHaveLength(head!.length);
    const cellOf = (row: string[], column: string) => row[head!.indexOf(column)];
    expect(cellOf(robust!, 'badge')).toBe('robust');
    expect(cellOf(robust!, 'predicted')).toBe('holds');
    expect(cellOf(robust!, 'check')).toBe('E4/high-lr');
    expect(cellOf(robust!, 'setting')).toBe('lr=0.5;points=1,2');
    expect(cellOf(robust!, 'seeds')).toBe('0 1');
    expect(cellOf(robust!, 'numbers')).toBe('0.4 NaN');
    expect(cellOf(robust!, 'asked_high')).toBe('');
    expect(cellOf(robust!, 'check_statement')).toBe('It wins by a “wide” margin, 40 points.');
    expect(cellOf(none!, 'badge')).toBe('no experiment');
    expect(cellOf(none!, 'link')).toBe('https://example.org/claims.html#C23');
  });

  it('says of a check that measured nothing that there is no mean', () => {
    const [first] = report.claims;
    const [check] = first!.checks;
    const blind = {
      ...check!,
      verdict: { ...check!.verdict, decision: 'not_measured' as const, seeds: 0, mean: 0 },
    };
    const text = reportJson({ ...report, claims: [{ ...first!, checks: [blind] }] });
    expect(
      (JSON.parse(text) as { claims: { checks: { mean: unknown }[] }[] }).claims[0]!.checks[0]!.mean,
    ).toBe(null);
  });
});
