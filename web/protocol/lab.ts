import {
  ARM_NAMES,
  armProperties,
  type LabArm,
  type LabValue,
  sharedProperties,
  viewProperties,
} from './lab-properties.ts';
import {
  decodeProperties,
  defaultsOf,
  encodeProperties,
  formatProperty,
  MAX_TEXT,
  type Parsed,
  parseProperty,
  type Property,
  type PropertyList,
  type ValueOf,
} from './properties.ts';

export { compileLab, type LabExamples, LabProblem } from './lab-compile.ts';
export { armOf, type LabArm, type LabValue } from './lab-properties.ts';

/**
 * The value of a Lab as text: in a link (`1;data=moons;b.norm=none`), in the attributes of an embed, and in a file. All
 * are read through the property lists, so that what arrives is a value the forms could have made, or is refused.
 */
export const LAB_VERSION = 1;
/** The key of the Lab's value in an address. */
export const LAB_KEY = 'lab';

const ownProperties = { ...sharedProperties, ...armProperties, ...viewProperties };

/** The properties under their names in a link. B's have a prefix. */
const linkProperties: PropertyList = {
  ...ownProperties,
  compare: { kind: 'boolean', label: 'B', default: true },
  /** B's differences start from the default's (no normalisation) or from none. */
  b: { kind: 'choice', label: 'B starts from', default: 'default', choices: ['default', 'same'] },
  ...Object.fromEntries(ARM_NAMES.map((name) => [`b.${name}`, armProperties[name]])),
};

/** A is trained with batch normalization and B without, and nothing runs until someone asks for it. */
export const defaultLab: LabValue = {
  version: LAB_VERSION,
  ...defaultsOf(ownProperties),
  compare: true,
  b: { norm: 'none' },
};

export function sameLab(a: LabValue, b: LabValue): boolean {
  return encodeLab(a) === encodeLab(b);
}

/** Only what differs from the default, so that links stay short. */
export function encodeLab(value: LabValue): string {
  const entries: Record<string, ValueOf<Property>> = {};
  const differs = (property: Property, now: ValueOf<Property>, before: ValueOf<Property>) =>
    formatProperty(property, now) !== formatProperty(property, before);
  for (const [name, property] of Object.entries(ownProperties)) {
    const key = name as keyof typeof ownProperties;
    if (differs(property, value[key], defaultLab[key])) entries[name] = value[key];
  }
  if (!value.compare) entries['compare'] = false;
  if (JSON.stringify(value.b) !== JSON.stringify(defaultLab.b)) {
    if (value.b.norm === undefined) entries['b'] = 'same';
    for (const name of ARM_NAMES) {
      const own = value.b[name];
      if (own !== undefined) entries[`b.${name}`] = own;
    }
  }
  return encodeProperties(linkProperties, LAB_VERSION, entries);
}

export function decodeLab(text: string): Parsed<LabValue> {
  const decoded = decodeProperties(linkProperties, LAB_VERSION, text);
  return decoded.problem === undefined ? { value: fromEntries(decoded.value) } : decoded;
}

function fromEntries(entries: Readonly<Record<string, unknown>>): LabValue {
  const { b: start, ...given } = entries;
  const own = Object.entries(given).filter(([name]) => !name.startsWith('b.'));
  const differences = Object.entries(given)
    .filter(([name]) => name.startsWith('b.'))
    .map(([name, value]) => [name.slice(2), value]);
  return {
    ...defaultLab,
    ...Object.fromEntries(own),
    b: { ...(start !== 'same' && defaultLab.b), ...Object.fromEntries(differences) },
  };
}

/** What the file says it is, so that another program's JSON is told apart. */
const FILE_KIND = 'batchnorm-lab';

/** The whole value as the text of a file: every setting by name, so that it can be read and edited by hand. */
export function writeLabFile(value: LabValue): string {
  const { version, b, ...rest } = value;
  return `${JSON.stringify({ file: FILE_KIND, version, ...rest, b }, undefined, 2)}\n`;
}

/** Reads a file written by `writeLabFile`, perhaps edited since. Settings left out have their defaults. */
export function readLabFile(text: string): Parsed<LabValue> {
  if (text.length > MAX_TEXT) return { problem: `it has ${text.length} characters, more than ${MAX_TEXT}` };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isRecord(content) || content['file'] !== FILE_KIND)
    return { problem: `it is not an experiment of this page: expected "file": "${FILE_KIND}"` };
  const { file: _, version, b = {}, ...rest } = content;
  if (version !== LAB_VERSION)
    return { problem: `it is of version ${short(version)}; this page reads version ${LAB_VERSION}` };
  if (!isRecord(b)) return { problem: 'b: expected settings by name' };
  const own = readRecord({ ...ownProperties, compare: linkProperties['compare'] as Property }, rest, '');
  if (own.problem !== undefined) return own;
  const differences = readRecord(armProperties, b, 'b.');
  if (differences.problem !== undefined) return differences;
  return { value: { ...defaultLab, ...own.value, b: differences.value as Partial<LabArm> } };
}

function readRecord(
  list: PropertyList,
  given: Readonly<Record<string, unknown>>,
  prefix: string,
): Parsed<Record<string, unknown>> {
  const values: [string, unknown][] = [];
  for (const [name, json] of Object.entries(given)) {
    const property = Object.hasOwn(list, name) ? list[name] : undefined;
    if (!property) return { problem: `“${prefix}${name.slice(0, 24)}” is not one of its settings` };
    const text = textOf(property, json);
    const parsed = text === undefined ? { problem: `got ${short(json)}` } : parseProperty(property, text);
    if (parsed.problem !== undefined) return { problem: `${prefix}${name}: ${parsed.problem}` };
    values.push([name, parsed.value]);
  }
  return { value: Object.fromEntries(values) };
}

/** The JSON value as the property's text, if it has the property's type. */
function textOf(property: Property, json: unknown): string | undefined {
  switch (property.kind) {
    case 'boolean':
      return typeof json === 'boolean' ? formatProperty(property, json) : undefined;
    case 'number':
      return typeof json === 'number' ? String(json) : undefined;
    case 'choice':
    case 'text':
      return typeof json === 'string' ? json : undefined;
    case 'list':
    case 'choices':
      return Array.isArray(json) &&
        json.every((one) => typeof one === (property.kind === 'list' ? 'number' : 'string'))
        ? json.join(',')
        : undefined;
    case 'matrix':
      return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
