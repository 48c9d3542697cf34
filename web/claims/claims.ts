import type { Claim, Topic } from './claim.ts';
import { affine } from './topics/affine.ts';
import { arithmetic } from './topics/arithmetic.ts';
import { batches } from './topics/batches.ts';
import { depth } from './topics/depth.ts';
import { modes } from './topics/modes.ts';
import { noise } from './topics/noise.ts';
import { placement } from './topics/placement.ts';
import { scale } from './topics/scale.ts';
import { size } from './topics/size.ts';
import { speed } from './topics/speed.ts';
import { why } from './topics/why.ts';

/** All claims by topic, in the order of the board. */
export const BY_TOPIC: Readonly<Record<Topic, readonly Claim[]>> = {
  arithmetic,
  affine,
  scale,
  depth,
  speed,
  batches,
  modes,
  size,
  noise,
  placement,
  why,
};

/** All claims, C1 to C85. */
export const CLAIMS: readonly Claim[] = Object.values(BY_TOPIC)
  .flat()
  .toSorted((a, b) => numberOf(a) - numberOf(b));

const TOPIC_OF: ReadonlyMap<string, Topic> = new Map(
  Object.entries(BY_TOPIC).flatMap(([topic, claims]) => claims.map(({ id }) => [id, topic as Topic])),
);

export function topicOf({ id }: Claim): Topic {
  return TOPIC_OF.get(id)!;
}

export function findClaim(id: string): Claim | undefined {
  return CLAIMS.find((claim) => claim.id === id);
}

/** 7 of C7. */
export function numberOf({ id }: Pick<Claim, 'id'>): number {
  return Number(id.slice(1));
}
