import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson3: Lesson = {
  chapter: 3,
  about: t`Mini-batch SGD before batch normalization enters: what a batch buys, what its noise does, and why the company an example keeps begins to matter once there is
    a mean over the batch.`,
  objectives: [
    {
      level: 'remember',
      text: t`Define epoch, step, batch size and full batch, and count steps and gradients for given numbers.`,
    },
    {
      level: 'apply',
      text: t`Use the $1/B$ law to say how the noise of a gradient changes with the batch size, for its mean square and for the error itself.`,
    },
    {
      level: 'understand',
      text: t`Explain why the law does not hold for a network with batch normalization in training mode.`,
    },
    {
      level: 'analyse',
      text: t`Separate in the double well what noise does for escaping and what it does for staying.`,
    },
    {
      level: 'evaluate',
      text: t`Weigh evidence for and against “noise leads to better minima”, and say what the one-dimensional picture does not show.`,
    },
  ],
  prerequisites: [
    t`Derivative and gradient as “which way is down”.`,
    t`Mean and variance of independent random numbers; that variances add.`,
    t`For the part on batch normalization: [chapter 1](1).`,
  ],
  minutes: { reading: 30, figures: 30, discussion: 20 },
  activities: [
    {
      title: t`A batch is a poll`,
      minutes: 12,
      form: 'pairs',
      figures: [{ label: t`Noise of the gradient against batch size`, target: '3#noise' }],
      predict: t`Batches become four times as large. What becomes of the mean square of the gradient’s noise, and of the error itself? Then: sketch the line for a network *with*
        batch normalization.`,
      sketch: true,
      run: t`Run it with three seeds. Read the slope of the solid line, and where the dashed line leaves it.`,
      explain: t`The law needs one assumption about $g_B$. Which, and why does batch normalization break it?`,
      answer: t`A quarter of the mean square is left, half of the error: slope {3:noise.slope|−1.00} on logarithmic axes. The assumption is that $g_B$ is a mean of the examples’ *own*
        gradients. With batch normalization an example has no gradient of its own, since its output depends on its mates; in very small batches values that happen to lie close together
        are stretched to the usual spread, and their gradients with them.

        The size is worth a remark: a single example’s noise has about {3:noise.ratio|111} times the square of the gradient. A step on one example’s word is mostly a step sideways.`,
    },
    {
      title: t`The same number of steps`,
      minutes: 10,
      form: 'class',
      figures: [
        { label: t`8 against 300, same steps`, target: '3#figure' },
        {
          label: t`1 against 300, in the Lab`,
          target:
            'lab:data=moons;noise=0.15;norm=none;hidden=16,16;batch=1;b=same;b.batch=300;stop_steps=300;speed=100',
        },
      ],
      predict: t`Two equal networks take 300 steps each, A with 8 examples a step, B with all 300. Where is B’s loss at the end: far below A’s, a little below, or above?`,
      run: t`Run, and then count: how many examples has each of them asked?`,
      explain: t`If you pay by the example and not by the step, which would you choose?`,
      answer: t`The losses stay close; B gets slightly further. It has asked 90 000 examples, A 2400. With equal work A would take all its steps while B takes eight. With one example a
        step and the same learning rate the noise does drive the steps off: the loss falls and jumps back.`,
    },
    {
      title: t`Out of the valley`,
      minutes: 15,
      form: 'groups',
      figures: [
        { label: t`The double well`, target: '3#valley' },
        { label: t`With half the noise`, target: 'study:double-well?noise=2' },
      ],
      predict: t`One weight sits in the shallow valley. With which batch size, 1, 2 or 256, do most runs end in the deep one?`,
      run: t`Run, and write down the shares for 1, 2, 4, 8 and 256. Then halve the noise and predict again before you run.`,
      explain: t`Why is *more* noise not always better? Which second number in the results proves it?`,
      answer: t`{3:well.one|80.5} % with one, {3:well.two|91.5} % with two, {3:well.four|11.5} % with four, {3:well.eight|0} % from eight on. With one example a run changes sides
        {3:well.crossings|8} times as often: noise carries it over the hill, and carries it back. With half the noise, one example’s noise is what four examples’ was before, since the
        standard deviation falls as $1/\sqrt B$: $4/\sqrt 4 = 2$. So about one run in ten gets out with one example, and none with more.`,
    },
    {
      title: t`The same mates every epoch`,
      minutes: 10,
      form: 'pairs',
      figures: [
        { label: t`New batches or the same`, target: '3#shuffling' },
        {
          label: t`The same, watched in the Lab`,
          target:
            'lab:data=glyphs;count=600;noise=0.2;test=0.6;label_noise=0.2;standardize=on;hidden=32,32,32;batch=16;panels=trace;b=same;b.reshuffle=off',
        },
      ],
      predict: t`One network gets new batches every epoch, its twin always the same ones. Which suffers: the one with batch normalization, the one without, both, neither?`,
      run: t`Run with three seeds and read the two differences.`,
      explain: t`What can a network with batch normalization learn by heart that one without does not even see?`,
      answer: t`New batches are worth {3:fixed.batch|10.4} points with batch normalization and {3:fixed.none|0.6} without. If an example always meets the same company, the network comes
        to rely on it, and in inference mode the company is gone. Say also why the effect is so large here: little data, and a fifth of the labels wrong.`,
    },
  ],
  discussion: [
    {
      ask: t`To halve the error of the gradient, how many more examples must be asked? What does this say about very large batches?`,
      answer: t`Four times as many. The returns diminish: ten times less error costs a hundred times the work. As long as the way down is clear to a few examples, many hasty steps
        beat a few well-considered ones.`,
    },
    {
      ask: t`The double well shows that noise can free a weight. Why may one not conclude that this is why small batches do well in deep networks?`,
      answer: t`One weight is not a million: to be caught, a network must be walled in on all sides at once. And the evidence is mixed: sharp minima (Keskar and colleagues 2017), but
        sharpness can be changed without changing the function (Dinh and colleagues 2017), and training with the full batch can do as well (Geiping and colleagues 2022).
        [C27](C27)`,
    },
    {
      ask: t`“Mini-batches are faster.” Find two meanings of “faster” for which it is true and one for which it is false.`,
      answer: t`True per example on a machine that does many of the same thing at once, and true until a given loss in most cases against the full batch. False per step: a step with more
        examples takes longer. [C25](C25)`,
    },
    {
      ask: t`A colleague sorted the training files by class “to keep things tidy”, and the data loader does not shuffle. What happens, with and without batch normalization?`,
      answer: t`Bad for both, since each step pulls towards one class. With batch normalization much worse: it subtracts what the batch has in common, and that is the class. Chapter 8
        measures it. [C67](C67)`,
    },
  ],
  misconceptions: [
    {
      said: t`“Twice the batch, half the noise.”`,
      reply: t`Half the mean square. The error itself shrinks by the root of 2.`,
      claim: 'C26',
    },
    {
      said: t`“The full batch finds the best minimum, since it knows the exact gradient.”`,
      reply: t`It knows the way down from where it stands. Put it into the shallow valley.`,
      claim: 'C27',
    },
    {
      said: t`“The batch size is only a matter of speed and memory.”`,
      reply: t`Without batch normalization, nearly. With it, the batch is part of the function.`,
      claim: 'C28',
    },
    {
      said: t`“Shuffling is a detail.”`,
      reply: t`Let them run the experiment with the same batches every epoch.`,
      claim: 'C44',
    },
  ],
  exercises: [
    {
      title: t`Counting`,
      kind: 'exam',
      minutes: 5,
      task: t`1000 examples, batches of 32. How many steps has an epoch if the last, smaller batch is kept, and if it is dropped? How many examples does the last batch have? How many
        gradients are computed in an epoch in the three cases $B = 1$, $B = 32$ (kept), $B = 1000$?`,
      solution: t`{count.kept|32} steps if kept, {count.dropped|31} if dropped; the last batch has {count.rest|8} examples. 1000 gradients in each case: the work is the same, what differs is
        how many steps it buys.`,
      lines: 4,
    },
    {
      title: t`The poll`,
      kind: 'exam',
      minutes: 8,
      task: t`The mean square of the noise of one example’s gradient is 204. Compute it for batches of 16 and of 64, drawn independently. By what factor is the error itself smaller
        with 64 than with 16? What is it with 16 of 240 examples if nobody may be asked twice?`,
      solution: t`$204/16 = \is{poll.sixteen}{12.75}$ and $204/64 = \is{poll.sixtyfour}{3.19}$. The error is half as large. Without replacement the factor $(240 - 16)/(240 - 1) = \is{poll.factor}{0.937}$
        comes on top: {poll.without|11.95}.`,
      lines: 5,
    },
    {
      title: t`The hill`,
      kind: 'homework',
      minutes: 20,
      task: t`$f(w) = (w^2 - 1)^2 + 0.3\,w$. Where is its slope steepest between the valleys, and how steep is it there? An example’s own slope is off by noise with standard
        deviation 4. How large must a batch be for the noise to be no larger than that slope? Compare with [the experiment](study:double-well).`,
      solution: t`$f'(w) = 4w(w^2 - 1) + 0.3$ is extreme where $12w^2 = 4$, at $w = \pm 1/\sqrt 3$: {hill.low|−1.24} at $+1/\sqrt 3$, the side to be climbed, and {hill.high|1.84} at
        $-1/\sqrt 3$. $4/\sqrt B \le 1.24$ needs $B \ge \is{hill.batch}{11}$. In the experiment the runs already stay put from $B = 8$ on: to get over, noise must win many times in a row.`,
      lines: 8,
    },
    {
      title: t`Why the poll is not a poll`,
      kind: 'exam',
      minutes: 8,
      task: t`Explain in at most four sentences why the mean of the examples’ gradients is an unbiased estimate of the full gradient without batch normalization, and why this sentence does
        not even make sense with it.`,
      solution: t`The derivative of a mean is the mean of the derivatives, and a random example’s gradient is on average the mean over all. With batch normalization in training mode the
        loss of an example depends on its batch through $\mu$ and $\sigma$. So there is no loss “of example $i$” to take a gradient of, only one of a batch. Another batch size is
        another function.`,
      lines: 7,
    },
  ],
  short: t`Show the double well in [the chapter](3#valley) and let the class vote on $B = 1$, $B = 2$ and all. Run [the experiment](study:double-well) while they argue. Close with the two
    lessons: between “almost always” and “never” lies a factor of four, and the best noise is not the most noise.`,
  session: [
    { minutes: 10, what: t`“Counting” on paper; agree on the words epoch, step, batch.` },
    { minutes: 15, what: t`“A batch is a poll”.` },
    { minutes: 10, what: t`“The same number of steps”, all together.` },
    {
      minutes: 20,
      what: t`“Out of the valley”. Groups that finish early look for the batch size that crosses most often.`,
    },
    {
      minutes: 15,
      what: t`Debate: two groups defend, two attack “noise leads to better minima”, with [section 4](3#valley) as their source.`,
    },
    { minutes: 15, what: t`“The same mates every epoch”, as a bridge to batch normalization.` },
  ],
};
