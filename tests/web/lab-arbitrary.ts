import fc from 'fast-check';
import {
  ARM_NAMES,
  armProperties,
  type LabArm,
  type LabValue,
  sharedProperties,
  viewProperties,
} from '../../web/protocol/lab-properties.ts';
import type { Property } from '../../web/protocol/properties.ts';

/** Anything the property allows. */
function valueOf(property: Property): fc.Arbitrary<unknown> {
  switch (property.kind) {
    case 'number':
      return property.whole
        ? fc.integer({ min: property.min, max: property.max })
        : fc.double({ min: property.min, max: property.max, noNaN: true }).map((value) => value + 0);
    case 'choice':
      return fc.constantFrom(...property.choices);
    case 'boolean':
      return fc.boolean();
    case 'choices':
      return property.distinct
        ? fc.subarray([...property.choices], { maxLength: property.maxLength })
        : fc.array(fc.constantFrom(...property.choices), { maxLength: property.maxLength });
    case 'list':
      return fc.array(fc.integer({ min: property.min, max: property.max }), {
        minLength: property.mayBeEmpty ? 0 : 1,
        maxLength: property.maxLength,
      });
    case 'text':
      return fc.string({ unit: fc.constantFrom(...'Aé x̂γ,=&#%/+"\''), maxLength: 20 });
    case 'matrix':
      throw new Error('the Lab has no matrices');
  }
}

const all = { ...sharedProperties, ...armProperties, ...viewProperties };
const record = (list: Record<string, Property>) =>
  Object.fromEntries(Object.entries(list).map(([name, property]) => [name, valueOf(property)]));

/** Any value the property lists allow, whether or not it can be run. */
export const anyLab: fc.Arbitrary<LabValue> = fc
  .record({
    ...record(all),
    compare: fc.boolean(),
    b: fc.record(record(armProperties), { requiredKeys: [] }),
  })
  .map((value) => ({ version: 1, ...value }) as unknown as LabValue);

/** One setting of an arm with a value it may have. */
export const anySetting: fc.Arbitrary<Partial<LabArm>> = fc
  .constantFrom(...ARM_NAMES)
  .chain((name) => valueOf(armProperties[name]).map((value) => ({ [name]: value })));
