import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BADGES, type Badge } from '../../../web/claims/badge.ts';
import {
  cameTrue,
  outcomeOf,
  predict,
  PREDICTIONS,
  type Prediction,
  type Predictions,
  readPredictions,
  scoreOf,
  settle,
} from '../../../web/claims/prediction.ts';

const badge = fc.constantFrom(...(Object.keys(BADGES) as Badge[]));
const prediction = fc.constantFrom(...(Object.keys(PREDICTIONS) as Prediction[]));
const claim = fc.integer({ min: 1, max: 85 }).map((number) => `C${number}`);

describe('predictions', () => {
  it('come true where the badge says the same', () => {
    expect(outcomeOf('exact')).toBe('holds');
    expect(outcomeOf('robust')).toBe('holds');
    expect(outcomeOf('depends')).toBe('depends');
    expect(outcomeOf('fails')).toBe('fails');
    expect(outcomeOf('unsettled')).toBeUndefined();
  });

  it('are scored when something is settled, and not before', () => {
    let all = predict({}, 'C7', 'depends');
    all = predict(all, 'C8', 'holds');
    all = predict(all, 'C9', 'holds');
    expect(scoreOf(all)).toEqual({ made: 3, settled: 0, right: 0 });
    all = settle(all, 'C7', 'depends');
    all = settle(all, 'C8', 'fails');
    all = settle(all, 'C9', 'unsettled');
    expect(scoreOf(all)).toEqual({ made: 3, settled: 2, right: 1 });
    expect(cameTrue(all['C7']!)).toBe(true);
  });

  it('can be changed until the outcome is known, and the first outcome stays', () => {
    let all = predict({}, 'C1', 'holds');
    all = predict(all, 'C1', 'fails');
    all = settle(all, 'C1', 'robust');
    expect(predict(all, 'C1', 'holds')).toBe(all);
    expect(settle(all, 'C1', 'fails')).toBe(all);
    expect(scoreOf(all).right).toBe(0);
  });

  it('leave alone what was not predicted', () => {
    expect(settle({}, 'C1', 'robust')).toEqual({});
  });

  it('never count more right than settled, nor more settled than made', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(claim, prediction, badge)), (steps) => {
        let all: Predictions = {};
        for (const [id, expected, came] of steps) all = settle(predict(all, id, expected), id, came);
        const { made, settled, right } = scoreOf(all);
        expect(made).toBe(new Set(steps.map(([id]) => id)).size);
        expect(settled).toBeLessThanOrEqual(made);
        expect(right).toBeLessThanOrEqual(settled);
      }),
    );
  });

  it('are read back as they were stored', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(claim, prediction, badge)), (steps) => {
        let all: Predictions = {};
        for (const [id, expected, came] of steps) all = settle(predict(all, id, expected), id, came);
        expect(readPredictions(JSON.stringify(all))).toEqual(all);
      }),
    );
  });

  it('survive what somebody else stored under their name', () => {
    expect(readPredictions(undefined)).toEqual({});
    expect(readPredictions('not JSON')).toEqual({});
    expect(readPredictions('null')).toEqual({});
    const mixed = JSON.stringify({
      C1: { prediction: 'holds', came: 'pending' },
      C2: { prediction: 'toString' },
      D3: { prediction: 'holds' },
      C4: 7,
    });
    expect(readPredictions(mixed)).toEqual({ C1: { prediction: 'holds' } });
    fc.assert(fc.property(fc.json(), (text) => void readPredictions(text)));
  });
});
