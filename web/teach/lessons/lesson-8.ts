import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson8: Lesson = {
  chapter: 8,
  about: t`When the batch is the wrong thing to average over, and what to take instead. The lesson ends in a decision students can defend, for a project of their own.`,
  objectives: [
    {
      level: 'remember',
      text: t`Say for batch, layer, group and instance normalization which values share a mean, and how many they are.`,
    },
    { level: 'apply', text: t`Merge the statistics of two devices into those of the whole batch.` },
    {
      level: 'understand',
      text: t`Explain why small batches ruin fully connected layers and hardly harm convolutions.`,
    },
    { level: 'analyse', text: t`Trace why batches of a single class take away what was to be learned.` },
    {
      level: 'evaluate',
      text: t`Choose a normalisation for a given situation, and say what is lost by the choice.`,
    },
  ],
  prerequisites: [
    t`[Chapter 1](1) and [chapter 4](4), sections 1, 7 and 8.`,
    t`What a convolutional layer is; channels, height and width.`,
    t`The error of a mean of $m$ values, $\sigma/\sqrt m$.`,
  ],
  minutes: { reading: 30, figures: 30, discussion: 25 },
  activities: [
    {
      title: t`Averaged over what?`,
      minutes: 10,
      form: 'pairs',
      figures: [{ label: t`The box`, target: '8#figure' }],
      predict: t`One value in the box is ringed. For each of batch, layer, group and instance normalization: which values have a say in its $\xhat$? Shade them on paper.`,
      sketch: true,
      run: t`Compare with the figure. Then go down to one pixel, and then to a batch of one. Which normalisations have nothing left to average?`,
      explain: t`The figure does not draw this from a table: it computes a gradient. Of what, by what?`,
      answer: t`With one pixel instance normalization has a single value; with a batch of one and one pixel batch normalization has, too. What is filled is where the gradient of the ringed $\xhat$ by the
        values is not 0: “has a say in” is a statement about derivatives.`,
    },
    {
      title: t`How small is too small?`,
      minutes: 15,
      form: 'groups',
      figures: [
        { label: t`Fully connected`, target: '8#small' },
        { label: t`Convolutions`, target: '8#pixels' },
      ],
      predict: t`Batches of 32, 8, 4, 2 and 1, the same number of pictures each time. Where does batch normalization break in a fully connected network? And where in a convolutional one?`,
      run: t`Half of you run the first, half the second. Draw both curves into one picture on the board.`,
      explain: t`Same layer, same batch of two. What is different? Give the number $m$ for both.`,
      answer: t`Fully connected: {8:size.batch.32|84} % with 32, {8:size.batch.8|80} with 8, {8:size.batch.4|68} with 4, {8:size.batch.2|21} with 2, while group normalization stays between
        {8:size.group.least|79} and {8:size.group.most|80} %. With convolutions one picture is enough: its 12 × 12 pixels all count, $m = 144$ against $m = 1$. [C68](C68), [C83](C83)`,
    },
    {
      title: t`Thirty-two sevens`,
      minutes: 12,
      form: 'pairs',
      figures: [
        { label: t`One class, two classes, all`, target: '8#alike' },
        {
          label: t`Watch it in the Lab`,
          target:
            'lab:data=glyphs;count=1500;noise=0.2;standardize=on;hidden=64,64,64;lr=0.02;batch_classes=1;panels=trace;b.norm=group;b.groups=8',
        },
      ],
      predict: t`Batches of 32, each of a single digit. Which networks learn to read: with batch normalization, with group normalization, with none?`,
      run: t`Run with three seeds. Look also at the results with statistics taken afresh.`,
      explain: t`“Batch normalization subtracts what the batch has in common.” Finish the thought. Why does recalibration not help?`,
      answer: t`What sevens have in common is what makes them sevens; it is subtracted in every layer. The others learn, if not well, since each step pulls towards one class. Fresh statistics
        bring little back because the *weights* have learned too little. [C67](C67)`,
    },
    {
      title: t`Consulting`,
      minutes: 15,
      form: 'groups',
      figures: [
        { label: t`A place to begin`, target: '8#choose' },
        {
          label: t`Batch against layer`,
          target:
            'lab:data=glyphs;count=1500;noise=0.2;standardize=on;hidden=64,64,64;batch=8;lr=0.05;panels=trace;b.norm=layer',
        },
      ],
      predict: t`Without the table: what do you advise (a) a hospital with one 3-D scan per device, (b) a robot that learns from one observation at a time, (c) a start-up that fine-tunes a
        finished network, two pictures at a time, (d) a phone camera that replaces the one of the training data?`,
      run: t`Compare with the table of section 8, and test one of your answers in the Lab.`,
      explain: t`For each: what is lost by your choice?`,
      answer: t`(a) Group normalization, or synchronised batch normalization; (b) layer normalization or none; (c) frozen statistics; (d) keep the network and recalibrate. Lost: folding into the weights
        and the noise of the batch in (a) and (b); in (c) statistics that fit the new pictures; in (d) nothing if the change is affine, and not enough if it is not.`,
    },
  ],
  discussion: [
    {
      ask: t`Is a batch of one possible with batch normalization?`,
      answer: t`In a fully connected layer not: one value is its own mean, and $\xhat = 0$ for everything. In a convolution yes: it then is instance normalization while one trains, and inference
        mode uses running statistics as ever. [C83](C83)`,
    },
    {
      ask: t`Batch Renorm multiplies by $r = \sigma/S$ and adds $d = (\mu - M)/S$. Put in what $\xhat$ is. What is left, and why is it not simply inference mode?`,
      answer: t`$\mu$ and $\sigma$ cancel and the formula of inference mode is left. But $r$ and $d$ count as constants for the gradient, and they are bounded, with bounds that open slowly. It helps where the
        batch says little, and is no cure. [C76](C76)`,
    },
    {
      ask: t`Layer normalization needs no batch and no running statistics. Why does not everyone use it everywhere?`,
      answer: t`It cannot be folded away; channels of very different size share one spread; it does not take out what all examples have in common, so it does not hold them apart; and the noise of the batch
        is gone. On pictures with large, mixed batches batch normalization often is best.`,
    },
    {
      ask: t`A team averages the variances of four devices and wonders why training and evaluation differ. What did they forget?`,
      answer: t`The spread of the means. $\sigma^2 = \frac1n \sum n_k(\sigma_k^2 + (\mu_k - \mu)^2)$. If the devices see different data, the second term can be all that matters.`,
    },
  ],
  misconceptions: [
    {
      said: t`“Batch normalization does not work with small batches.”`,
      reply: t`In fully connected layers. Ask for $m$, not for $B$.`,
      claim: 'C68',
    },
    {
      said: t`“It is impossible with a batch of one.”`,
      reply: t`In a fully connected layer. A picture brings its pixels along.`,
      claim: 'C83',
    },
    {
      said: t`“Batch Renorm fixes it.”`,
      reply: t`In part. Look at batches of two, and at eight.`,
      claim: 'C76',
    },
    {
      said: t`“Large batches are enough.”`,
      reply: t`They must also be mixed. Thirty-two sevens are a bad batch.`,
      claim: 'C67',
    },
    {
      said: t`“Group normalization is better.”`,
      reply: t`With small batches by far; with large ones about as good.`,
      claim: 'C70',
    },
  ],
  exercises: [
    {
      title: t`Count the company`,
      kind: 'exam',
      minutes: 8,
      task: t`A convolutional layer gives $N = 2$, $C = 32$, $H = W = 8$. How many values share a mean in batch, layer, group (8 groups) and instance normalization? How many means are
        there in each?`,
      grid: {
        head: [t`normalisation`, t`values per mean`, t`means`],
        rows: [
          { label: t`batch`, cells: ['{box.batch.values|128}', '{box.batch.means|32}'] },
          { label: t`layer`, cells: ['{box.layer.values|2048}', '{box.layer.means|2}'] },
          { label: t`group`, cells: ['{box.group.values|256}', '{box.group.means|16}'] },
          { label: t`instance`, cells: ['{box.instance.values|64}', '{box.instance.means|64}'] },
        ],
      },
      solution: t`Values times means is $2 \cdot 32 \cdot 8 \cdot 8 = \is{box.all}{4096}$ in every row: a check worth teaching.`,
      lines: 2,
    },
    {
      title: t`Merge two devices`,
      kind: 'exam',
      minutes: 8,
      task: t`One device has the values 2 and 4, another 6 and 8. Give mean and variance of each, the average of the two variances, and the variance of all four by merging. Which batch is this?`,
      solution: t`Means {merge.first.mean|3} and {merge.second.mean|7}, variances {merge.first.var|1} and {merge.second.var|1}; their average is 1. Merged: $\mu = \is{we.mean.0}{5}$,
        $\sigma^2 = 1 + (5 - 3)^2 = \is{we.var.0}{5}$. It is the worked example of chapter 1, and the average is off by a factor of five.`,
      lines: 5,
    },
    {
      title: t`How wrong is a small batch?`,
      kind: 'exam',
      minutes: 6,
      task: t`The variance of $m$ normal values is off by about the share $\sqrt{2/m}$. Give it for $m = 4$, 16 and 144. For which batch size of a fully connected layer is it as good as for one picture of
        12 × 12 pixels, if the pixels were independent? Why are they not?`,
      solution: t`{off.four|71} %, {off.sixteen|35} % and {off.picture|12} %. 144. Neighbouring pixels resemble each other, so 144 of them tell less than 144 independent values.`,
      lines: 4,
    },
    {
      title: t`Recommend`,
      kind: 'homework',
      minutes: 40,
      task: t`Describe a data set and a machine you know: batch size that fits, how batches come about, what changes between training and use. Recommend a normalisation on one page, with one experiment
        of this site for your recommendation and one against it.`,
      solution: t`Look for: $m$ computed, not guessed; whether batches are mixed; what inference will meet; an experiment against, honestly reported; and a plan for how to notice if the choice was wrong
        (accuracy in both modes, recalibrated and not).`,
      lines: 8,
    },
  ],
  short: t`Draw the box on the board and let students shade who is averaged with whom, for batch and for layer normalization. Then [batches of one class](study:batches-by-class): who learns?
    Ten minutes, one idea: a mean takes away what its members have in common, so choose the members.`,
  session: [
    { minutes: 12, what: t`“Averaged over what?”, then “Count the company” on paper.` },
    { minutes: 18, what: t`“How small is too small?”, half the room each.` },
    { minutes: 15, what: t`“Thirty-two sevens”.` },
    { minutes: 10, what: t`“Merge two devices” on paper; who forgot the second term?` },
    { minutes: 20, what: t`“Consulting”, with a client (you) who asks back.` },
    { minutes: 10, what: t`Everyone writes one sentence: in my project I would use …, because …` },
  ],
};
