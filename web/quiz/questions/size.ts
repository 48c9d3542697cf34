import type { Questions } from '../question.ts';

/** When not to. */
export const size: Questions = [
  {
    id: 'one-class',
    chapters: [8],
    claims: ['C67', 'C70', 'C76'],
    experiments: ['E24'],
    kind: 'one',
    text: 'Nobody has shuffled, and each batch of training holds examples of one class only. What happens?',
    options: [
      {
        text: 'With batch normalization the network only guesses; with group normalization it learns.',
        right: true,
        why: '{quiz.class.batch=10} against {quiz.class.group=74} % here, with ten classes. What the class has in common is the mean of its batch, and just that is subtracted.',
      },
      {
        text: 'Both fail: SGD needs mixed batches.',
        why: 'Without any normalisation {quiz.class.none=82} % were right here. SGD gets by; it is the statistics that do not.',
      },
      {
        text: 'Batch normalization helps: each class gets statistics of its own.',
        why: 'In training it does, and that is the trouble. In inference mode one mean and one variance serve all the classes, and the network has never seen them.',
      },
      {
        text: 'Nothing, once the statistics are taken afresh from mixed batches.',
        why: 'That was tried: {quiz.class.recalibrated=10} %. The weights themselves were learned from batches that had lost their class.',
      },
    ],
    see: {
      text: 'One class per batch, in the Lab',
      href: 'lab.html#lab=1;data=glyphs;count=1500;noise=0.2;standardize=on;hidden=64,64,64;lr=0.02;batch_classes=1;panels=trace;b.norm=group;b.groups=8',
    },
  },
  {
    id: 'which-descent',
    chapters: [8, 3],
    claims: ['C83', 'C68', 'C28'],
    experiments: ['E18', 'E18b', 'E21'],
    kind: 'several',
    text: 'With which kinds of gradient descent can a fully connected network with batch normalization be trained?',
    options: [
      {
        text: 'With mini-batches of a few dozen mixed examples.',
        right: true,
        why: 'What it was made for: {size.batch.32=84} % here with batches of 32.',
      },
      {
        text: 'With two examples at a time, as well as with 32.',
        why: 'It runs, but x̂ is +1 or −1 and nothing else: {size.batch.2=21} % here. With group normalization it was about {size.group.least=79} % at every size.',
      },
      {
        text: 'With the full batch.',
        right: true,
        why: 'Its formulas only need two values or more per feature. What is lost is the noise of mini-batches, and the regularisation that comes with it.',
      },
      {
        text: 'With one example at a time.',
        why: 'In a fully connected layer a single example is its own mean: x̂ = 0, and y = β for any input. PyTorch refuses. In a convolution it can work: there all positions of a channel count.',
      },
    ],
    note: 'One example at a time is impossible in fully connected layers and mild in convolutional ones: it depends on how many values a mean is taken over.',
    see: { text: 'The claim that batches of one are impossible', href: 'claims.html#C83' },
  },
];
