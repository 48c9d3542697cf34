import type { Questions } from '../question.ts';

/** One, some or all. */
export const batches: Questions = [
  {
    id: 'three-ways',
    chapters: [3],
    claims: ['C24'],
    experiments: ['E16'],
    kind: 'one',
    text: 'What tells apart stochastic, mini-batch and full-batch gradient descent, in the strict sense of the words?',
    options: [
      {
        text: 'How long the steps are: the learning rate is small, medium or large.',
        why: 'The learning rate is chosen separately. A larger batch is less noisy and can often stand a larger rate, but does not bring one.',
      },
      {
        text: 'How often all the examples are gone through: once, a few times, or many times.',
        why: 'That is the number of epochs, which all three may have. In one epoch each of them asks every example once; they differ in how many steps they take for it.',
      },
      {
        text: 'Whether the initial weights are random, partly random or fixed.',
        why: '“Stochastic” is about which examples a step asks. All three can start from the same weights, as they do here.',
      },
      {
        text: 'How many examples each step asks for its gradient: one, a few, or all.',
        right: true,
        why: 'The rule of the step is the same. Only the gradient differs: it is the mean of the gradients of one, some or all examples.',
      },
    ],
    see: {
      text: 'One against all, in the Lab',
      href: 'lab.html#lab=1;data=moons;noise=0.15;norm=none;hidden=16,16;batch=1;b=same;b.batch=300;stop_steps=300;speed=100',
    },
  },
  {
    id: 'why-mini-batch',
    chapters: [3],
    claims: ['C25', 'C26', 'C27', 'C28'],
    experiments: ['E16', 'E16b', 'E17', 'E18'],
    kind: 'several',
    text: 'Which reasons for mini-batches hold at least in some of the experiments here?',
    options: [
      {
        text: 'They get more examples through in a second than steps of one example.',
        right: true,
        why: 'A weight fetched from memory serves several examples, and each step’s fixed costs are shared. How much is gained depends on the machine.',
      },
      {
        text: 'With batch normalization their size changes nothing but the speed.',
        why: 'With batch normalization each output depends on the batch-mates. The size is free only within limits: here accuracy fell from {size.batch.32=84} % with batches of 32 to {size.batch.2=21} % with batches of two.',
      },
      {
        text: 'Their gradient is less noisy than that of a single example.',
        right: true,
        why: 'The mean square of the noise falls as 1/B; the slope measured here is {noise.slope=−1.00}. It is algebra, as long as the examples do not depend on each other.',
      },
      {
        text: 'Their gradient points the way more exactly than that of the full batch.',
        why: 'The full batch’s gradient is exact. That of a mini-batch is right on average, and off by some noise each time.',
      },
      {
        text: 'They can leave a bad minimum in which the full batch stays for good.',
        right: true,
        why: 'In one dimension they do: out of the shallow valley came {well.two=91.5} % of the runs with B = 2 and none with the full batch. Whether this is why small batches work in deep networks is disputed.',
      },
    ],
    see: { text: 'The claim about escaping from minima', href: 'claims.html#C27' },
  },
  {
    id: 'same-batches',
    chapters: [3, 7],
    claims: ['C44'],
    experiments: ['E22'],
    kind: 'one',
    text: 'Examples are put into batches once, and the same batches come again in every epoch. Whom does that hurt, with few examples and some wrong labels?',
    options: [
      {
        text: 'Above all the network with batch normalization.',
        right: true,
        why: 'Here new batches were worth {fixed.batch=10.4} points to it, and {fixed.none=0.6} without batch normalization. It can rely on the company each example keeps, and in inference mode that company is gone.',
      },
      {
        text: 'Every network, and all about equally: the order is less random.',
        why: 'The order alone hardly matters: without batch normalization it was {fixed.none=0.6} points. What matters is which examples share a mean and a variance.',
      },
      {
        text: 'Nobody: each example is used once per epoch either way.',
        why: 'So it is without batch normalization, nearly. With it, an example’s output depends on its batch-mates, and they are always the same.',
      },
      {
        text: 'Above all the network without batch normalization, which has no noise to regularise it.',
        why: 'Without batch normalization nothing in the network ever sees which examples share a batch, except through the sum of their gradients.',
      },
    ],
    note: 'With many clean examples the effect is small: Ioffe and Szegedy gained about one point on ImageNet by shuffling more thoroughly.',
    see: {
      text: 'The same batches against new ones, in the Lab',
      href: 'lab.html#lab=1;data=glyphs;count=600;noise=0.2;test=0.6;label_noise=0.2;standardize=on;hidden=32,32,32;batch=16;panels=trace;b=same;b.reshuffle=off',
    },
  },
];
