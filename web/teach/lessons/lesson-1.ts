import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson1: Lesson = {
  chapter: 1,
  about: t`What batch normalization computes: four numbers forward, their gradients back, and nothing left to believe. Everything later
    rests on this lesson, so it is worth doing once with a pencil.`,
  objectives: [
    {
      level: 'remember',
      text: t`Say of $\mu$, $\sigma^2$, $\gamma$, $\beta$, $\eps$, $M$ and $V$ which are computed from a batch, which are learned and which are chosen, and in which mode each is used.`,
    },
    {
      level: 'apply',
      text: t`Carry a batch of four numbers through batch normalization on paper, and find slips by comparing with the figure.`,
    },
    { level: 'apply', text: t`Compute $\dbeta$, $\dgamma$ and $\dx$ of a small batch from the formula.` },
    {
      level: 'analyse',
      text: t`Predict what becomes of all outputs when one value of the batch changes, and trace the change through $\mu$ and $\sigma$.`,
    },
    {
      level: 'evaluate',
      text: t`Judge “after batch normalization activations have mean 0 and variance 1”: say of what, over what, in which mode, and up to what.`,
    },
  ],
  prerequisites: [
    t`Mean, variance and square root.`,
    t`What a layer is, and that it answers each example with numbers.`,
    t`For the way back only: the chain rule with several variables.`,
  ],
  minutes: { reading: 35, figures: 30, discussion: 20 },
  activities: [
    {
      title: t`The whole way by hand`,
      minutes: 12,
      form: 'pairs',
      figures: [{ label: t`The worked example at its first step`, target: 'we:' }],
      predict: t`The batch is 2, 4, 6, 8, with $\gamma = 2$ and $\beta = 0.5$. Before you compute anything: how many of the four outputs will be
        negative, and what will their mean be?`,
      run: t`Work out $\mu$, $\sigma^2$, $\xhat$ and $\y$ on paper, to two decimals. Then step through the figure and tick each line that agrees.`,
      explain: t`Why is the mean of the outputs $\beta$, whatever the batch was?`,
      answer: t`$\mu = \is{we.mean.0}{5}$, $\sigma^2 = \is{we.var.0}{5}$, $\xhat = (\is{we.xhat.0}{-1.34}, \is{we.xhat.1}{-0.45}, \is{we.xhat.2}{0.45}, \is{we.xhat.3}{1.34})$,
        $\y = (\is{we.y.0}{-2.18}, \is{we.y.1}{-0.39}, \is{we.y.2}{1.39}, \is{we.y.3}{3.18})$. Two outputs are negative. The $\xhat$ add up to 0, so
        $\gamma\xhat$ does too, and only $\beta$ is left of the mean.

        Some will have −0.40 and 1.40 in the middle. They rounded $\xhat$ to two places and went on from there: [C65](C65). It is a good moment to
        say “round last”.`,
    },
    {
      title: t`The loud neighbour`,
      minutes: 10,
      form: 'pairs',
      figures: [
        { label: t`2, 4, 6, 8`, target: 'we:step=3' },
        { label: t`2, 4, 6, 80`, target: 'we:x=2,4,6,80;step=3' },
      ],
      predict: t`The last value changes from 8 to 80. The first example still says 2. Does its $\xhat$ stay, move towards 0, or move away from 0?`,
      run: t`Write down $\xhat$ of the first and of the last example, for 8, for 80 and for 800.`,
      explain: t`The last value grew a hundredfold. Why did its $\xhat$ hardly grow at all?`,
      answer: t`The first example’s $\xhat$ goes from {we.xhat.0|−1.3416} to {far.xhat.0|−0.6375}, and for 800 to {farther.xhat.0|−0.5831}: towards 0. The last one’s
        goes from {we.xhat.3|1.3416} to {far.xhat.3|1.7305} and {farther.xhat.3|1.7320}. It makes $\sigma$ larger itself and is divided by it, and cannot pass
        $\sqrt{m - 1} = \is{we.xhat_bound}{1.7321}$.

        Listen for “it is normalised, so nothing happens”. Ask them what happened to the *other three*, which did not change at all.`,
    },
    {
      title: t`Does it make bell curves?`,
      minutes: 8,
      form: 'class',
      figures: [
        { label: t`Two humps`, target: 'we:preset=humps;step=3' },
        { label: t`Four shapes, measured`, target: 'study:shape-kept' },
      ],
      predict: t`A feature has two humps, around 2 and around 8. Sketch the histogram of its $\xhat$.`,
      sketch: true,
      run: t`Compare your sketch with the figure. Then change $\gamma$ and $\beta$, and look for a setting that makes one hump of two.`,
      explain: t`Which properties of a histogram can subtracting one number and dividing by another change, and which can they not?`,
      answer: t`Two humps stay two humps; there is no such setting. Position and width change. Order, ratios of distances, number of humps and skewness stay.
        With a negative $\gamma$ the picture is mirrored, and that is all. [C71](C71) measures skewness and kurtosis before and after.`,
    },
    {
      title: t`Who hears of whom?`,
      minutes: 15,
      form: 'groups',
      figures: [
        { label: t`The loss asks about example 1`, target: 'we:tab=backward;dy=1,0,0,0' },
        { label: t`The loss asks about all alike`, target: 'we:tab=backward;dy=1,1,1,1' },
      ],
      predict: t`The loss is the output of the first example, so $\dy = (1, 0, 0, 0)$. Which of the four $\dx$ will be 0?`,
      run: t`Read off the four $\dx$ and add them up. Then set all $\dy$ to 1 and read them again.`,
      explain: t`By which roads does example 2 act on the output of example 1? And why does nothing at all get through when every $\dy$ is 1?`,
      answer: t`None is 0: $\dx = (\is{we.dx.0}{0.2683}, \is{we.dx.1}{-0.3578}, \is{we.dx.2}{-0.0894}, \is{we.dx.3}{0.1789})$, and they add up to 0. Example 2
        acts on the first output through the mean and through the variance. With all ones the loss is the sum of the outputs, which is $m\beta$ for every
        batch: there is nothing to be learned, and every $\dx$ is 0.

        The sentence to end on: in training, what one example learns depends on its batch-mates.`,
    },
  ],
  discussion: [
    {
      ask: t`Name something about a batch that no later layer can find out in training mode.`,
      answer: t`Where it lay and how wide it was. The batches 2, 4, 6, 8 and 20, 40, 60, 80 have the same $\xhat$, and so have 102, 104, 106, 108 (up to
        $\eps$). What stays is who is larger, and by how much in relation to the others.`,
    },
    {
      ask: t`A network reads X-ray pictures. In which mode should it answer a doctor, and what would go wrong in the other?`,
      answer: t`In inference mode. In training mode the answer about one patient would depend on which other patients were looked up at the same moment, and a
        single picture could not be answered at all by a fully connected layer. Chapter 4 measures how often answers change.`,
    },
    {
      ask: t`A model is moved from Keras to PyTorch with all its weights, and its outputs differ. A feature in it has a standard deviation of 0.01. What is your
        first suspect?`,
      answer: t`$\eps$: 0.001 in Keras, 0.00001 in PyTorch. With $\sigma = 0.01$ the normalised feature has standard deviation {1:std_of.hundredth.keras|0.3015}
        in one and {1:std_of.hundredth.pytorch|0.9535} in the other. A network takes its $\eps$ along. [C31](C31)`,
    },
    {
      ask: t`A colleague tests her backward pass of batch normalization with the sum of the outputs as loss. The test passes. What do you tell her?`,
      answer: t`That a function which always returns 0 would pass, too: for that loss every $\dx$ is 0. A random $\dy$ and finite differences make a test
        that can fail.`,
    },
    {
      ask: t`What is left of a batch of two? Say it once in words and once in numbers.`,
      answer: t`Which one was larger. Both lie at the same distance from their mean, and that distance is the standard deviation, so they become −1 and 1.
        Their gradient is 0 for the same reason: moving one of them a little changes neither output. [Look](we:x=3,11;tab=backward;dy=1,0)`,
    },
  ],
  misconceptions: [
    {
      said: t`“After batch normalization everything has mean 0 and standard deviation 1.”`,
      reply: t`Ask: what has? $\xhat$ has, per feature, over this batch, in training, up to $\eps$. What leaves the layer has mean $\beta$.`,
      claim: 'C3',
    },
    {
      said: t`“It makes the activations Gaussian.”`,
      reply: t`Let them draw the histogram before and after. Shift and stretch keep a shape.`,
      claim: 'C71',
    },
    {
      said: t`“It turns a slanted cloud of points into a round one.”`,
      reply: t`Each axis is scaled by itself, so the correlation stays. Ask for the formula in which another feature would have to occur.`,
      claim: 'C16',
    },
    {
      said: t`“There is one $\gamma$ and one $\beta$ for the layer.”`,
      reply: t`A pair for each feature; for each channel in a convolution. Count the parameters of a layer of 100 units: 200.`,
      claim: 'C15',
    },
    {
      said: t`“$\eps$ is only there so that nothing is divided by zero.”`,
      reply: t`Also that. But a feature whose variance is no larger than $\eps$ comes out much smaller than 1.`,
      claim: 'C31',
    },
  ],
  exercises: [
    {
      title: t`Forward on paper`,
      kind: 'exam',
      minutes: 8,
      task: t`One feature of four examples is 1, 1, 5, 5. Carry it through batch normalization with $\gamma = 3$, $\beta = -1$ and $\eps = 0$. All numbers come out
        even.`,
      grid: {
        head: [t`Example`, '1', '2', '3', '4'],
        rows: [
          { label: t`*x*`, cells: ['1', '1', '5', '5'], given: true },
          {
            label: t`*x* − *μ*`,
            cells: [
              '{ones.centered.0|−2}',
              '{ones.centered.1|−2}',
              '{ones.centered.2|2}',
              '{ones.centered.3|2}',
            ],
          },
          {
            label: t`(*x* − *μ*)²`,
            cells: ['{ones.squared.0|4}', '{ones.squared.1|4}', '{ones.squared.2|4}', '{ones.squared.3|4}'],
          },
          {
            label: t`*x̂*`,
            cells: ['{ones.xhat.0|−1}', '{ones.xhat.1|−1}', '{ones.xhat.2|1}', '{ones.xhat.3|1}'],
          },
          { label: t`*y*`, cells: ['{ones.y.0|−4}', '{ones.y.1|−4}', '{ones.y.2|2}', '{ones.y.3|2}'] },
        ],
      },
      solution: t`$\mu = \is{ones.mean.0}{3}$, $\sigma^2 = \is{ones.var.0}{4}$, $\sigma = 2$. The outputs have mean $-1 = \beta$ and standard deviation
        $3 = \gamma$. [In the figure](we:x=1,1,5,5;gamma=3;beta=-1;step=6)`,
      lines: 2,
    },
    {
      title: t`Backward on paper`,
      kind: 'exam',
      minutes: 12,
      task: t`The same batch 1, 1, 5, 5 with $\gamma = 3$; the loss is the output of the first example, $\dy = (1, 0, 0, 0)$. Compute $\dbeta$, $\dgamma$ and the
        four $\dx$. Check your result by the two sums that must be 0.`,
      grid: {
        head: [t`Example`, '1', '2', '3', '4'],
        rows: [
          { label: t`*dy*`, cells: ['1', '0', '0', '0'], given: true },
          {
            label: t`direct`,
            cells: [
              '{ones.dx_direct.0|1.5}',
              '{ones.dx_direct.1|0}',
              '{ones.dx_direct.2|0}',
              '{ones.dx_direct.3|0}',
            ],
          },
          {
            label: t`through the mean`,
            cells: [
              '{ones.dx_mean.0|−0.375}',
              '{ones.dx_mean.1|−0.375}',
              '{ones.dx_mean.2|−0.375}',
              '{ones.dx_mean.3|−0.375}',
            ],
          },
          {
            label: t`through the variance`,
            cells: [
              '{ones.dx_variance.0|−0.375}',
              '{ones.dx_variance.1|−0.375}',
              '{ones.dx_variance.2|0.375}',
              '{ones.dx_variance.3|0.375}',
            ],
          },
          {
            label: t`*dx*`,
            cells: ['{ones.dx.0|0.75}', '{ones.dx.1|−0.75}', '{ones.dx.2|0}', '{ones.dx.3|0}'],
          },
        ],
      },
      solution: t`$\dbeta = \is{ones.dbeta.0}{1}$, $\dgamma = \xhat_1 = \is{ones.dgamma.0}{-1}$, and the factor in front is
        $\gamma/\sigma = \is{ones.factor.0}{1.5}$. The $\dx$ add up to 0, and so do the $\dx\,\xhat$. Examples 1 and 2 pull in opposite directions: the first output
        can only fall if its twin’s rises. [In the figure](we:x=1,1,5,5;gamma=3;beta=-1;tab=backward;dy=1,0,0,0)`,
      lines: 4,
    },
    {
      title: t`A second batch, with roots`,
      kind: 'homework',
      minutes: 15,
      task: t`Do the same, forward, for 6, 2, 6, 10 with $\gamma = 1.5$ and $\beta = 2$, to four decimals. Which two examples get the same output, and why? What
        are the outputs if all four numbers are doubled? Answer the last question before you compute.`,
      solution: t`$\mu = \is{six.mean.0}{6}$, $\sigma^2 = \is{six.var.0}{8}$, $\xhat = (\is{six.xhat.0}{0}, \is{six.xhat.1}{-1.4142}, \is{six.xhat.2}{0}, \is{six.xhat.3}{1.4142})$,
        $\y = (\is{six.y.0}{2}, \is{six.y.1}{-0.1213}, \is{six.y.2}{2}, \is{six.y.3}{4.1213})$. Equal inputs get equal outputs, here $\beta$, since they sit on
        the mean. Doubled, the batch has the same outputs. [In the figure](we:x=6,2,6,10;gamma=1.5;beta=2;step=6)`,
      lines: 6,
    },
    {
      title: t`As far out as possible`,
      kind: 'exam',
      minutes: 10,
      task: t`Find a batch of four numbers in which one $\xhat$ is as large as it can be, and say how large that is with $\eps = 0$. Show that no batch of four does better.`,
      solution: t`0, 0, 0, 4: $\mu = \is{alone.mean.0}{1}$, $\sigma^2 = \is{alone.var.0}{3}$, and the last gets $3/\sqrt 3 = \sqrt 3 = \is{alone.xhat.3}{1.732}$. Any three equal
        numbers and a larger one will do. With $d_i = \x_i - \mu$ the other three $d$ add up to $-d_4$, so their squares add up to $d_4^2/3$ at least; hence
        $4\sigma^2 \ge d_4^2 + d_4^2/3$ and $d_4^2/\sigma^2 \le 3$.`,
      lines: 7,
    },
    {
      title: t`One entry in the diary`,
      kind: 'homework',
      minutes: 12,
      task: t`A layer with $\gamma = 3$, $\beta = -1$ starts with $M = 0$, $V = 1$ and sees the batch 1, 1, 5, 5 once. Compute $M$ and $V$ by PyTorch’s rule
        (@momentum=0.1@, unbiased variance) and the output for $\x = 5$ in inference mode. Compare with training mode.`,
      solution: t`$M = 0.1 \cdot 3 = \is{fed.ones.mean}{0.3}$. The unbiased variance is $16/3 = \is{ones.var_unbiased.0}{5.3333}$, so
        $V = 0.9 + 0.1 \cdot 5.3333 = \is{fed.ones.var}{1.4333}$. Then $\y = 3\,(5 - 0.3)/\sqrt{1.4333} - 1 = \is{fed.ones.y}{10.78}$, where training mode
        says {ones.y.3|2}. Same weights, same input: the diary has one entry, and nobody should ask it yet.`,
      lines: 6,
    },
  ],
  short: t`Show [2, 4, 6, 8](we:step=3) on the projector and read out the four $\xhat$. Ask: the last value becomes 80; does the first one’s $\xhat$ stay, shrink or
    grow? Hands up for each. Then [change it](we:x=2,4,6,80;step=3). Let two students explain to each other why, and close with the bound $\sqrt{m-1}$. Ten minutes,
    one idea: an example’s output depends on its company.`,
  session: [
    { minutes: 10, what: t`“The whole way by hand”, in pairs, on the worksheet.` },
    { minutes: 15, what: t`“The loud neighbour” and “Does it make bell curves?”.` },
    {
      minutes: 15,
      what: t`You derive $\dx$ at the board, as in [section 6](1#backward); students name the three roads.`,
    },
    { minutes: 20, what: t`“Who hears of whom?”, then “Backward on paper”.` },
    {
      minutes: 15,
      what: t`Training and inference: [feed batches](we:tab=statistics) until the two modes agree; when do they?`,
    },
    {
      minutes: 15,
      what: t`Two misconceptions per group: find out on the [board of claims](claims.html) what the experiment says, and report.`,
    },
  ],
};
