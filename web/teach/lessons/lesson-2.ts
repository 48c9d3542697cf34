import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson2: Lesson = {
  chapter: 2,
  about: t`Why normalise, if $\gamma$ and $\beta$ may undo it? The lesson separates two things that students run together: which functions a network *can* compute, and
    how SGD moves among them.`,
  objectives: [
    {
      level: 'apply',
      text: t`Give the $\gamma$ and $\beta$ with which a batch normalization layer is the identity on a given batch.`,
    },
    {
      level: 'understand',
      text: t`Explain in a sentence how two formulas can be one function and yet learn differently.`,
    },
    {
      level: 'apply',
      text: t`Say what happens to outputs, gradients and the turn of a step when the weights before batch normalization are multiplied by $a$.`,
    },
    {
      level: 'analyse',
      text: t`Show that a bias before batch normalization has no gradient, from the formula for $\dx$.`,
    },
    {
      level: 'evaluate',
      text: t`Decide whether a negative $\gamma$ in a trained network is a reason to worry, and name the cases that ask for care.`,
    },
  ],
  prerequisites: [
    t`[Chapter 1](1), or its formula.`,
    t`Gradient descent: a step against the gradient, with a learning rate.`,
    t`Vectors: length, right angle, Pythagoras.`,
  ],
  minutes: { reading: 30, figures: 30, discussion: 20 },
  activities: [
    {
      title: t`Undo it, if you can`,
      minutes: 12,
      form: 'pairs',
      figures: [
        { label: t`Back to where it was, and below it: what is left, by batch size`, target: '2#undo' },
      ],
      predict: t`A feature has mean 5 and standard deviation 3, and the loss asks for $\y = u$. Where will SGD take $\gamma$ and $\beta$? And what if $\gamma$ starts at −3?`,
      run: t`Answer the question in the figure, run it, and note where $\gamma$ and $\beta$ end. Then run the experiment: what error is left in batches of 4, and with all 256?`,
      explain: t`With all examples in the batch the error vanishes; in batches of four it does not, however long one trains. What can $\gamma$ and $\beta$ not know?`,
      answer: t`$\gamma$ goes to 3 and $\beta$ to 5, also from −3: the loss is a bowl, and 0 is no wall in it. In batches of four an error of {2:left.four|0.62} standard
        deviations is left, in batches of 64 one of {2:left.some|0.12}, with all 256 nothing but rounding. Two fixed numbers restore the feature’s mean and spread, not those of
        the batch at hand.`,
    },
    {
      title: t`One function, two ways to learn it`,
      minutes: 12,
      form: 'groups',
      figures: [{ label: t`The two neurons, and below it: the same in six layers`, target: '2#same' }],
      predict: t`Two neurons are the same function at the start. One learns $\gamma$ and $\beta$, the other $\gamma'$ and $\beta'$. The inputs get three times as large and the
        learning rate is 0.3. Which of them learns?`,
      run: t`Commit to an answer in the figure, run, and then look for a setting in which the neuron *without* normalisation is the quicker one.`,
      explain: t`The set of functions is the same. What is it that SGD sees, and that differs?`,
      answer: t`The one with $\gamma$ and $\beta$ learns, the other blows up. With inputs as they were and a rate of 0.1 the plain neuron is ahead after 20 steps: a loss of
        {2:same.calm.plain.20|0.049} against {2:same.calm.normalised.20|0.086}. SGD never sees a function; it sees derivatives by the parameters.

        Insist that they find the second setting. Students who only meet the triumph take batch normalization for magic.`,
    },
    {
      title: t`Longer weights`,
      minutes: 10,
      form: 'pairs',
      figures: [
        { label: t`The arrow and its step`, target: '2#scale' },
        { label: t`The identities, with random numbers`, target: 'study:exact-identities' },
      ],
      predict: t`The weights before batch normalization are doubled. What happens to the outputs, to the gradient of the weights, and to the angle by which one step turns them?`,
      run: t`Double them in the figure and write down the three before and after. Then make $a$ negative, and then $\gamma$ as well.`,
      explain: t`The outputs do not change. Why, then, is the scale of the weights not irrelevant?`,
      answer: t`Outputs: as they were. Gradient: halved, {2:neuron.before.gradient_norm.0|0.456} to {2:neuron.now.gradient_norm.0|0.228}. Effective learning rate
        $\eta/\lVert w \rVert^2$: a quarter, {2:neuron.before.effective_lr.0|0.5} to {2:neuron.now.effective_lr.0|0.125}, and the turn goes from
        {2:neuron.before.turn.0|0.224} to {2:neuron.now.turn.0|0.057}. With $a < 0$ every $\xhat$ changes its sign; a negative $\gamma$ turns it back. The scale decides how fast
        the neuron learns, not what it computes.`,
    },
  ],
  discussion: [
    {
      ask: t`“SGD undoes the normalisation, so it was for nothing.” What is right about it, and where does it go wrong?`,
      answer: t`Right: SGD can restore the mean and the spread if the loss asks for it. Wrong: it gets there another way, one parameter each for mean and spread instead of
        all weights below, and the batch’s share of $\mu$ and $\sigma$ is not undone. [C1](C1), [C13](C13)`,
    },
    {
      ask: t`Why do many programs write @bias=False@ on the layer before batch normalization? Is it a mistake to leave the bias in?`,
      answer: t`It would add one number to every $u_i$, which the mean takes away again; its gradient is $\sum_i du_i = 0$. Leaving it in wastes a parameter and does no harm,
        except that weight decay pulls it to 0 to no effect. [C12](C12)`,
    },
    {
      ask: t`Nobody decays the weights before a batch normalization. Do they get longer or shorter with time? What does that do to learning?`,
      answer: t`Longer with every step: the gradient stands at right angles to the weights, so each step is the short side of a right triangle. The effective learning rate
        falls by itself. Chapter 7 tells what weight decay does about it.`,
    },
    {
      ask: t`A student finds a third of all $\gamma$ negative and wants to clamp them at 0. Advise.`,
      answer: t`Do not. $(w, \gamma)$ and $(-w, -\gamma)$ are the same function, and which twin SGD arrives at is chance. Care is needed in two places: when max-pooling and batch
        normalization are swapped, and when features are pruned by the size of $\gamma$: sort by $|\gamma|$. [C14](C14)`,
    },
  ],
  misconceptions: [
    {
      said: t`“$\gamma$ and $\beta$ are computed for each batch.”`,
      reply: t`$\mu$ and $\sigma$ are. Ask where $\gamma$ is stored, and who changes it.`,
      claim: 'C5',
    },
    {
      said: t`“Learning $\gamma'$ and $\beta'$ directly would do the same.”`,
      reply: t`The same function on one batch, until the next step. Let them run it at a learning rate of 1.`,
      claim: 'C6',
    },
    {
      said: t`“With batch normalization the scale of the weights does not matter.”`,
      reply: t`Not to the output. It sets the size of the steps.`,
      claim: 'C8',
    },
    {
      said: t`“BN(aWu) = BN(Wu) for any a.”`,
      reply: t`For $a > 0$, and as $\eps \to 0$. Try −1.`,
      claim: 'C7',
    },
    {
      said: t`“A negative $\gamma$ is a bug.”`,
      reply: t`It is a mirror, and the weights before it are free to mirror too.`,
      claim: 'C14',
    },
  ],
  exercises: [
    {
      title: t`The same line`,
      kind: 'exam',
      minutes: 8,
      task: t`For the batch 1, 1, 5, 5 with $\gamma = 3$, $\beta = -1$, $\eps = 0$: find $\gamma'$ and $\beta'$ with $\y_i = \gamma' \x_i + \beta'$, and check two of the
        outputs. Then let the batch be 1, 1, 5, 9 and say, without computing everything, why the two formulas now differ.`,
      solution: t`$\gamma' = \gamma/\sigma = \is{ones.factor.0}{1.5}$, $\beta' = \beta - \gamma'\mu = -1 - 1.5 \cdot 3 = \is{line.beta}{-5.5}$. Then $1.5 \cdot 1 - 5.5 = \is{ones.y.0}{-4}$ and
        $1.5 \cdot 5 - 5.5 = \is{ones.y.2}{2}$, as in chapter 1. In the new batch $\mu$ is {moved.mean.0|4} and $\sigma^2$ is {moved.var.0|11}: batch normalization follows, and $\gamma'$ and
        $\beta'$ stay where they were.`,
      lines: 5,
    },
    {
      title: t`The identity`,
      kind: 'exam',
      minutes: 5,
      task: t`With which $\gamma$ and $\beta$ does batch normalization give the batch 6, 2, 6, 10 back unchanged with $\eps = 0$? Are these still right for the batch 6, 2, 6, 12?`,
      solution: t`$\gamma = \sigma = \sqrt{8} = \is{six.std.0}{2.828}$ and $\beta = \mu = \is{six.mean.0}{6}$. No: the new batch has another $\mu$ and $\sigma$, and $\gamma$ and $\beta$ belong to
        the layer, not to the batch.`,
      lines: 3,
    },
    {
      title: t`Pythagoras at work`,
      kind: 'exam',
      minutes: 8,
      task: t`A neuron with batch normalization has weights $w = (3, 4)$, a gradient of length 2, and $\eta = 0.5$. (a) How long are the weights after the step? (b) What is the
        effective learning rate before it? (c) And with $2w$: how long is the gradient, and how large the effective rate?`,
      solution: t`(a) The step has length $0.5 \cdot 2 = 1$ at right angles to $w$, so $\sqrt{25 + 1} = \is{step.length}{5.099}$. (b) $0.5/25 = \is{step.rate}{0.02}$. (c) The gradient is half
        as long, 1; the effective rate is a quarter, {step.rate_doubled|0.005}.`,
      lines: 5,
    },
    {
      title: t`Why the bias is deaf`,
      kind: 'homework',
      minutes: 12,
      task: t`Show from $\dx_j = \frac{\gamma}{\sigma}\bigl(\dy_j - \frac1m \dbeta - \xhat_j \frac1m \dgamma\bigr)$ that the gradient of a bias before batch normalization is 0, for every
        $\dy$. Then check it with numbers of your own in the [figure](we:tab=backward). What does the result say about adding 100 to every pixel of every picture in the batch?`,
      solution: t`The bias is added to every $\x_j$, so its gradient is $\sum_j \dx_j$. Summed over $j$ the bracket is $\dbeta - \dbeta - \frac1m\dgamma \sum_j \xhat_j = 0$, because the
        $\xhat_j$ add up to 0. Adding 100 to every pixel adds one number to every pre-activation of a unit in the first layer, so in training mode nothing changes. (In inference mode it
        does: $M$ is not told.)`,
      lines: 7,
    },
    {
      title: t`Is there always something to gain?`,
      kind: 'homework',
      minutes: 25,
      task: t`Run [the experiment with six layers](study:reparametrised). Report test accuracies at learning rates 0.1 and 1, with their intervals, and write three sentences: what is
        shown, what is not shown, and what you would have to change to show the opposite.`,
      solution: t`With three seeds: at 0.1 it is {2:map.low.affine|65} % with $\gamma'$, $\beta'$ and {2:map.low.bn|60} % with batch normalization; at 1 it is {2:map.high.affine|16} and
        {2:map.high.bn|81} %. A good answer says that the advantage appears at large rates only, names the number of seeds, and does not generalise from 12 × 12 glyphs to all
        networks.`,
      lines: 7,
    },
  ],
  short: t`Write $\y = \gamma\xhat + \beta$ and $\y = \gamma' u + \beta'$ side by side and ask whether they can describe the same functions. (Yes.) Ask whether SGD treats them alike, and
    let everyone commit to an answer. Then open [the two neurons](2#same), with inputs three times as large. Ten minutes, one idea: SGD sees derivatives, not functions.`,
  session: [
    {
      minutes: 10,
      what: t`Start with the question “Why take away what may be put back?”; collect answers, judge none.`,
    },
    { minutes: 15, what: t`“Undo it, if you can”.` },
    {
      minutes: 15,
      what: t`“One function, two ways to learn it”, until each group has found a setting where the plain neuron wins.`,
    },
    { minutes: 15, what: t`“Longer weights”, then “Pythagoras at work” on paper.` },
    {
      minutes: 15,
      what: t`Negative $\gamma$, $\gamma = 0$ and the deaf bias: three groups, three claims ([C14](C14), [C82](C82), [C12](C12)), two minutes’ report each.`,
    },
    { minutes: 10, what: t`Back to the answers of the beginning: which stand?` },
  ],
};
