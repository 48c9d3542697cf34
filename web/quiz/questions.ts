import type { Question } from './question.ts';
import { affine } from './questions/affine.ts';
import { arithmetic } from './questions/arithmetic.ts';
import { batches } from './questions/batches.ts';
import { depth } from './questions/depth.ts';
import { modes } from './questions/modes.ts';
import { numbers } from './questions/numbers.ts';
import { placement } from './questions/placement.ts';
import { size } from './questions/size.ts';
import { why } from './questions/why.ts';

/** All, in the order of the chapters. */
export const QUESTIONS: readonly Question[] = [
  ...arithmetic,
  ...affine,
  ...batches,
  ...modes,
  ...depth,
  ...why,
  ...placement,
  ...size,
  ...numbers,
].toSorted((a, b) => a.chapters[0] - b.chapters[0]);

const byId = new Map(QUESTIONS.map((question) => [question.id, question]));

export function findQuestion(id: string): Question | undefined {
  return byId.get(id);
}
