import type { TopicClaims } from '../claim.ts';

/** Training and inference. */
export const modes: TopicClaims = [
  {
    id: 'C19',
    statement: 'In most implementations mean and variance are running estimates, in training as well.',
    saidBy: ['questions'],
    literature: 'false',
    reason:
      'In training mode every common library normalises by the batch at hand; the running estimates are for inference.',
    cites: ['ioffe2015'],
    chapters: [4],
  },
  {
    id: 'C20',
    statement: 'A momentum sets how fast the running statistics follow.',
    saidBy: ['questions'],
    literature: 'true',
    reason:
      'Libraries disagree on what the number means: in PyTorch it is the weight of the new batch (0.1), in Keras and ONNX that of what is kept (0.99, 0.9).',
    chapters: [4],
  },
  {
    id: 'C22',
    statement:
      'The moving averages are collected while training, so inference needs no second pass over the training set.',
    saidBy: ['questions'],
    literature: 'conditional',
    reason:
      'It can do without one. While the averages still lag behind the weights, a second pass with fixed weights (PreciseBN) is better.',
    cites: ['ioffe2015', 'wujohnson2021'],
    chapters: [4],
  },
  {
    id: 'C64',
    statement:
      'In training batch normalization uses the batch’s mean and variance; in inference it uses the moving averages of them.',
    saidBy: ['tutorial'],
    literature: 'true',
    reason: 'These are its definitions.',
    cites: ['ioffe2015'],
    chapters: [4],
  },
  {
    id: 'C69',
    statement: 'A network with batch normalization behaves differently in training and in inference.',
    saidBy: ['tutorial'],
    literature: 'true',
    reason:
      'They are two functions with the same weights; how far apart they are depends on the batch and on the running statistics.',
    cites: ['ioffe2017', 'wujohnson2021'],
    chapters: [4],
  },
  {
    id: 'C78',
    statement:
      'Statistics averaged over many batches with fixed weights (PreciseBN) give better predictions than moving averages.',
    saidBy: ['wujohnson2021'],
    literature: 'conditional',
    reason: 'While the moving averages lag. Once the weights hardly change, both are the same.',
    cites: ['wujohnson2021'],
    chapters: [4],
  },
  {
    id: 'C79',
    statement: 'Batch statistics can give away what the label is, and the network learns to use that.',
    saidBy: ['wujohnson2021'],
    literature: 'true',
    reason: 'Where batches are put together by a rule that has to do with the labels.',
    cites: ['wujohnson2021'],
    chapters: [4],
  },
  {
    id: 'C80',
    statement: 'When the inputs shift, measuring the statistics anew on the new inputs repairs the network.',
    saidBy: ['wujohnson2021'],
    literature: 'true',
    reason:
      'Where each input is moved and stretched by the same amounts; other changes it can soften at most.',
    cites: ['wujohnson2021'],
    chapters: [4],
  },
  {
    id: 'C81',
    statement: 'When fine-tuning with tiny batches, keep the statistics frozen.',
    saidBy: ['wujohnson2021'],
    literature: 'true',
    reason: 'The statistics of two examples say little; those of the training before are much better.',
    cites: ['wujohnson2021'],
    chapters: [4, 8],
  },
];
