/** Ends of axes that hold still while numbers grow, and then move by a round step. */
const STEPS = [1, 1.5, 2, 3, 4, 6, 8, 10];

/** The smallest of 1, 1.5, 2, 3, 4, 6, 8 · 10ⁿ that is not below the value; the value is above 0. */
export function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  // What rounding adds to 0.3 = 3·0.1 must not make it the next step.
  const step = STEPS.find((candidate) => candidate * unit >= value * (1 - 1e-12)) ?? 10;
  return Number((step * unit).toPrecision(2));
}

/** The power of ten at or below the value, which is above 0. */
export function decadeBelow(value: number): number {
  return 10 ** Math.floor(Math.log10(value) + 1e-12);
}

/** The power of ten at or above the value, which is above 0. */
export function decadeAbove(value: number): number {
  return 10 ** Math.ceil(Math.log10(value) - 1e-12);
}
