import type { Questions } from '../question.ts';

/** Deep networks. */
export const depth: Questions = [
  {
    id: 'fifty-layers',
    chapters: [5],
    claims: ['C72', 'C17', 'C9'],
    experiments: ['E8', 'E7b'],
    kind: 'one',
    text: 'Fifty layers of ReLU, each with batch normalization, no skip connections, initial weights. How do the gradients of the weights change on their way from the last layer back to the first?',
    options: [
      {
        text: 'They stay about the same size: that is what the normalisation is for.',
        why: 'It keeps the signals on the way up at one size. On the way back each layer divides by the spread, which ReLU has made smaller.',
      },
      {
        text: 'They vanish, as in any deep network.',
        why: 'They do in a deep network of sigmoids without normalisation. Batch normalization cures that, and with ReLU overshoots a little in every layer.',
      },
      {
        text: 'They grow about {growth.theory=1.21} times per layer: over fifty layers more than ten thousand times.',
        right: true,
        why: 'The factor √(π/(π − 1)) follows from what ReLU does to a normal distribution, and no scale of the weights changes it. {growth.batch=1.21} was measured here.',
      },
      {
        text: 'It depends on the scale of the initial weights.',
        why: 'Without batch normalization, by enormous factors. With it the scale cancels: the growth per layer is always the same.',
      },
    ],
    note: 'A known and mild explosion is better than one that can be anything. But at fifty layers such a network hardly gets beyond guessing here.',
    see: { text: 'The claim that batch normalization makes gradients explode', href: 'claims.html#C72' },
  },
  {
    id: 'where-it-helps',
    chapters: [5],
    claims: ['C36', 'C37', 'C52'],
    experiments: ['E4', 'E4b'],
    kind: 'one',
    text: 'Eight layers of ReLU, standardised inputs, the same number of steps. At which learning rates does batch normalization clearly help?',
    options: [
      {
        text: 'At every one, by about the same.',
        why: 'At 0.1 the network without it was even a little ahead: {sweep.none_low=57} against {sweep.batch_low=53} %. What is there at every rate cannot be the reason for something that is not.',
      },
      {
        text: 'At large ones.',
        right: true,
        why: 'At 1 it was {sweep.batch=80} % with and {sweep.none=14} % without it. The activations cannot grow, so steps stay useful that blow up the other network.',
      },
      {
        text: 'At small ones, where learning is slow otherwise.',
        why: 'At small rates with standardised inputs it gains nothing. Many demonstrations of its speed use raw inputs, and show what standardising them would have done.',
      },
      {
        text: 'At none: it only helps with more than a hundred layers.',
        why: 'Eight layers are enough for a difference between guessing and reading most digits, at a rate of 1.',
      },
    ],
    note: 'This depends on the inputs: on raw pixels batch normalization helps at small rates too.',
    see: { text: 'The claim about much higher learning rates', href: 'claims.html#C36' },
  },
  {
    id: 'initial-weights',
    chapters: [5],
    claims: ['C41', 'C35'],
    experiments: ['E5'],
    kind: 'several',
    text: 'Six layers of ReLU learn for 250 steps. Their initial weights are He’s times a factor. Which of these networks end well above guessing (10 %)?',
    options: [
      {
        text: 'Factor 1, without batch normalization.',
        right: true,
        why: 'He’s weights are made for it: {quiz.gain.none.one=76} %.',
      },
      {
        text: 'Factor 0.1, without batch normalization.',
        why: 'The signal is divided by ten in each layer, and a millionth of it arrives: {quiz.gain.none.tenth=10} %, as by guessing.',
      },
      {
        text: 'Factor 0.1, with batch normalization.',
        right: true,
        why: 'The scale of the weights cancels in every layer, and the first steps soon make such short weights longer: {quiz.gain.batch.tenth=85} %.',
      },
      {
        text: 'Factor 2, without batch normalization.',
        why: 'Signals and gradients double in each layer, and the first steps throw the network off: {quiz.gain.none.two=10} %.',
      },
      {
        text: 'Factor 2, with batch normalization.',
        right: true,
        why: 'It learns, {quiz.gain.batch.two=63} %, but more slowly: longer weights turn less with each step. With factor 100 little is left, {quiz.gain.batch.hundred=24} %.',
      },
    ],
    see: { text: 'The claim that one need not be careful', href: 'claims.html#C41' },
  },
];
