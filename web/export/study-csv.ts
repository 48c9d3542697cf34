import {
  pointsOf,
  type StudyDefinition,
  type StudyRecord,
  type StudySetting,
  valueOf,
} from '../protocol/studies.ts';

/**
 * All that the seeds of a study measured, one value in a row: each metric of each arm at each point, then the quantity of each
 * check, under "check" instead of an arm. What was not measured is left empty.
 */
export function studyCsv({
  study,
  setting,
  records,
}: {
  study: StudyDefinition;
  setting: StudySetting;
  records: readonly StudyRecord[];
}): string {
  const points = pointsOf(study, setting);
  const rows = records.flatMap((record) => [
    ...study.metrics.flatMap(({ name }, metric) =>
      study.arms.flatMap((arm, at) =>
        points.map((point, place) => [
          record.seed,
          study.axis ? point : '',
          arm.name,
          name,
          number(valueOf(study, setting, record, [metric, at, place])),
        ]),
      ),
    ),
    ...study.checks.map(({ name }, check) => [
      record.seed,
      '',
      'check',
      name,
      number(record.numbers[check]!),
    ]),
  ]);
  // Names are of letters, digits and hyphens, so that nothing needs quotes.
  const head = ['seed', study.axis?.name ?? 'point', 'arm', 'measured', study.id];
  return [head, ...rows].map((row) => `${row.join()}\r\n`).join('');
}

function number(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
