import type { Questions } from '../question.ts';

/** Why does it work? */
export const why: Questions = [
  {
    id: 'gradient-shift',
    chapters: [6],
    claims: ['C47', 'C56', 'C57'],
    experiments: ['E11', 'E11c'],
    kind: 'one',
    text: 'Internal covariate shift can be measured by gradients: how much a layer’s gradient changes when only the layers before it make their step. Does batch normalization always lessen it?',
    options: [
      {
        text: 'Yes, by definition: that is what it was made for.',
        why: 'By definition it fixes mean and variance of what a layer receives. That gradients stay put as well is a guess, and often wrong.',
      },
      {
        text: 'It cannot be measured, so nobody knows.',
        why: 'Santurkar and colleagues (2018) proposed this very measure: take the gradient, let the layers before make their step, and take it again.',
      },
      {
        text: 'No. In a deep linear network it is many times as large with batch normalization, and the loss falls faster all the same.',
        right: true,
        why: 'Here the shift was {shift.batch=1.0} with and {shift.none=0.06} without, and the loss ended at {shift.loss_batch=0.16} against {shift.loss_none=0.26}. So less of this shift cannot be why it learned.',
      },
      {
        text: 'Yes in linear networks, no with nonlinearities.',
        why: 'The linear network is the clearest counterexample. With ReLU the answer depends on the learning rate and on when one looks.',
      },
    ],
    note: 'The evidence is mixed. With ReLU and a small learning rate, batch normalization has more of this shift early in training and less of it late; and Awais, Bin Iqbal and Bae (2020) find that steady distributions matter after all.',
    see: { text: 'The claim that it often increases the shift', href: 'claims.html#C56' },
  },
  {
    id: 'noisy-inputs',
    chapters: [6],
    claims: ['C58', 'C48', 'C59'],
    experiments: ['E10'],
    kind: 'one',
    text: 'Noise behind each batch normalization shifts and stretches the values at random in every step. At a large learning rate, how does this network compare with one without noise and without batch normalization?',
    options: [
      {
        text: 'About the same: the noise undoes what the normalisation did.',
        why: 'It undoes the steadiness. What is left, that the scale of the weights does not matter, is enough to stand the large rate.',
      },
      {
        text: 'It learns far better, although its layers’ inputs shift more.',
        right: true,
        why: 'At a rate of 1 it was {quiz.noisy.high.batch=72} against {quiz.noisy.high.none=17} %. So steady inputs are not all there is to it.',
      },
      {
        text: 'It does worse, since its inputs are less steady.',
        why: 'At small learning rates so it is: {quiz.noisy.low.batch=53} against {quiz.noisy.low.none=59} % at a rate of 0.1. At large ones the order is reversed.',
      },
      {
        text: 'Better than with batch normalization alone: noise regularises.',
        why: 'The noise costs something at every rate tried: at 1, batch normalization alone reached {quiz.noisy.high.quiet=84} %.',
      },
    ],
    note: 'It depends on the learning rate, and the same noise costs something everywhere. So steadiness is worth something, if not everything.',
    see: { text: 'The claim about noisy batch normalization', href: 'claims.html#C58' },
  },
  {
    id: 'other-norms',
    chapters: [6],
    claims: ['C61', 'C52'],
    experiments: ['E13'],
    kind: 'one',
    text: 'Instead of the standard deviation, a layer divides by the mean distance from the mean (ℓ1), or by the largest distance (ℓ∞). How do such networks learn, at a learning rate of 0.5?',
    options: [
      {
        text: 'ℓ1 fails, because the variance is no longer 1.',
        why: 'It reached {quiz.norms.one=83} %. Unit variance is not the point.',
      },
      {
        text: 'ℓ∞ fails, because a single value decides for the whole batch.',
        why: 'It reached {quiz.norms.most=84} %. The largest value of a batch is noisy, but not noisier than the network can stand.',
      },
      {
        text: 'Both do much better: they are less sensitive to outliers.',
        why: 'ℓ∞ is more sensitive to them than anything else, and does as well as the others. No advantage of one measure is seen here.',
      },
      {
        text: 'About as well as with batch normalization.',
        right: true,
        why: 'ℓ1: {quiz.norms.one=83} %, ℓ∞: {quiz.norms.most=84} %, batch normalization: {quiz.norms.batch=84} %. A common measure of scale is what they share.',
      },
    ],
    see: { text: 'The claim that other norms do as well', href: 'claims.html#C61' },
  },
];
