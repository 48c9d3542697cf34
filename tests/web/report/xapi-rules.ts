/**
 * The rules of the Experience API 1.0.3, part 2 (https://github.com/adlnet/xAPI-Spec), as far as statements about
 * activities with interactions are concerned: what is missing, what is too much, what has the wrong form.
 */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** RFC 3987: a scheme, then nothing that has to be escaped. */
const IRI = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

type Check = (value: unknown, path: string) => string[];

const is =
  (what: string, test: (value: unknown) => boolean): Check =>
  (value, path) =>
    test(value) ? [] : [`${path}: expected ${what}, got ${JSON.stringify(value)}`];

const text = is('text', (value) => typeof value === 'string');
const truth = is('true or false', (value) => typeof value === 'boolean');
const number = is('a number', (value) => Number.isFinite(value));
const iri = is('an IRI', (value) => typeof value === 'string' && IRI.test(value));
const form = (what: string, pattern: RegExp): Check =>
  is(what, (value) => typeof value === 'string' && pattern.test(value));
const oneOf = (...allowed: unknown[]): Check =>
  is(`one of ${allowed.join(', ')}`, (value) => allowed.includes(value));
const list =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((item, at) => check(item, `${path}[${at}]`))
      : [`${path}: expected a list`];
const map =
  (key: Check, check: Check): Check =>
  (value, path) =>
    Object.entries(value as object).flatMap(([name, item]) => [
      ...key(name, `${path} key`),
      ...check(item, `${path}.${name}`),
    ]);

/** An object with these properties, those with ! needed, and no others. */
function object(properties: Record<string, Check>, ...rules: Check[]): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [`${path}: expected an object`];
    const checks = Object.entries(properties).map(
      ([name, check]) => [name.replace('!', ''), name.endsWith('!'), check] as const,
    );
    const given = value as Record<string, unknown>;
    return [
      ...Object.keys(given)
        .filter((name) => !checks.some(([known]) => known === name))
        .map((name) => `${path}.${name}: not a property of the specification`),
      ...checks.flatMap(([name, needed, check]) => {
        if (given[name] === undefined) return needed ? [`${path}.${name}: missing`] : [];
        return check(given[name], `${path}.${name}`);
      }),
      ...rules.flatMap((rule) => rule(value, path)),
    ];
  };
}

const languageMap = map(form('a language tag', LANGUAGE), text);
const extensions = map(iri, () => []);

const agent = object({
  objectType: oneOf('Agent'),
  name: text,
  // Of the four ways to say who, exactly one; only this one is used here.
  'account!': object({ 'homePage!': iri, 'name!': text }),
});

const interactionComponent = object({
  'id!': form('an id without spaces and separators', /^[^\s[\]]+$/),
  description: languageMap,
});

const definition = object(
  {
    name: languageMap,
    description: languageMap,
    type: iri,
    moreInfo: iri,
    extensions,
    interactionType: oneOf('choice', 'numeric'),
    correctResponsesPattern: list(text),
    choices: list(interactionComponent),
  },
  (value, path) => {
    const { interactionType, choices, correctResponsesPattern } = value as {
      interactionType?: string;
      choices?: { id: string }[];
      correctResponsesPattern?: string[];
    };
    if (interactionType === undefined)
      return choices || correctResponsesPattern ? [`${path}: an interaction without a type`] : [];
    if (interactionType === 'numeric') {
      const ranges = correctResponsesPattern ?? [];
      return [
        ...(choices ? [`${path}: numeric interactions have no choices`] : []),
        ...ranges.flatMap((range) =>
          range.split('[:]').every((part) => part === '' || Number.isFinite(Number(part)))
            ? []
            : [`${path}.correctResponsesPattern: not a range of numbers, ${range}`],
        ),
      ];
    }
    const ids = (choices ?? []).map(({ id }) => id);
    return [
      ...(new Set(ids).size === ids.length ? [] : [`${path}.choices: an id twice`]),
      ...(correctResponsesPattern ?? [])
        .flatMap((pattern) => pattern.split('[,]'))
        .filter((id) => !ids.includes(id))
        .map((id) => `${path}.correctResponsesPattern: ${id} is no choice`),
    ];
  },
);

const activity = object({ objectType: oneOf('Activity'), 'id!': iri, definition });

const score = object(
  {
    scaled: is('a number from -1 to 1', (value) => typeof value === 'number' && Math.abs(value) <= 1),
    raw: number,
    min: number,
    max: number,
  },
  (value, path) => {
    const { raw, min = -Infinity, max = Infinity } = value as { raw?: number; min?: number; max?: number };
    if (min >= max) return [`${path}: min is not below max`];
    return raw === undefined || (raw >= min && raw <= max) ? [] : [`${path}: raw is not within min and max`];
  },
);

const statement = object({
  id: form('a UUID', UUID),
  'actor!': agent,
  'verb!': object({ 'id!': iri, display: languageMap }),
  'object!': activity,
  result: object({ score, success: truth, completion: truth, response: text, duration: text, extensions }),
  context: object({
    registration: form('a UUID', UUID),
    contextActivities: object({
      parent: list(activity),
      grouping: list(activity),
      category: list(activity),
      other: list(activity),
    }),
    platform: text,
    revision: text,
    language: form('a language tag', LANGUAGE),
    extensions,
  }),
  timestamp: form('an ISO 8601 time', TIMESTAMP),
  version: form('1.0.x', /^1\.0\.\d+$/),
});

/** What the specification has against a statement, as sentences; none is the good case. */
export function problemsOf(value: unknown): string[] {
  // As it is sent.
  return statement(JSON.parse(JSON.stringify(value)), 'statement');
}
