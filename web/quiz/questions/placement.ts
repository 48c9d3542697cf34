import type { Questions } from '../question.ts';

/** Using it well. */
export const placement: Questions = [
  {
    id: 'where-in-network',
    chapters: [7],
    claims: ['C29', 'C32'],
    experiments: ['E7', 'E31'],
    kind: 'several',
    text: 'Where in a network can batch normalization stand?',
    options: [
      {
        text: 'Right at the input.',
        right: true,
        why: 'It standardises the inputs by their batch. Doing that once for the whole data set is cheaper and less noisy; but where inputs are badly scaled it helps: {stretched.input=100} % here, against {stretched.none=54} % without.',
      },
      {
        text: 'Only in convolutional networks.',
        why: 'Fully connected layers have features as convolutions have channels. Nearly all the experiments here are fully connected.',
      },
      {
        text: 'Between a linear or convolutional layer and its nonlinearity, in any layer.',
        right: true,
        why: 'The place its authors chose, and still the usual one.',
      },
      {
        text: 'Only once: after that, all later layers get normalised inputs anyway.',
        why: 'The very next weights rescale what they get. A deep network of sigmoids that is normalised in its first layer only does not get going here.',
      },
      {
        text: 'Behind the nonlinearity of any layer.',
        right: true,
        why: 'It is done, too. Which of the two is better depends on the network.',
      },
    ],
    note: 'The outputs that the loss reads are seldom normalised: their scale says how sure the network is.',
    see: { text: 'The claim that it can be applied at many layers', href: 'claims.html#C29' },
  },
  {
    id: 'around-nonlinearity',
    chapters: [7],
    claims: ['C32', 'C33'],
    experiments: ['E14'],
    kind: 'several',
    text: 'Where is batch normalization put relative to the nonlinearity of its layer?',
    options: [
      {
        text: 'Immediately before it.',
        right: true,
        why: 'Ioffe and Szegedy chose this: sums of many inputs, they argue, are more nearly bell-shaped and steadier than what a nonlinearity has bent.',
      },
      {
        text: 'It must not stand next to a nonlinearity at all.',
        why: 'It nearly always does, on one side or the other. Nothing in its formulas forbids it.',
      },
      {
        text: 'Immediately after it.',
        right: true,
        why: 'Many do so. With sigmoids it was ahead here, {ablated.sigmoid.after=79} against {ablated.sigmoid.usual=75} %; with ReLU it was not, {ablated.relu.after=82} against {ablated.relu.usual=84} %.',
      },
      {
        text: 'In its place: normalising is nonlinear enough.',
        why: 'In inference mode it is a straight line, y = γ(x − M)/√(V + ε) + β. A network of nothing but straight lines is one straight line.',
      },
    ],
    note: 'Which is better is contested. Mishkin and colleagues (2016) found “after” ahead in one network on ImageNet and “before” ahead in another.',
    see: { text: 'The claim that “after” works better', href: 'claims.html#C33' },
  },
  {
    id: 'good-practice',
    chapters: [7, 5],
    claims: ['C36', 'C42', 'C43', 'C44'],
    experiments: ['E4', 'E22', 'E23b', 'E29'],
    kind: 'several',
    text: 'Ioffe and Szegedy list what to change in a network once it has batch normalization. Which of these do they recommend?',
    options: [
      {
        text: 'Raise the learning rate.',
        right: true,
        why: 'Recommended, and the most solid of all: at a rate of 1 it was {sweep.batch=80} against {sweep.none=14} % here.',
      },
      {
        text: 'Make the batches as small as possible.',
        why: 'No. Smaller batches make worse statistics: in fully connected layers very small ones spoil everything.',
      },
      {
        text: 'Reduce dropout and other regularisation.',
        right: true,
        why: 'Recommended; here it depends. With many examples dropout only hurt, with few and noisy ones a little of it helped even beside batch normalization.',
      },
      {
        text: 'Shuffle the examples more thoroughly.',
        right: true,
        why: 'Recommended, and robust here: with few examples new batches in every epoch were worth {fixed.batch=10.4} points.',
      },
      {
        text: 'Let the learning rate fall faster.',
        right: true,
        why: 'Recommended, since training is faster. Here a network with batch normalization and the high rate it can stand bore a fast fall better than one without, {fall.fast.high=77} against {fall.fast.none=49} %. But it did best with a slow one, {fall.slow.high=90} %, and at equal rates the advantage all but disappears.',
      },
    ],
    note: 'The first and the last hold up in every setting tried here. The two in the middle depend on the setting.',
    see: { text: 'The claim about dropout and regularisation', href: 'claims.html#C42' },
  },
  {
    id: 'weight-decay',
    chapters: [7],
    claims: ['C74'],
    experiments: ['E27', 'E6'],
    kind: 'one',
    text: 'The weights before a batch normalization get weight decay. What does it mainly change?',
    options: [
      {
        text: 'The capacity of the network: smaller weights make smoother functions.',
        why: 'So it is without normalisation. Here weights half as long compute the same function.',
      },
      {
        text: 'The effective learning rate: shorter weights turn further with each step.',
        right: true,
        why: 'The length of these weights changes nothing in the output. But a step turns them by an angle that goes with 1/‖w‖², and decay holds the length down: {lengths.decay=3.0} here after 1000 steps, and a turn of {turns.decay=0.079} per step against {turns.none=0.005} without.',
      },
      {
        text: 'γ, which has to grow by as much as the weights shrink.',
        why: 'Nothing has to make up for it: the normalisation divides the length out at once. γ has no part in that.',
      },
      {
        text: 'Nothing at all, since the scale of these weights does not matter.',
        why: 'It does not matter to the output. It matters to learning: it sets how far a step turns the weights.',
      },
    ],
    see: { text: 'The claim about weight decay', href: 'claims.html#C74' },
  },
  {
    id: 'dropout-before',
    chapters: [7],
    claims: ['C75', 'C42'],
    experiments: ['E23', 'E23b'],
    kind: 'one',
    text: 'Dropout stands somewhere before a batch normalization. In inference mode, how does the variance of what arrives there compare with the running variance?',
    options: [
      {
        text: 'It is the same: dropout divides by 1 − p to make up for it.',
        why: 'That keeps the mean. The variance is another matter: a value that is 0 or twice itself varies more than one that is simply there.',
      },
      {
        text: 'It is larger: all units speak at once.',
        why: 'More units speak, but none is enlarged any more to make up for the silent ones. The mean comes out the same, and the variation due to dropping is gone.',
      },
      {
        text: 'It is smaller.',
        right: true,
        why: 'In training, dropping and rescaling adds variance, and that is what the running variance has seen. Switched off, it is missing: with half of the units dropped, layers 2 to 4 got {shifted.0=0.48}, {shifted.1=0.29} and {shifted.2=0.20} times the variance expected.',
      },
    ],
    note: 'The shift in variance is robust. What it costs in accuracy depends: with many examples heavy dropout cost twenty points here, and only a point or two came back with fresh statistics.',
    see: { text: 'The claim about dropout before batch normalization', href: 'claims.html#C75' },
  },
];
