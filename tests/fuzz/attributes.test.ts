import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labOfAttributes } from '../../web/components/lab/attributes.ts';
import { EVERY_FIGURE } from '../../web/protocol/embed.ts';
import { decodeLab, encodeLab, sameLab } from '../../web/protocol/lab.ts';
import { labPresetNames } from '../../web/protocol/lab-presets.ts';
import { armProperties, sharedProperties, viewProperties } from '../../web/protocol/lab-properties.ts';
import { MAX_TEXT, parseProperty, type Property } from '../../web/protocol/properties.ts';
import { workedExampleProperties } from '../../web/protocol/worked-example.ts';
import { hostileText } from './hostile-text.ts';
import { bothIn, fuzz, must } from './inputs.ts';

/** What pages of other people write on the elements. */
const PANELS = ['trace', 'map', 'layers', 'bands', ',', ' ', '\n', 'trace,trace'];

describe('attributes of a Lab', () => {
  it('make an experiment the forms could have made, and the first problem is told', () => {
    const attribute = (right: readonly string[], words: readonly string[]) =>
      fc.oneof(
        fc.constant(null),
        fc.constant(undefined),
        fc.constantFrom(...right),
        hostileText(right, words),
      );
    const attributes = fc.record({
      preset: attribute(labPresetNames, labPresetNames),
      experiment: attribute(
        ['1;data=moons;b.norm=none', '1'],
        ['1;', 'data=', 'moons', ';', 'lr=', '0.1', 'b.'],
      ),
      controls: attribute(['all', 'few', 'none'], ['all', 'few', 'none']),
      panels: attribute(['trace', 'trace layers'], PANELS),
    });
    const tally = fuzz('lab attributes', attributes, (given) => {
      const { value, problem } = labOfAttributes(given);
      must((problem ?? '').length < 500);
      must(sameLab(decodeLab(encodeLab(value)).value!, value));
      return problem === undefined ? 'read' : 'refused';
    });
    expect(bothIn(tally)).toBeGreaterThan(20);
  });
});

describe('an attribute of any figure', () => {
  const common = Object.entries(EVERY_FIGURE).map(([label, choices]): Property => ({
    kind: 'choice',
    label,
    default: choices[0],
    choices: [...choices],
  }));
  const properties: readonly Property[] = [
    ...common,
    ...Object.values<Property>({
      ...workedExampleProperties,
      ...sharedProperties,
      ...armProperties,
      ...viewProperties,
    }),
  ];

  it('is one of the values its property allows, or refused', () => {
    const right = [
      '2',
      '0.5',
      'on',
      'off',
      'dark',
      '2,4,6,8',
      '1,2/3,4',
      '1,-2',
      'relu',
      'none',
      'trace,layers',
    ];
    const words = [
      ...right,
      ...properties.flatMap(({ kind, default: first }) => (kind === 'matrix' ? [] : [String(first)])),
    ];
    const input = fc.tuple(
      fc.constantFrom(...properties),
      hostileText(right, [...words, ',', '/', ';', '\n', '-']),
    );
    const tally = fuzz('figure attributes', input, ([property, text]) => {
      const { value, problem } = parseProperty(property, text);
      if (value === undefined) {
        must(problem!.length < 600);
        return 'refused';
      }
      must(text.length <= MAX_TEXT);
      must(isAllowed(property, value));
      return 'read';
    });
    expect(bothIn(tally)).toBeGreaterThan(20);
  });
});

function isAllowed(property: Property, value: unknown): boolean {
  const within = (one: unknown, { min, max }: { min: number; max: number }) =>
    typeof one === 'number' && one >= min && one <= max;
  switch (property.kind) {
    case 'number':
      return within(value, property) && (!property.whole || Number.isInteger(value));
    case 'choice':
      return property.choices.includes(value as string);
    case 'boolean':
      return typeof value === 'boolean';
    case 'choices': {
      const words = value as readonly string[];
      return words.length <= property.maxLength && words.every((word) => property.choices.includes(word));
    }
    case 'text':
      return typeof value === 'string' && value.length <= property.maxLength && !/[\p{C};]/u.test(value);
    case 'list': {
      const list = value as readonly number[];
      return list.length <= property.maxLength && list.every((one) => within(one, property));
    }
    case 'matrix': {
      const rows = value as readonly (readonly number[])[];
      return (
        rows.length <= property.maxRows &&
        rows.every(
          (row) =>
            row.length === rows[0]!.length &&
            row.length <= property.maxColumns &&
            row.every((one) => within(one, property)),
        )
      );
    }
  }
}
