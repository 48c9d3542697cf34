import fc from 'fast-check';

/**
 * Property tests try the same values in every run, so that a failure is one of the change at hand and can be repeated.
 * `PROPERTY_SEED=random npm test` tries others, `PROPERTY_SEED=<the number a failure printed>` those of that failure.
 */
const seed = process.env['PROPERTY_SEED'] ?? '1';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
