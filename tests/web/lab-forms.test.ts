import fc from 'fast-check';
import { shownPanels } from '../../web/components/lab/panels.ts';
import { describe, expect, it } from 'vitest';
import { addLayer, chooseData, followA, newSeed, setArm } from '../../web/components/lab/edits.ts';
import { forgetLab, keepLab, type KeepStorage, keptLabs } from '../../web/components/lab/keep.ts';
import {
  listText,
  readListField,
  readNumberField,
  setWord,
  sliderScale,
  stepNumber,
} from '../../web/components/lab/number-text.ts';
import { SECTIONS, SLIDERS } from '../../web/components/lab/sections.ts';
import { refusalWords, summary } from '../../web/components/lab/lab-words.ts';
import { EngineError } from '../../web/protocol/engine-error.ts';
import { defaultLab, encodeLab, type LabValue } from '../../web/protocol/lab.ts';
import { labProblem } from '../../web/protocol/lab-differences.ts';
import { labPresetNames, labPresets, presetLab } from '../../web/protocol/lab-presets.ts';
import { armProperties, sharedProperties } from '../../web/protocol/lab-properties.ts';
import type { NumberProperty, Property } from '../../web/protocol/properties.ts';

const settings: Record<string, Property> = { ...sharedProperties, ...armProperties };

describe('the setup', () => {
  it('shows every setting exactly once', () => {
    const shown = SECTIONS.flatMap(({ few, more }) => [...few, ...more]);
    expect([...shown].sort()).toEqual(Object.keys(settings).sort());
  });

  it('has sliders within what the numbers may be, reaching the default', () => {
    for (const [name, slider] of Object.entries(SLIDERS)) {
      const property = settings[name] as NumberProperty;
      expect([name, property.kind]).toEqual([name, 'number']);
      expect(slider.min).toBeGreaterThanOrEqual(property.min);
      expect(slider.max).toBeLessThanOrEqual(property.max);
      const scale = sliderScale(slider, property.whole);
      expect([name, scale.value(scale.max)]).toEqual([name, slider.max]);
    }
  });

  it('slides by powers of two where that is what people choose', () => {
    const { min, value } = sliderScale({ min: 1, max: 1024, log: Math.log10(2) }, true);
    expect(Array.from({ length: 11 }, (_, i) => value(min + i * Math.log10(2)))).toEqual([
      1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024,
    ]);
  });
});

describe('a number typed into a field', () => {
  const { lr, batch, gamma } = armProperties;

  it('may have a decimal comma and a true minus sign', () => {
    expect(readNumberField(lr, '0,3')).toEqual({ value: 0.3 });
    expect(readNumberField(gamma, '−1')).toEqual({ value: -1 });
  });

  it.each([
    ['', 'expected a number from 0 to 1000, got nothing'],
    ['fast', 'expected a number from 0 to 1000, got “fast”'],
    ['-1', 'expected a number from 0 to 1000, got −1'],
  ])('%j is refused in words', (text, problem) => {
    expect(readNumberField(lr, text)).toEqual({ problem });
  });

  it('goes up and down with the arrow keys, by shares of a power of ten where that is the scale', () => {
    expect(stepNumber(lr, 0.1, 1)).toBe(0.13);
    expect(stepNumber(lr, 0.13, -1)).toBe(0.1);
    expect(stepNumber(lr, 0, 1)).toBeGreaterThan(0);
    expect(stepNumber(batch, 1, -1)).toBe(1);
    expect(stepNumber(gamma, 0.2, 1)).toBe(0.3);
  });
});

describe('a list of layers typed into a field', () => {
  const { hidden } = armProperties;

  it.each([
    ['32, 16', [32, 16]],
    ['32 16 8', [32, 16, 8]],
    ['3 × 32', [32, 32, 32]],
    ['2x8, 4', [8, 8, 4]],
    ['', []],
  ])('%j is read', (text, value) => {
    expect(readListField(hidden, text)).toEqual({ value });
  });

  it.each([
    ['21 × 8', 'expected at most 20 numbers, got 21'],
    ['99x8', 'expected at most 20 numbers, got 21'],
    ['8, 0', 'number 2: expected a whole number from 1 to 256, got 0'],
    ['8, many', 'number 2: expected a whole number from 1 to 256, got “many”'],
    ['1×2×3', 'number 1: expected a whole number from 1 to 256, got “1×2×3”'],
  ])('%j is refused in words', (text, problem) => {
    expect(readListField(hidden, text)).toEqual({ problem });
  });

  it('is written so that it reads back', () => {
    expect(listText([16, 16, 16])).toBe('3 × 16');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 256 }), { maxLength: 20 }), (value) => {
        expect(readListField(hidden, listText(value))).toEqual({ value });
      }),
    );
  });

  it('gains a layer like the last, and loses the last', () => {
    expect(addLayer([8, 4], 1)).toEqual([8, 4, 4]);
    expect(addLayer([8, 4], -1)).toEqual([8]);
    expect(addLayer([], 1)).toEqual([16]);
    expect(
      addLayer(
        Array.from({ length: 20 }, () => 4),
        1,
      ),
    ).toHaveLength(20);
  });
});

describe('a setting layer by layer', () => {
  it('keeps only the words that say something', () => {
    const { norms } = armProperties;
    expect(setWord(norms, [], 1, 'none', 'batch')).toEqual(['batch', 'none']);
    expect(setWord(norms, ['batch', 'none'], 1, 'batch', 'batch')).toEqual([]);
    expect(setWord(norms, ['layer'], 2, 'none', 'batch')).toEqual(['layer', 'batch', 'none']);
  });
});

describe('an edit', () => {
  const lab = (change: Partial<LabValue>): LabValue => ({ ...defaultLab, ...change });

  it('of the data brings what suits it, but keeps what the reader chose', () => {
    expect({ ...defaultLab, ...chooseData(defaultLab, 'glyphs') }).toMatchObject({
      data: 'glyphs',
      noise: 0.2,
      count: 1500,
    });
    expect(chooseData(lab({ noise: 0.3, count: 100 }), 'glyphs')).not.toHaveProperty('noise');
    const conv = lab({ data: 'glyphs', net: 'conv', b: { net: 'conv', norm: 'none' }, loss: 'mse' });
    const spirals = { ...conv, ...chooseData(conv, 'spirals') };
    expect(spirals).toMatchObject({ net: 'dense', b: { norm: 'none' }, loss: 'auto' });
    expect(labProblem(spirals)).toBeUndefined();
  });

  it('is of A, of B, or takes B’s own setting away', () => {
    const value = lab({ b: { norm: 'none', lr: 1 } });
    expect(setArm(value, 0, 'lr', 2)).toEqual({ lr: 2 });
    expect(setArm(value, 1, 'lr', 2)).toEqual({ b: { norm: 'none', lr: 2 } });
    expect(followA(value, 'lr')).toEqual({ b: { norm: 'none' } });
  });

  it('of a seed always gives another one', () => {
    for (const old of [1, 2, 5000, 9999]) {
      for (const random of [0, 0.1, 0.5, 0.99999]) {
        const seed = newSeed(old, () => random);
        expect(seed).not.toBe(old);
        expect(Number.isInteger(seed) && seed >= 1 && seed <= 9999).toBe(true);
      }
    }
  });
});

describe('the presets', () => {
  it.each(labPresetNames)('%s can be run, and says what to look at', (name) => {
    expect(labProblem(presetLab(name))).toBeUndefined();
    expect(labPresets[name].look).toMatch(/[.?]$/);
  });

  it('are different experiments', () => {
    expect(new Set(labPresetNames.map((name) => encodeLab(presetLab(name)))).size).toBe(
      labPresetNames.length,
    );
  });
});

describe('an experiment in a few words', () => {
  it('names what matters first', () => {
    expect(summary(defaultLab)).toBe(
      'Spirals, 4 hidden layers, ReLU, BatchNorm, learning rate 0.1, batches of 32',
    );
  });
});

describe('what the engine refuses', () => {
  const refused = (argument: string, hint = '') =>
    refusalWords(new EngineError({ argument, expected: 'more', actual: 'less', hint }));

  it('is said in the words of the forms', () => {
    expect(refused('arms.0.batch.size')).toBe('A’s batch size: expected more, got less.');
    expect(refused('arms.1.optimizer.lr', 'Try it.')).toBe(
      'B’s learning rate: expected more, got less. Try it.',
    );
    expect(refused('data.noise')).toBe('noise: expected more, got less.');
    expect(refused('arms.0.model.layers.3.p')).toBe('A’s “p”: expected more, got less.');
    const last = { argument: 'arms.0.batch.last', expected: "'drop', because", actual: 'keep', hint: '' };
    expect(refusalWords(new EngineError(last))).toBe(
      'A’s last batch when smaller: expected “Leave out”, because, got keep.',
    );
    expect(refusalWords(new Error('The thread crashed.'))).toBe('The thread crashed.');
  });
});

describe('what is kept in the browser', () => {
  function memory(): KeepStorage {
    const entries = new Map<string, string>();
    return {
      getItem: (key) => entries.get(key) ?? null,
      setItem: (key, text) => void entries.set(key, text),
    };
  }

  it('comes back, newest first, one per name', () => {
    const storage = memory();
    const other: LabValue = { ...defaultLab, lr: 1 };
    expect(keepLab(storage, 'one', defaultLab)).toBe(true);
    keepLab(storage, 'two', defaultLab);
    keepLab(storage, 'one', other);
    expect(keptLabs(storage)).toEqual([
      { name: 'one', value: other },
      { name: 'two', value: defaultLab },
    ]);
    forgetLab(storage, 'one');
    expect(keptLabs(storage).map(({ name }) => name)).toEqual(['two']);
  });

  it.each(['{', '{}', 'null', '[1,[2,3],["a"],["a","9"],["b",4]]'])(
    'is nothing where %s was stored',
    (text) => {
      expect(keptLabs({ getItem: () => text, setItem: () => undefined })).toEqual([]);
    },
  );

  it('is nothing where the browser forbids it', () => {
    const full: KeepStorage = {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(keepLab(full, 'one', defaultLab)).toBe(false);
    expect(keepLab(undefined, 'one', defaultLab)).toBe(false);
    expect(keptLabs(undefined)).toEqual([]);
  });
});

describe('the open panels', () => {
  it('show pictures and confusion where there is no plane for a map', () => {
    const lab = (change: Partial<LabValue>): LabValue => ({ ...defaultLab, ...change });
    expect(shownPanels(lab({ panels: ['trace', 'map'] }))).toEqual(['trace', 'map']);
    expect(shownPanels(lab({ data: 'glyphs', panels: ['map', 'trace'] }))).toEqual(['pictures', 'trace']);
    expect(shownPanels(lab({ data: 'glyphs', panels: ['map', 'pictures'] }))).toEqual(['pictures']);
    expect(shownPanels(lab({ panels: ['pictures'] }))).toEqual(['pictures']);
    expect(shownPanels(lab({ data: 'regression', panels: ['pictures', 'map'] }))).toEqual(['map']);
  });
});
