/**
 * Reading values that came from outside: messages of other windows, what a course platform stored. Only own data properties are
 * looked at: no getter runs, nothing is inherited, and what throws when looked at is as good as absent.
 */
export function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return Object.getOwnPropertyDescriptor(value, key)?.value;
  } catch {
    return undefined;
  }
}

/** The items of an array no longer than `longest`; undefined where it is none. */
export function items(value: unknown, longest: number): unknown[] | undefined {
  try {
    if (!Array.isArray(value)) return undefined;
  } catch {
    return undefined;
  }
  const length = own(value, 'length');
  if (typeof length !== 'number' || length > longest) return undefined;
  return Array.from({ length }, (_, at) => own(value, String(at)));
}

export function text(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value.length <= longest ? value : undefined;
}

export function count(value: unknown, most: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
    ? (value as number)
    : undefined;
}
