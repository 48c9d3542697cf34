/** Numbers from 0 to 1, without 1. */
export type Random = () => number;

/**
 * The same seed and name give the same numbers in every browser: which order, which numbers in a question. Nothing is measured
 * with these; experiments draw from the engine's own streams.
 */
export function randomOf(seed: number, name: string): Random {
  let state = seed >>> 0;
  for (const letter of name) state = mixed(state ^ (letter.codePointAt(0) ?? 0));
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    return mixed(state) / 2 ** 32;
  };
}

/** Every bit of the outcome depends on every bit of what goes in (the finish of Mulberry32). */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 15), 1 | value);
  bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
  return (bits ^ (bits >>> 14)) >>> 0;
}

/** A whole number, both ends included. */
export function wholeBetween(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

export function oneOf<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** Fisher and Yates: every order is equally likely. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = wholeBetween(random, 0, last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
