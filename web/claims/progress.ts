/** How far a study has come. */
export interface StudyProgress {
  /** Seeds that have run, and how many there are to be. */
  done: number;
  total: number;
  /** How long those that ran took, together. */
  milliseconds: number;
}

/**
 * How long the rest will take on so many workers. A study of which no seed has run is taken to be like the average of the
 * others; undefined before any has.
 */
export function timeLeft(studies: readonly StudyProgress[], workers: number): number | undefined {
  const known = studies.filter(({ done }) => done > 0);
  if (known.length === 0) return undefined;
  const usual = known.reduce((sum, { done, milliseconds }) => sum + milliseconds / done, 0) / known.length;
  const left = studies.reduce(
    (sum, { done, total, milliseconds }) => sum + (total - done) * (done > 0 ? milliseconds / done : usual),
    0,
  );
  return left / Math.max(1, workers);
}

/** “about 3 minutes”, “about 20 seconds”: no more exact than the estimate is. */
export function durationWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds <= 5) return 'a few seconds';
  if (seconds < 55) return `about ${5 * Math.ceil(seconds / 5)} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes <= 1 ? 'about a minute' : `about ${minutes} minutes`;
}

/** One seed of a study. */
export interface Job {
  /** Which study, counted in their order. */
  study: number;
  seed: number;
}

/**
 * In which order to run seeds: the first of every study first, so that how long the rest will take is soon known; then study
 * by study, so that badges come one after another. Those that have run are left out.
 */
export function jobsOf(
  studies: readonly { seeds: readonly number[]; has(seed: number): boolean }[],
): readonly Job[] {
  const missing = studies.map(({ seeds, has }, study) =>
    seeds.filter((seed) => !has(seed)).map((seed) => ({ study, seed })),
  );
  const fresh = missing.filter((jobs, study) => jobs.length === studies[study]!.seeds.length);
  const firsts = fresh.flatMap((jobs) => jobs.slice(0, 1));
  return [...firsts, ...missing.flat().filter((job) => !firsts.includes(job))];
}
