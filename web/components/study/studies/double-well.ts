import { formatNumber } from '../../format-number.ts';
import { allOf, isAbove, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';

const SIZES = [1, 2, 4, 8, 16, 64, 256] as const;
const AT = { one: 0, two: 1, full: SIZES.length - 1 };

const share = (value: number) => `${Math.round(value * 100)} %`;

export const study = defineStudy({
  title: 'Out of the shallow valley',
  claim:
    'Small batches get out of a shallow minimum, the full batch does not: 70 % or more of the runs with B = 2, none with all 256.',
  operation: 'study_double_well',
  seeds: 10,
  knobs: {
    noise: {
      kind: 'number',
      label: 'Noise of one example’s slope, σ',
      default: 4,
      min: 0,
      max: 20,
      step: 0.5,
    },
    lr: { kind: 'number', label: 'Learning rate', default: 0.05, min: 0.001, max: 0.2, step: 0.01 },
    steps: { kind: 'number', label: 'Steps', default: 3000, min: 10, max: 10_000, whole: true, step: 500 },
    start: { kind: 'number', label: 'Starting weight', default: 0.95, min: -1.5, max: 1.5, step: 0.05 },
    runs: {
      kind: 'number',
      label: 'Runs for each seed',
      default: 40,
      min: 5,
      max: 200,
      whole: true,
      step: 5,
    },
  },
  calls: (knobs) => SIZES.map((batch_size) => ({ ...knobs, batch_size })),
  measure: ({ result }, call) => [
    { series: 'escaped', condition: call, value: result.escaped },
    { series: 'crossings', condition: call, value: result.crossings },
  ],
  chart: () => ({
    x: {
      label: 'batch size B',
      names: SIZES.map((size) => (size === 256 ? 'all' : String(size))),
      at: SIZES,
    },
    y: { label: 'Runs that end in the deep valley', min: 0, max: 1, format: share },
    series: [{ key: 'escaped', name: 'escaped', colour: 'accent' }],
  }),
  conclude: (outcome, { runs }) => {
    const [one, two, full] = [AT.one, AT.two, AT.full].map((at) => outcome.interval('escaped', at));
    const best = SIZES.map((_, at) => outcome.interval('escaped', at).mean);
    const most = best.indexOf(Math.max(...best));
    const crossings = formatNumber(Number(outcome.interval('crossings', AT.one).mean.toPrecision(2)));
    const option = best[most] === 0 ? undefined : [AT.one, AT.two, AT.full].indexOf(most) + 1;
    return {
      holds: allOf(isAbove(two!, 0.7), isAbove(full!, 0) === 'no' ? 'yes' : 'no'),
      sentence:
        `In the deep valley at the end: ${spoken(one!, share)} of the runs with B = 1, ${spoken(two!, share)} with B = 2, ` +
        `${spoken(full!, share)} with all examples (means and 95 % intervals of ${outcome.seeds} seeds of ${runs} runs). ` +
        `With B = 1 a run changes sides ${crossings} times on average.`,
      ...(option && { option }),
    };
  },
});
