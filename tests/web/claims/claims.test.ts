import { describe, expect, it } from 'vitest';
import { LITERATURE, TEXTS, TOPICS } from '../../../web/claims/claim.ts';
import { BY_TOPIC, CLAIMS, findClaim, numberOf, topicOf } from '../../../web/claims/claims.ts';
import { PAPERS } from '../../../web/claims/papers.ts';

describe('the claims', () => {
  it('are C1 to C85, each once', () => {
    expect(CLAIMS.map(numberOf)).toEqual(Array.from({ length: 85 }, (_, index) => index + 1));
  });

  it('each have a topic, a chapter, somebody who says it and a reason', () => {
    for (const claim of CLAIMS) {
      expect(Object.keys(TOPICS)).toContain(topicOf(claim));
      expect(Object.keys(LITERATURE)).toContain(claim.literature);
      expect(claim.chapters.length).toBeGreaterThan(0);
      for (const chapter of claim.chapters) expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(chapter);
      expect(claim.saidBy.length).toBeGreaterThan(0);
      for (const teller of claim.saidBy) expect({ ...TEXTS, ...PAPERS }).toHaveProperty(teller);
      expect(claim.reason).toMatch(/[.]$/);
    }
  });

  it('are one or two sentences each, none said twice', () => {
    for (const { statement } of CLAIMS) {
      expect(statement).toMatch(/^[A-ZεγIβ].*[.]$/);
      expect(statement.length).toBeLessThan(200);
    }
    expect(new Set(CLAIMS.map(({ statement }) => statement)).size).toBe(85);
  });

  it('cite papers by number or address, and every paper is cited', () => {
    const cited = new Set<string>(CLAIMS.flatMap(({ cites = [], saidBy }) => [...cites, ...saidBy]));
    for (const [key, { where, link }] of Object.entries(PAPERS)) {
      expect(cited).toContain(key);
      expect(link).toMatch(
        /^https:\/\/(arxiv\.org\/abs\/\d{4}\.\d{5}|doi\.org\/|www\.deeplearningbook\.org\/)/,
      );
      expect(where.startsWith('arXiv')).toBe(link.includes('arxiv'));
      expect(where).not.toMatch(/^arXiv:(?!\d{4}\.\d{5}$)/);
    }
  });

  it('stand under one topic each, and all topics have some', () => {
    for (const claims of Object.values(BY_TOPIC)) expect(claims.length).toBeGreaterThan(2);
    expect(topicOf(findClaim('C36')!)).toBe('speed');
    expect(findClaim('C86')).toBeUndefined();
  });
});
