import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHash, writeHash } from '../../web/protocol/hash.ts';
import {
  armOf,
  decodeLab,
  defaultLab,
  encodeLab,
  type LabValue,
  readLabFile,
  writeLabFile,
} from '../../web/protocol/lab.ts';
import { anyLab } from './lab-arbitrary.ts';

const decoded = (text: string): LabValue => {
  const { value, problem } = decodeLab(text);
  if (value === undefined) throw new Error(problem);
  return value;
};

describe('a link to the Lab', () => {
  it('holds only what differs from the default', () => {
    expect(encodeLab(defaultLab)).toBe('1');
    expect(encodeLab({ ...defaultLab, data: 'moons', lr: 0.3, hidden: [8, 4] })).toBe(
      '1;data=moons;hidden=8,4;lr=0.3',
    );
    expect(encodeLab({ ...defaultLab, compare: false })).toBe('1;compare=off');
  });

  it('names B’s differences, and says when there are none', () => {
    expect(encodeLab({ ...defaultLab, b: { norm: 'layer', lr: 1 } })).toBe('1;b.norm=layer;b.lr=1');
    expect(encodeLab({ ...defaultLab, b: { lr: 1 } })).toBe('1;b=same;b.lr=1');
    expect(encodeLab({ ...defaultLab, b: {} })).toBe('1;b=same');
    expect(decoded('1;b.lr=1').b).toEqual({ norm: 'none', lr: 1 });
    expect(decoded('1;b=same').b).toEqual({});
  });

  it('gives every value back, also through an address', () => {
    fc.assert(
      fc.property(anyLab, (value) => {
        const text = encodeLab(value);
        expect(decoded(text)).toEqual(value);
        expect(readHash(writeHash('#we=1', 'lab', text), 'lab')).toBe(text);
      }),
    );
  });

  it.each([
    ['2;data=moons', 'it is of version “2”; this page reads version 1'],
    ['1;data=mars', /^data: expected spirals or circles or .* got “mars”$/],
    ['1;lr=fast', 'lr: expected a number from 0 to 1000, got “fast”'],
    ['1;lr=-1', 'lr: expected a number from 0 to 1000, got −1'],
    ['1;b.batch=0', 'b.batch: expected a whole number from 1 to 65\u202f536, got 0'],
    ['1;hidden=16,300', 'hidden: number 2: expected a whole number from 1 to 256, got 300'],
    [`1;hidden=${'9,'.repeat(20)}9`, 'hidden: expected at most 20 numbers, got 21'],
    ['1;norms=batch,bach', /^norms: word 2: expected none or batch or .*, got “bach”$/],
    ['1;panels=trace,trace', 'panels: trace is given twice'],
    ['1;skip=yes', 'skip: expected on or off, got “yes”'],
    ['1;b.data=moons', '“b.data” is not one of its settings'],
    ['1;__proto__=1', '“__proto__” is not one of its settings'],
    ['1;lr=1;lr=2', 'lr is given twice'],
    [`1;title=${'x'.repeat(81)}`, 'title: expected at most 80 characters, got 81'],
    ['1;title=\u202eevil', 'title: expected plain characters, got a control character'],
  ])('is refused as a whole when it is %j', (text, problem) => {
    const got = decodeLab(text);
    expect(got.value).toBeUndefined();
    expect(got.problem).toMatch(problem);
  });

  it('is never more than a value or a sentence, whatever arrives', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `1;${text}`),
      fc
        .tuple(fc.constantFrom('lr', 'hidden', 'norms', 'b.eps', 'title'), fc.string())
        .map(([name, text]) => `1;${name}=${text}`),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const { value, problem } = decodeLab(text);
        expect(value && decoded(encodeLab(value))).toEqual(value);
        expect(value ?? problem).toBeTruthy();
      }),
    );
  });
});

describe('a file of the Lab', () => {
  it('gives every value back', () => {
    fc.assert(
      fc.property(anyLab, (value) => {
        expect(readLabFile(writeLabFile(value)).value).toEqual(value);
      }),
    );
  });

  it('may leave settings out', () => {
    const text = JSON.stringify({ file: 'batchnorm-lab', version: 1, lr: 0.5, b: { norm: 'layer' } });
    expect(readLabFile(text).value).toEqual({ ...defaultLab, lr: 0.5, b: { norm: 'layer' } });
  });

  const file = (content: object) => JSON.stringify({ file: 'batchnorm-lab', version: 1, ...content });
  it.each([
    ['{', 'it is not JSON'],
    ['[]', 'it is not an experiment of this page: expected "file": "batchnorm-lab"'],
    [file({ version: 9 }), 'it is of version 9; this page reads version 1'],
    [file({ lr: '0.1' }), 'lr: got "0.1"'],
    [file({ lr: 1e9 }), 'lr: expected a number from 0 to 1000, got 1000000000'],
    [file({ lr: null }), 'lr: got null'],
    [file({ hidden: [1.5] }), 'hidden: number 1: expected a whole number from 1 to 256, got 1.5'],
    [file({ hidden: ['8,8'] }), 'hidden: got ["8,8"]'],
    [file({ b: { data: 'moons' } }), '“b.data” is not one of its settings'],
    [file({ b: [] }), 'b: expected settings by name'],
    [file({ weights: 1 }), '“weights” is not one of its settings'],
    ['x'.repeat(60_000), 'it has 60000 characters, more than 50000'],
  ])('is refused when it is %s', (text, problem) => {
    expect(readLabFile(text)).toEqual({ problem });
  });

  it('cannot reach an object’s prototype', () => {
    const text = '{"file":"batchnorm-lab","version":1,"b":{"__proto__":{"lr":1}}}';
    expect(readLabFile(text).problem).toBe('“b.__proto__” is not one of its settings');
  });
});

describe('arm B', () => {
  it('follows A in everything it does not have for itself', () => {
    const value: LabValue = { ...defaultLab, lr: 0.7, b: { norm: 'none', batch: 8 } };
    expect(armOf(value, 1)).toEqual({ ...armOf(value, 0), norm: 'none', batch: 8 });
    expect(armOf({ ...value, lr: 0.9 }, 1).lr).toBe(0.9);
  });

  it('with a normalisation of its own does not follow A layer by layer', () => {
    const value: LabValue = { ...defaultLab, norms: ['layer'], b: { norm: 'none' } };
    expect(armOf(value, 0).norms).toEqual(['layer']);
    expect(armOf(value, 1).norms).toEqual([]);
    expect(armOf({ ...value, b: { lr: 1 } }, 1).norms).toEqual(['layer']);
  });
});
