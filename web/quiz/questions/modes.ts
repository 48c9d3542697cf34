import type { Questions } from '../question.ts';

/** Training and inference. */
export const modes: Questions = [
  {
    id: 'training-statistics',
    chapters: [4],
    claims: ['C19', 'C64', 'C69'],
    experiments: ['E20', 'E1b'],
    kind: 'one',
    text: 'By which mean and variance does batch normalization normalise in training mode?',
    options: [
      {
        text: 'By the running averages, which are more stable.',
        why: 'Those are updated in training but used in inference mode only. Training never reads them.',
      },
      {
        text: 'By those of the whole training set.',
        why: 'They would change with every step and cost a pass over all the data each time. The batch stands in for them.',
      },
      {
        text: 'By γ² and β, which are learned from all batches.',
        why: 'γ and β are a scale and a shift applied after normalising. They are learned; the mean and the variance are measured.',
      },
      {
        text: 'By those of the current batch.',
        right: true,
        why: 'So an example’s output depends on its batch-mates, and the gradient flows through the mean and the variance as well.',
      },
    ],
    see: { text: 'The claim that training uses running estimates', href: 'claims.html#C19' },
  },
  {
    id: 'keras-momentum',
    chapters: [4],
    claims: ['C20'],
    experiments: ['E19'],
    kind: 'one',
    text: 'A Keras model has batch normalization with a momentum of 0.99. Which momentum makes PyTorch’s running statistics follow at the same pace?',
    options: [
      {
        text: '0.01',
        right: true,
        why: 'Keras names the weight of what is kept, PyTorch that of the new batch. To convert, take 1 minus the number.',
      },
      {
        text: '0.99',
        why: 'In PyTorch this throws away 99 % of the past with every batch: the running statistics are those of the last batch. Nothing fails, only the accuracy in inference mode jumps about.',
      },
      {
        text: '0.9',
        why: 'That is ONNX’s usual value, which like Keras’s means what is kept. In PyTorch it would keep only a tenth.',
      },
      {
        text: '0.1',
        why: 'PyTorch’s own default. It forgets ten times as fast as Keras’s 0.99.',
      },
    ],
    see: {
      text: 'The same batch again and again, with both conventions',
      href: 'training-and-inference.html#average-title',
    },
  },
  {
    id: 'bad-inference',
    chapters: [4],
    claims: ['C22', 'C78', 'C69'],
    experiments: ['E19'],
    kind: 'one',
    text: 'After 30 steps a network does well in training mode and badly in inference mode, on the very same examples. What is most likely?',
    options: [
      {
        text: 'It has learned the examples by heart.',
        why: 'Learning by heart shows as a gap between known and new examples. These are the same examples; only the statistics differ between the modes.',
      },
      {
        text: 'γ has become too small.',
        why: 'γ is the same in both modes, so it cannot make the difference between them.',
      },
      {
        text: 'The running statistics lag behind: their start values still count, and the weights have moved on.',
        right: true,
        why: 'Statistics taken afresh cure it. Here, after 100 steps with inputs far from 0 and a slow average: {lag.hundred.inference=46} % with the running statistics, {lag.hundred.recalibrated=71} % with fresh ones. After 600 steps next to nothing was left of the difference.',
      },
      {
        text: 'The learning rate is too high.',
        why: 'Then training mode would do badly as well. A high rate can make the running statistics lag more, but what is wrong is the statistics.',
      },
    ],
    see: {
      text: 'A slow average beside a fast one, in the Lab',
      href: 'lab.html#lab=1;data=glyphs;count=1500;noise=0.2;scale=10;shift=5;hidden=64,64,64;running=0.01;batch=64;panels=trace,statistics;b=same;b.running=0.1',
    },
  },
];
