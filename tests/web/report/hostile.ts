import fc from 'fast-check';

/**
 * Anything at all, most of it near what is expected: right keys with wrong values, getters, proxies, prototypes with
 * the right properties, enormous texts and arrays. Made when called for: some of it must not even be looked at by the
 * generator.
 */
export function hostile(keys: readonly string[]): fc.Arbitrary<() => unknown> {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
  });
  const huge = fc.constantFrom(
    'x'.repeat(300_000),
    '['.repeat(5_000),
    '{"version":1,"questions":[]}',
    '\u0000',
  );
  const value = fc.oneof(anything, huge, fc.constantFrom(1, -1, NaN, Infinity, true, null, '', [], {}));
  const object = fc.dictionary(fc.constantFrom(...keys, '__proto__', 'constructor', 'toString'), value);
  return fc.oneof(
    value.map((made) => () => made),
    object.map((made) => () => made),
    object.map((inherited) => () => Object.create(inherited) as unknown),
    object.map((inner) => () => thatThrows(inner)),
    fc.constantFrom(...keys).map((key) => () => withGetter(key)),
    fc.array(object, { maxLength: 5 }).map((made) => () => made),
  );
}

function thatThrows(target: object): unknown {
  const refuse = () => {
    throw new Error('looked at');
  };
  return new Proxy(target, { get: refuse, getOwnPropertyDescriptor: refuse, ownKeys: refuse, has: refuse });
}

/** How often a getter of a hostile object was run: never, where only data is looked at. */
export let gettersRun = 0;

function withGetter(key: string): unknown {
  return Object.defineProperty({}, key, {
    enumerable: true,
    get() {
      gettersRun++;
      throw new Error('a getter ran');
    },
  });
}
