import { describe, expect, it } from 'vitest';
import { BY_TOPIC, CLAIMS, findClaim } from '../../../web/claims/claims.ts';
import { FILTER, type Filter, matches } from '../../../web/claims/filter.ts';
import { decodeProperties, defaultsOf, encodeProperties } from '../../../web/protocol/properties.ts';

const ALL = defaultsOf(FILTER);
const found = (filter: Partial<Filter>) =>
  CLAIMS.filter((claim) => matches(claim, 'pending', { ...ALL, ...filter })).map(({ id }) => id);

describe('filtering claims', () => {
  it('shows all of them at first', () => {
    expect(found({})).toHaveLength(85);
  });

  it('goes by topic, verdict of the literature, chapter and source', () => {
    expect(found({ topic: 'modes' })).toHaveLength(BY_TOPIC.modes.length);
    expect(found({ literature: 'contested' })).toEqual(['C4', 'C33', 'C34', 'C47', 'C48', 'C84']);
    expect(found({ chapter: '4', literature: 'false' })).toEqual(['C19', 'C39']);
    expect(found({ source: 'wujohnson2021' })).toEqual(['C78', 'C79', 'C80', 'C81']);
  });

  it('goes by what came out', () => {
    const claim = findClaim('C7')!;
    expect(matches(claim, 'depends', { ...ALL, badge: 'depends' })).toBe(true);
    expect(matches(claim, 'pending', { ...ALL, badge: 'depends' })).toBe(false);
  });

  it('searches words in any order and case, without accents, and ids', () => {
    expect(found({ search: 'RENORMALIZATION small' })).toEqual(['C76']);
    expect(found({ search: 'c8' })).toContain('C8');
    expect(found({ search: 'c8' })).not.toContain('C80');
    expect(found({ search: 'madry smoother' })).toContain('C60');
    expect(found({ search: 'no such words' })).toEqual([]);
  });

  it('narrows: two conditions leave what both leave', () => {
    const both = found({ topic: 'why', literature: 'false' });
    expect(both).toEqual(found({ topic: 'why' }).filter((id) => found({ literature: 'false' }).includes(id)));
  });

  it('is read back from an address', () => {
    const filter = { ...ALL, search: 'ε', topic: 'why', chapter: '6' } as Filter;
    const text = encodeProperties(FILTER, 1, filter);
    expect(decodeProperties(FILTER, 1, text).value).toEqual(filter);
  });
});
