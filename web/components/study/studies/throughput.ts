import { formatNumber } from '../../format-number.ts';
import { isAbove, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;
const LAST = SIZES.length - 1;

/** Two digits, as many as the clock is good for: 87 000. */
const round = (value: number) =>
  formatNumber(Number(value.toPrecision(2))).replace(/\B(?=(\d{3})+$)/g, '\u202f');

export const study = defineStudy({
  title: 'Examples per second, on your machine, now',
  claim: 'A processor gets through more examples in a second when they come in large batches.',
  operation: 'study_throughput',
  seeds: 5,
  unit: 'repetition',
  alone: true,
  knobs: {
    hidden: {
      kind: 'number',
      label: 'Units of each of three hidden layers',
      default: 64,
      min: 4,
      max: 256,
      whole: true,
      step: 16,
    },
    examples: {
      kind: 'number',
      label: 'Examples for each measurement',
      default: 8192,
      min: 1024,
      max: 100_000,
      whole: true,
      step: 1024,
    },
  },
  calls: (knobs) => SIZES.map((batch_size) => ({ ...knobs, batch_size })),
  measure: ({ result, milliseconds }, call) => {
    const speed = milliseconds > 0 ? result.examples / (milliseconds / 1000) : NaN;
    return [{ series: 'speed', condition: call, value: speed }];
  },
  chart: () => ({
    x: { label: 'batch size B', names: SIZES.map(String), at: SIZES },
    y: { label: 'Examples per second', log: true, format: round },
    series: [{ key: 'speed', name: 'speed', colour: 'accent' }],
  }),
  conclude: (outcome) => {
    const [one, most] = [outcome.interval('speed', 0), outcome.interval('speed', LAST)];
    return {
      holds: isAbove(most, one.to ?? Infinity),
      sentence:
        `Measured just now, in this browser: ${spoken(one, round)} examples per second one at a time, ${spoken(most, round)} ` +
        `in batches of ${SIZES[LAST]} (means and 95 % intervals of ${outcome.seeds} repetitions), ` +
        `${round(most.mean / one.mean)} times as many. Whatever else the machine is doing is in these numbers too.`,
    };
  },
});
