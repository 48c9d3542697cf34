import { formatFixed } from '../../format-number.ts';

/** What the studies of training and inference measure are shares of the test examples. */
export const percent = (value: number): string => `${Math.round(value * 100)} %`;

/** A difference of two shares, with its sign. */
export const points = (value: number): string => `${value > 0 ? '+' : ''}${formatFixed(value * 100, 1)}`;

/** Of the ten digits. */
export const CHANCE = { name: 'chance', at: 0.1 };
