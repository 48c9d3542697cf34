import type { Questions } from '../question.ts';

/** γ, β, and the weights before them. */
export const affine: Questions = [
  {
    id: 'why-affine',
    chapters: [2],
    claims: ['C10', 'C55', 'C1'],
    experiments: ['E15', 'E34b', 'E14'],
    kind: 'one',
    text: 'Why, according to its authors, does batch normalization have γ and β?',
    options: [
      {
        text: 'To make up for the rounding errors of the division.',
        why: 'Rounding plays no part in it. And two learned numbers per feature could not undo errors that differ from example to example.',
      },
      {
        text: 'To keep the outputs between −1 and 1.',
        why: 'γ may be large and β far from 0: they set the range free. Nothing holds it to an interval.',
      },
      {
        text: 'Because without them a network with batch normalization cannot be trained.',
        why: 'It can. Here a network of ReLU reached {ablated.relu.plain=82} % without γ and β and {ablated.relu.usual=84} % with them. Weights of the next layer can do their work.',
      },
      {
        text: 'So that the layer can still represent what it could before: with the right γ and β even the identity.',
        right: true,
        why: 'Ioffe and Szegedy’s example is a sigmoid: normalised inputs lie where it is nearly straight. With γ = √(σ² + ε) and β = μ the original values are back, if that is what the loss wants.',
      },
    ],
    note: 'How much is lost without γ and β depends on the network: before ReLU hardly anything, before a sigmoid a few points. Mishkin and colleagues (2016) measured differences of half a point in either direction on ImageNet.',
    see: { text: 'The claim that the original distribution can be had back', href: 'claims.html#C55' },
  },
  {
    id: 'negative-gamma',
    chapters: [2],
    claims: ['C14'],
    experiments: ['E2', 'E14'],
    kind: 'one',
    text: 'In a trained network some γ are negative. What does that mean?',
    options: [
      {
        text: 'Nothing bad. It is a mirror: (−w, −γ) computes exactly what (w, γ) does.',
        right: true,
        why: 'Turning the weights round turns x̂ round, and a negative γ turns it back. Which of the twins SGD arrives at is chance.',
      },
      {
        text: 'The variance has become negative.',
        why: 'σ² is a mean of squares and never negative. γ is no standard deviation: it is a learned factor that may have any sign.',
      },
      {
        text: 'Training is about to diverge.',
        why: 'Networks whose γ all start at −1 learn as well as others: {ablated.relu.negative=82} % here, against {ablated.relu.usual=84} % from +1.',
      },
      {
        text: 'A bug. γ must be clamped at 0.',
        why: 'Clamping would hurt: at γ = 0 the feature is silent, and before ReLU it may never wake again. That is the special point, not what lies beyond.',
      },
    ],
    see: { text: 'The claim that a negative γ is a problem', href: 'claims.html#C14' },
  },
  {
    id: 'bias',
    chapters: [2],
    claims: ['C12'],
    experiments: ['E2'],
    kind: 'one',
    text: 'A linear layer with a bias stands right before batch normalization. What becomes of that bias in training?',
    options: [
      {
        text: 'It speeds up learning: two shifts learn faster than one.',
        why: 'Only β shifts anything. A parameter that changes nothing has no gradient, and what has no gradient does not learn.',
      },
      {
        text: 'It adds to β, so that the shift counts twice.',
        why: 'It would if it came after the mean is subtracted. It comes before, and is subtracted along with it.',
      },
      {
        text: 'Nothing: its gradient is 0, since the mean is subtracted and the bias with it.',
        right: true,
        why: 'The bias moves every value of the batch and so the mean by as much. The difference is what it was, and so is the loss. β does the work of a bias.',
      },
      {
        text: 'It becomes the running mean.',
        why: 'The running mean does take it in, and subtracts it again in inference mode. But the bias itself stays where it started.',
      },
    ],
    note: 'With weight decay the bias shrinks to 0, to no effect. Leaving it out (bias=False) saves one number per feature.',
    see: { text: 'The claim that no bias is needed, with its checks', href: 'claims.html#C12' },
  },
  {
    id: 'scaled-weights',
    chapters: [2],
    claims: ['C8', 'C7', 'C35'],
    experiments: ['E2', 'E6'],
    kind: 'one',
    text: 'All weights right before a batch normalization are multiplied by 10. What happens to the gradient with respect to them?',
    options: [
      {
        text: 'It becomes ten times as large.',
        why: 'That would be so without normalisation, where larger weights make larger signals. Here the signals stay as they are.',
      },
      {
        text: 'It becomes a tenth.',
        right: true,
        why: 'From L(10w) = L(w) follows 10·∇L(10w) = ∇L(w). The output stays the same, so a change has to be ten times as large to have the same effect.',
      },
      {
        text: 'It stays the same, as the output does.',
        why: 'The output stays, and so does the gradient with respect to the layer’s inputs. That with respect to the weights is divided by 10.',
      },
      {
        text: 'It becomes a hundredth.',
        why: 'A hundredth is how far one step now turns the weights: a tenth of the step, seen from ten times as far out. The gradient itself is a tenth.',
      },
    ],
    see: {
      text: 'The claim that the scale of the weights does not matter on the way back',
      href: 'claims.html#C8',
    },
  },
];
