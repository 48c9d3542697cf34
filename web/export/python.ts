/** Python as text. */

/** A number as Python reads it, the same number to the last bit. */
export function pythonNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return `float("${value}")`;
}

/** The same where an integer will not do. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : pythonNumber(value);
}

export const pythonBoolean = (value: boolean): string => (value ? 'True' : 'False');

export function pythonTuple(values: readonly number[]): string {
  return `(${values.map(pythonNumber).join(', ')}${values.length === 1 ? ',' : ''})`;
}

/** A call with positional arguments as they stand and named ones; `undefined` leaves the latter out. */
export function pythonCall(
  name: string,
  positional: readonly (number | string)[],
  named: Readonly<Record<string, number | string | boolean | undefined>> = {},
): string {
  const write = (value: number | string | boolean) => {
    if (typeof value === 'boolean') return pythonBoolean(value);
    return typeof value === 'number' ? pythonNumber(value) : value;
  };
  const parts = [
    ...positional.map(write),
    ...Object.entries(named).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${write(value)}`],
    ),
  ];
  return `${name}(${parts.join(', ')})`;
}

export function indent(text: string, by = 4): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

/** A docstring's or comment's text may hold anything a person typed; it must stay inside the docstring or comment. */
export function plainText(text: string): string {
  return text.replace(/["\\\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** How a factor times √(a/b) is written; a factor of 1 is left out. */
export function rootTimes(factor: number, root: readonly [number, number] | undefined): string {
  if (!root) return pythonNumber(factor);
  const text = `math.sqrt(${root[0]} / ${root[1]})`;
  return factor === 1 ? text : `${pythonNumber(factor)} * ${text}`;
}
