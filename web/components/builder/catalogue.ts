import { EMBED_FIGURES, type EmbedFigureName } from '../../protocol/embed.ts';

/** What a teacher can choose: a figure, or one claim, study or preset that a figure shows. */
export interface Choice {
  readonly figure: EmbedFigureName;
  readonly title: string;
  /** One line that helps to choose. */
  readonly about: string;
  /** What makes it this one; for a figure itself, what it starts with. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** In a line, for who does not know the figures yet. */
const ABOUT: Readonly<Record<EmbedFigureName, string>> = {
  'worked-example': 'Every step of the arithmetic, forward and backward, with numbers that can be changed.',
  lab: 'Any two small networks on the same data: build them, run them, compare.',
  claim: 'A statement to predict first; then the experiment runs and says what came out.',
  study: 'One question, answered over several seeds, with every seed shown.',
  quiz: 'Questions with an answer to each option, by chapter.',
  'weight-scale': 'A neuron before and after normalising, while its weights are scaled.',
  'same-function': 'The same function, parametrised in two ways, goes two ways under SGD.',
  'identity-again': 'SGD finds the γ and β that undo the normalising.',
  'norm-balance': 'Decay shrinks the weights, the gradient makes them grow: where they meet.',
  'deep-network': 'Layer by layer: values and gradients at any depth, gain and activation.',
  'weight-chain': 'What the gradient promises of one step, and what the step does.',
  'averaged-over': 'Which numbers share a mean, in four kinds of normalization.',
  'running-average': 'How fast running statistics forget where they started.',
};

const FIRST: Readonly<Partial<Record<EmbedFigureName, Readonly<Record<string, string>>>>> = {
  lab: { preset: 'start' },
  claim: { id: 'C1', open: '' },
  study: { name: 'double-well' },
  quiz: { chapter: '1' },
};

export const FIGURE_NAMES = Object.keys(EMBED_FIGURES) as EmbedFigureName[];

export function firstChoice(figure: EmbedFigureName): Choice {
  return {
    figure,
    title: EMBED_FIGURES[figure].title,
    about: ABOUT[figure],
    attributes: FIRST[figure] ?? {},
  };
}

/** All figures, in the order of their table. */
export const FIGURES: readonly Choice[] = FIGURE_NAMES.map(firstChoice);

/** Those in which every word of the search occurs, whatever its case. */
export function found(choices: readonly Choice[], search: string): readonly Choice[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ figure, title, about, attributes }) => {
    const text = [figure, title, about, ...Object.values(attributes)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
