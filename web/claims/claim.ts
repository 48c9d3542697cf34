import type { PaperKey } from './papers.ts';

/** Kinds of text that claims are found in, where it is no paper. */
export const TEXTS = {
  questions: 'question-and-answer site',
  blog: 'blog article',
  tutorial: 'tutorial',
  misconception: 'common misconception',
} as const;

export type Teller = keyof typeof TEXTS | PaperKey;

/** What the literature, and where there is one the algebra, says of a claim. */
export const LITERATURE = {
  true: 'true',
  conditional: 'true with conditions',
  false: 'false',
  contested: 'contested',
} as const;

export type Literature = keyof typeof LITERATURE;

/** In the order of the board. */
export const TOPICS = {
  arithmetic: 'What batch normalization computes',
  affine: 'γ and β',
  scale: 'Scale, bias and weight decay',
  depth: 'Depth, activations and gradients',
  speed: 'Learning rate, initial weights and speed',
  batches: 'Mini-batches and SGD',
  modes: 'Training and inference',
  size: 'Batch size and the alternatives',
  noise: 'Noise and regularisation',
  placement: 'Where to put it, and what to keep',
  why: 'Why does it work?',
} as const;

export type Topic = keyof typeof TOPICS;

/** Something people say about batch normalization: the words of it. What decides it stands in evidence.ts. */
export interface Claim {
  id: `C${number}`;
  /** As a student would say it, whether or not it is true. */
  statement: string;
  saidBy: readonly Teller[];
  literature: Literature;
  /** Why the literature's verdict is what it is, in a sentence or two. */
  reason: string;
  /** The papers the reason goes by; without any it is algebra or a definition. */
  cites?: readonly PaperKey[];
  /** The chapters that tell more, the closest first. */
  chapters: readonly number[];
}

/** Of a topic's file. */
export type TopicClaims = readonly Claim[];
