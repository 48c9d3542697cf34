/**
 * What can be put into other people's pages, and how it is asked for. One table serves the custom elements
 * (`<bn-study name="double-well">`) and the links of embed.html (`#figure=study&name=double-well`): a link's pairs are the
 * element's attributes. Names and meanings here are promises: links and snippets in course pages outlive many versions of this code,
 * so entries are added and never changed or taken away (tests/web/embed-golden.test.ts holds old ones).
 */
export const EMBED_VERSION = 1;

export interface EmbedFigure {
  /** Its element. */
  readonly tag: `bn-${string}`;
  /** For a list, and for the title of a frame. */
  readonly title: string;
  /**
   * Attributes a page may write on it, besides those of EVERY_FIGURE; what each may be is the element's own business. Not those by which
   * the site keeps something: `hash` puts a figure's state into the address, which elsewhere is the page's, and `keep` and `stage` of a
   * quiz are for the two halves of a chapter, between which the browser keeps the answers.
   */
  readonly attributes: readonly string[];
  /** The key under which the figure keeps its state in the address of embed.html, where it does. */
  readonly state?: string;
  /** How high it usually is in a column 720 px wide: the height of a frame that cannot report its own. */
  readonly height: number;
  /** The page of the site it belongs to, with the text around it. */
  readonly page: string;
}

export { EVERY_FIGURE } from './every-figure.ts';

export const EMBED_FIGURES = {
  'worked-example': {
    tag: 'bn-worked-example',
    title: 'A batch through batch normalization',
    attributes: ['x', 'gamma', 'beta', 'eps', 'dy', 'target'],
    state: 'we',
    height: 1440,
    page: 'a-batch-normalised.html',
  },
  lab: {
    tag: 'bn-lab',
    title: 'Two networks that train side by side',
    attributes: ['preset', 'experiment', 'panels', 'heading'],
    state: 'lab',
    height: 1000,
    page: 'lab.html',
  },
  claim: {
    tag: 'bn-claim',
    title: 'A claim about batch normalization, and the experiment that decides it',
    attributes: ['id', 'open'],
    state: 'claim',
    height: 560,
    page: 'claims.html',
  },
  study: {
    tag: 'bn-study',
    title: 'An experiment over several seeds',
    attributes: ['name', 'knobs', 'points', 'seeds', 'checks', 'metrics'],
    height: 900,
    page: 'embed.html',
  },
  quiz: {
    tag: 'bn-quiz',
    title: 'Questions about batch normalization and mini-batch SGD',
    attributes: ['chapter', 'questions', 'count', 'seed', 'shuffle', 'scores', 'scores-to'],
    state: 'quiz',
    height: 560,
    page: 'quiz.html',
  },
  'weight-scale': {
    tag: 'bn-weight-scale',
    title: 'Weights multiplied, and what a normalised neuron makes of it',
    attributes: ['set'],
    height: 1200,
    page: 'gamma-and-beta.html',
  },
  'same-function': {
    tag: 'bn-same-function',
    title: 'One function, written with and without normalising: where SGD takes each',
    attributes: ['set'],
    height: 520,
    page: 'gamma-and-beta.html',
  },
  'identity-again': {
    tag: 'bn-identity-again',
    title: 'γ and β on their way back to the identity',
    attributes: ['set'],
    height: 440,
    page: 'gamma-and-beta.html',
  },
  'norm-balance': {
    tag: 'bn-norm-balance',
    title: 'Weight decay and the length of normalised weights',
    attributes: ['set'],
    height: 440,
    page: 'using-it-well.html',
  },
  'deep-network': {
    tag: 'bn-deep-network',
    title: 'Signals and gradients through a deep network, with and without batch normalization',
    attributes: ['depth', 'activation', 'gain', 'steps', 'lr', 'view'],
    height: 760,
    page: 'deep-networks.html',
  },
  'weight-chain': {
    tag: 'bn-weight-chain',
    title: 'One step of gradient descent on a chain of weights',
    attributes: ['length', 'lr'],
    height: 620,
    page: 'why-does-it-work.html',
  },
  'averaged-over': {
    tag: 'bn-averaged-over',
    title: 'Averaged over what? Batch, layer, group and instance normalization',
    attributes: [],
    height: 800,
    page: 'when-not-to.html',
  },
  'running-average': {
    tag: 'bn-running-average',
    title: 'A running average on its way to what the batches say',
    attributes: [],
    height: 440,
    page: 'training-and-inference.html',
  },
} as const satisfies Readonly<Record<string, EmbedFigure>>;

export type EmbedFigureName = keyof typeof EMBED_FIGURES;
