/**
 * Summaries over runs: how many seeds came out. The one kind of number the page works out by itself, because the runs were
 * made by engines of their own, each of which knows only its run. Everything they summarise the engine computed.
 *
 * A run that diverged is a result, too, the worst there is: its loss counts as infinite, its accuracy as that of chance.
 */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle one; of an even number the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper]! : between(sorted[upper - 1]!, sorted[upper]!);
}

/** Also where both are infinite, whose half sum is not a number when their signs differ. */
function between(low: number, high: number): number {
  return low === high ? low : low / 2 + high / 2;
}

export function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => (value < least ? value : least), Infinity);
}

export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most ? value : most), -Infinity);
}

/** 0.975 quantiles of Student's t by degrees of freedom, 1 to 29. */
const T_975 = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
  2.200985, 2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614,
  2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.05183, 2.048407, 2.04523,
];

/** The same for any number of degrees of freedom: beyond the table by Cornish and Fisher's expansion, good to six decimals. */
function t975(freedom: number): number | undefined {
  if (freedom < 1) return undefined;
  const z = 1.959963984540054;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return T_975[freedom - 1] ?? z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}

export interface Interval {
  mean: number;
  /** Ends of the 95 % interval of the mean (Student's t); undefined of a single value. */
  from: number | undefined;
  to: number | undefined;
}

/** The mean and how sure it is, were the values drawn at random from a normal distribution. */
export function interval(values: readonly number[]): Interval {
  const center = mean(values);
  const t = t975(values.length - 1);
  if (t === undefined || !Number.isFinite(center)) return { mean: center, from: undefined, to: undefined };
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const half = t * Math.sqrt(squares / (values.length - 1) / values.length);
  return { mean: center, from: center - half, to: center + half };
}

/** The same of the geometric mean; where a value is not above 0 there is none, and it is that of the mean. */
export function geometricInterval(values: readonly number[]): Interval {
  if (!values.every((value) => value > 0)) return interval(values);
  const { mean, from, to } = interval(values.map(Math.log));
  return {
    mean: Math.exp(mean),
    from: from === undefined ? undefined : Math.exp(from),
    to: to === undefined ? undefined : Math.exp(to),
  };
}
