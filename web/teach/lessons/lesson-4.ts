import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson4: Lesson = {
  chapter: 4,
  about: t`One set of weights, two functions. The lesson that pays most in practice: nearly everything reported as a bug of batch normalization is explained here, and students
    leave with a test that tells the causes apart.`,
  objectives: [
    {
      level: 'understand',
      text: t`Explain why a network with batch normalization is two functions, and on what hope the second one rests.`,
    },
    {
      level: 'apply',
      text: t`Compute a running mean after $t$ batches, and convert a momentum between PyTorch and Keras.`,
    },
    {
      level: 'analyse',
      text: t`Diagnose “good in training, poor in inference”: tell lag, unlike batches and changed data apart, by recalibrating.`,
    },
    {
      level: 'evaluate',
      text: t`Decide between recalibrating, freezing and training on, for a given situation.`,
    },
    { level: 'create', text: t`Design an automatic check that would catch a forgotten @eval()@.` },
  ],
  prerequisites: [
    t`[Chapter 1](1), section 5 at least.`,
    t`What training, validation and test sets are for.`,
    t`Helpful: having trained a network in some library, once.`,
  ],
  minutes: { reading: 35, figures: 30, discussion: 25 },
  activities: [
    {
      title: t`Two diaries, one network`,
      minutes: 12,
      form: 'pairs',
      figures: [
        { label: t`k = 0.01 against k = 0.1`, target: '4#figure' },
        { label: t`The lag over many seeds`, target: '4#lag' },
      ],
      predict: t`A and B have the same weights at the start and get the same batches. Only the momentum of the running statistics differs. After 100 steps, compare their test accuracy:
        in training mode, and in inference mode.`,
      run: t`Run the figure and note both. Then the experiment: accuracy in inference mode after 100 and after 600 steps, with running and with fresh statistics.`,
      explain: t`How can two networks with identical weights have different accuracy? And how does recalibration tell lag from every other trouble?`,
      answer: t`In training mode they are equal to the last bit, since training never reads the diary; in inference mode B is ahead. After 100 steps the running statistics gave
        {4:lag.hundred.inference|46} % and fresh ones {4:lag.hundred.recalibrated|71} %; after 600 it was {4:lag.last.inference|87.5} and {4:lag.last.recalibrated|88.1} %.
        Recalibration keeps the weights and renews the statistics: if that cures it, the network was fine and the diary late.`,
    },
    {
      title: t`Same picture, other company`,
      minutes: 10,
      form: 'class',
      figures: [
        {
          label: t`One point and its mates`,
          target:
            'lab:data=moons;noise=0.1;hidden=16,16;batch=4;stop_steps=200;speed=100;compare=off;panels=mates,map',
        },
        { label: t`How often answers change`, target: '4#mates' },
      ],
      predict: t`Somebody forgot @eval()@. Each of 200 test pictures is classified twice, in batches of four, each time among other mates. How many answers differ: hardly any, one in
        ten, or two in five?`,
      run: t`First choose a point near the border and draw other mates for it, several times. Then run the experiment.`,
      explain: t`Why does one often not notice this bug with batches of 256? And why is it a bug even then?`,
      answer: t`Two in five or more with four mates; with 256 still some. With large, well mixed batches the accuracy is about right, so no number looks wrong; yet an answer depends on what
        else is asked, and the running statistics drift towards the test data. [C69](C69)`,
    },
    {
      title: t`What the batch gives away`,
      minutes: 12,
      form: 'groups',
      figures: [
        { label: t`The drifting sensor`, target: '4#leak' },
        { label: t`With no drift at all`, target: 'study:leakage?offset=0' },
      ],
      predict: t`A sensor’s zero drifts far more than the classes differ, but all readings of one batch share the drift, and each batch holds as many of one class as of the other. How does
        the network do in training mode? And in inference mode?`,
      run: t`Run it. Then set the drift to 0 and say beforehand which of the bars will move.`,
      explain: t`What has the network learned? Why does recalibration not help here, when it did help against lag?`,
      answer: t`{4:told.training|100} % in training mode, {4:told.inference|51} % in inference mode, {4:told.without|51} % without batch normalization. It has learned to compare an
        example with its mates, and in inference mode there is nobody to compare with. No two stored numbers can stand for batches that differ this much. Without drift the task becomes easy for
        everyone. [C79](C79)`,
    },
    {
      title: t`The new camera`,
      minutes: 10,
      form: 'pairs',
      figures: [
        { label: t`2x + 1`, target: '4#shift' },
        { label: t`A shift only`, target: 'study:domain-shift?scale=1;shift=3' },
      ],
      predict: t`Pictures come brighter and with more contrast, $2x + 1$ instead of $x$. Accuracy collapses. How much of it comes back if nothing but the running statistics is measured
        anew?`,
      run: t`Run, and compare batch normalization, layer normalization and none.`,
      explain: t`Follow one sum $w \cdot x$ of the first layer. What does $2x + 1$ do to it? For which changes of the world would this argument fail?`,
      answer: t`Nearly all of it. $w \cdot (2x + 1) = 2\,(w \cdot x) + \sum w$: twice the old sum plus a number that is the same for all pictures, which the right mean and variance take out.
        Blur, another font or a new background are not affine, and statistics alone do not undo them. [C80](C80)`,
    },
  ],
  discussion: [
    {
      ask: t`The loss in training is low, but after @eval()@ the same data give nonsense. Put three questions in an order that finds the cause soonest.`,
      answer: t`(1) Does recalibration cure it? Then it was lag: more steps or a larger $k$. (2) Are the batches alike: large enough, mixed, not sorted by class or source? (3) Are the data in use like
        those in training? Checking (1) first is cheap and halves the possibilities.`,
    },
    {
      ask: t`“Accuracy is *better* when I leave @eval()@ out.” What do you suspect, and why is leaving it out still wrong?`,
      answer: t`The batch’s own statistics fit better than the stored ones: lag, or changed data. Both can be cured by recalibration. Or the batches give something away. Leaving it
        out makes every answer depend on its neighbours, and a single example cannot be answered at all.`,
    },
    {
      ask: t`You fine-tune a finished network on large pictures, two at a time, with all weights of the lower layers frozen. It gets worse. What did you forget?`,
      answer: t`Running statistics are not weights: they move with every batch in training mode. Put these layers into inference mode as well. [C81](C81)`,
    },
    {
      ask: t`Why did the libraries choose a moving average, when the inventors averaged over many batches after training?`,
      answer: t`It costs nothing extra: no second pass over the data. The price is lag, and it is small once the weights move slowly. [C22](C22), [C78](C78)`,
    },
    {
      ask: t`Write one automatic test for your own project that would have caught a forgotten @eval()@.`,
      answer: t`For instance: the prediction for an example must be the same alone, and in two different batches. Or: predictions must not change the model’s stored state.`,
    },
  ],
  misconceptions: [
    {
      said: t`“Mean and variance are running estimates, in training as well.”`,
      reply: t`In training every common library uses the batch’s own. The diary is only written.`,
      claim: 'C19',
    },
    {
      said: t`“Momentum 0.9 is momentum 0.9.”`,
      reply: t`PyTorch weighs the new batch, Keras and ONNX the old value. Take 1 minus it.`,
      claim: 'C20',
    },
    {
      said: t`“Training and inference differ only in that nothing is learned.”`,
      reply: t`They are two functions. Ask which letters in each formula depend on the batch.`,
      claim: 'C69',
    },
    {
      said: t`“PreciseBN is simply better.”`,
      reply: t`While the average lags. Once the weights hardly move, both are the same.`,
      claim: 'C78',
    },
  ],
  exercises: [
    {
      title: t`Two entries`,
      kind: 'exam',
      minutes: 12,
      task: t`$M = 0$, $V = 1$, $k = 0.1$, unbiased variance. The layer sees the batch 2, 4, 6, 8 and then 1, 1, 5, 5. Fill in the table.`,
      grid: {
        head: [t`after`, t`*μ*`, t`unbiased variance`, t`*M*`, t`*V*`],
        rows: [
          { label: t`nothing`, cells: ['', '', '0', '1'], given: true },
          {
            label: t`2, 4, 6, 8`,
            cells: [
              '{we.mean.0|5}',
              '{we.var_unbiased.0|6.6667}',
              '{fed.two.mean.1|0.5}',
              '{fed.two.var.1|1.5667}',
            ],
          },
          {
            label: t`1, 1, 5, 5`,
            cells: [
              '{ones.mean.0|3}',
              '{ones.var_unbiased.0|5.3333}',
              '{fed.two.mean.2|0.75}',
              '{fed.two.var.2|1.9433}',
            ],
          },
        ],
      },
      solution: t`$M = 0.9 \cdot 0.5 + 0.1 \cdot 3$ and $V = 0.9 \cdot 1.5667 + 0.1 \cdot 5.3333$ in the last row.`,
      lines: 2,
    },
    {
      title: t`How long until it forgets?`,
      kind: 'exam',
      minutes: 8,
      task: t`After how many batches has the start value less than 1 % of the weight, for $k = 0.1$ and for $k = 0.01$? An epoch has 94 batches. In which epoch is that?`,
      solution: t`$(1 - k)^t < 0.01$: after {forget.fast|44} batches, in the first epoch; and after {forget.slow|459}, in epoch {forget.epoch|5}.`,
      lines: 4,
    },
    {
      title: t`Translate`,
      kind: 'exam',
      minutes: 5,
      task: t`Write the PyTorch call for a Keras layer with 64 units, @BatchNormalization(momentum=0.95)@, its other defaults untouched. Name one thing that still differs.`,
      solution: t`@BatchNorm1d(64, momentum=0.05, eps=0.001)@. PyTorch stores the unbiased variance, Keras the biased one; with batches of 8 they differ by $8/7 = \is{bessel.eight}{1.14}$, with
        batches of 64 by {bessel.sixtyfour|1.016}.`,
      lines: 3,
    },
    {
      title: t`The last batch`,
      kind: 'homework',
      minutes: 10,
      task: t`1025 examples, batches of 32. Say what happens at the end of each epoch in PyTorch, and what in a library that does not check. Give two cures.`,
      solution: t`One example is left over. PyTorch refuses to train on it (“expected more than 1 value per channel when training”). Elsewhere $\xhat = 0$, the output is $\beta$ and a variance of 0
        is stored. Cures: drop the last batch; or a batch size that leaves more than one, such as {last.cure|41}, which divides 1025.`,
      lines: 5,
    },
    {
      title: t`A doctor for networks`,
      kind: 'homework',
      minutes: 30,
      task: t`Take three of the reports in [section 9](4#bugs). For each, build the situation in the [Lab](lab.html), take a picture of training and inference accuracy, apply the cure, take a
        second one, and hand in the links.`,
      solution: t`What to look for: the two accuracies part before the cure and meet after it; the link opens the same experiment; the cure is the cheapest that works. Lag:
        [inputs 10x + 5, k = 0.01](lab:data=glyphs;count=1500;noise=0.2;scale=10;shift=5;hidden=64,64,64;running=0.01;batch=64;panels=trace,statistics;b=same;b.running=0.1), cured by the
        button that recalibrates.`,
      lines: 6,
    },
  ],
  short: t`Ask who has ever forgotten @eval()@. Open [one point and its mates](lab:data=moons;noise=0.1;hidden=16,16;batch=4;stop_steps=200;speed=100;compare=off;panels=mates,map), train it, and
    draw other mates for one point until its prediction crosses the border. Let the class say in one sentence what they have seen. End with the check: same example, two batches, same
    answer.`,
  session: [
    {
      minutes: 10,
      what: t`The two formulas side by side; students underline everything that depends on the batch.`,
    },
    { minutes: 15, what: t`“Two entries” on paper, then “Two diaries, one network”.` },
    { minutes: 10, what: t`“Same picture, other company”.` },
    {
      minutes: 25,
      what: t`Two groups take “What the batch gives away”, two “The new camera”; each explains to another group why recalibration does or does not help.`,
    },
    {
      minutes: 20,
      what: t`Consulting hour: you read reports from [section 9](4#bugs) aloud, groups diagnose and say which experiment would prove them right.`,
    },
    {
      minutes: 10,
      what: t`Everyone writes the automatic test of the last discussion question for their own project.`,
    },
  ],
};
