import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Place, scoreTarget } from '../../../web/report/target.ts';

const framed: Place = { framed: true, parentOrigin: undefined, referrer: '' };

describe('where scores may go', () => {
  it('is the origin that is named', () => {
    for (const named of ['https://school.example', 'https://school.example/', 'HTTPS://School.example']) {
      expect(scoreTarget(named, framed)).toEqual({ origin: 'https://school.example' });
    }
    expect(scoreTarget('http://localhost:8080', framed)).toEqual({ origin: 'http://localhost:8080' });
  });

  it('is never every origin, a path, or something that only looks like an origin', () => {
    for (const named of [
      '*',
      '',
      'null',
      'https://school.example/course',
      'https://school.example?',
      'https://teacher@school.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///',
      'blob:https://school.example/1',
      '//school.example',
      ' https://school.example',
    ]) {
      const place = {
        ...framed,
        parentOrigin: 'https://parent.example',
        referrer: 'https://parent.example/',
      };
      expect(scoreTarget(named, place)).toEqual({ problem: expect.stringContaining('scores-to: expected') });
    }
  });

  it('is that of the page around, where none is named and the browser tells it', () => {
    expect(scoreTarget(null, { ...framed, parentOrigin: 'https://lms.example' })).toEqual({
      origin: 'https://lms.example',
    });
    expect(scoreTarget(null, { ...framed, referrer: 'https://lms.example/course?user=1' })).toEqual({
      origin: 'https://lms.example',
    });
  });

  it('is nowhere, where that is not known', () => {
    for (const place of [framed, { ...framed, parentOrigin: 'null', referrer: 'https://lms.example/' }]) {
      expect(scoreTarget(null, place)).toEqual({ problem: expect.stringContaining('name it') });
    }
  });

  it('is nowhere for a page that stands alone', () => {
    expect(scoreTarget('https://school.example', { ...framed, framed: false })).toEqual({
      problem: expect.stringContaining('no other page'),
    });
  });

  it('is one origin of http or https, or nowhere, whatever is named', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.constant('a'.repeat(100_000))), (named) => {
        const target = scoreTarget(named, framed);
        const told = 'origin' in target ? target.origin : 'https://nowhere.example';
        expect(told).toMatch(/^https?:\/\/[^/*]+$/);
        expect(new URL(told).origin).toBe(told);
        expect('problem' in target ? target.problem.length : 0).toBeLessThan(500);
      }),
    );
  });
});
