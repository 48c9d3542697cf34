import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson5: Lesson = {
  chapter: 5,
  about: t`What depth does to signals and gradients, and what changes when every layer normalises. The lesson has one surprise, exploding gradients *because of* batch normalization, and
    one habit worth teaching: asking what one compares with.`,
  objectives: [
    {
      level: 'apply',
      text: t`Compute by which factor a layer of given width and weights multiplies the mean square of a signal, and what $L$ layers do.`,
    },
    {
      level: 'understand',
      text: t`Explain why a normalised layer’s output does not depend on the scale of its weights, and why its learning does.`,
    },
    {
      level: 'analyse',
      text: t`Tell a healthy histogram from one that hides a layer which gives every example the same answer.`,
    },
    {
      level: 'apply',
      text: t`Derive the growth $\sqrt{\pi/(\pi - 1)}$ of gradients per ReLU layer, or follow the derivation and name its assumptions.`,
    },
    {
      level: 'evaluate',
      text: t`State at which learning rates batch normalization helps, and criticise a demonstration that compares at one rate only, or on raw inputs.`,
    },
  ],
  prerequisites: [
    t`[Chapter 1](1); ReLU and sigmoid.`,
    t`Variance of a sum of independent random numbers.`,
    t`Logarithmic axes. Practise reading one beforehand: many conclusions hang on it.`,
  ],
  minutes: { reading: 35, figures: 40, discussion: 20 },
  activities: [
    {
      title: t`A chain of whispers`,
      minutes: 12,
      form: 'pairs',
      figures: [{ label: t`Ten layers, weights twice He’s`, target: '5#figure' }],
      predict: t`Ten layers of ReLU; the initial weights are twice as large as He’s. By what factor do the values grow from layer to layer without batch normalization? And with it?`,
      run: t`Check with the figure. Then find the weights with which the left column stays in the picture, without batch normalization.`,
      explain: t`If He’s weights already keep the signal in bounds, what does batch normalization add?`,
      answer: t`Without: $\tfrac12 n \sigma_w^2 = 4$ for the mean square, so the values double in each layer. With: nothing moves, whatever the sliders say. He’s scale does most of it
        before training; but it is a promise about random weights, and training makes them something else.`,
    },
    {
      title: t`The picture can deceive`,
      minutes: 12,
      form: 'groups',
      figures: [
        { label: t`Ten layers of sigmoids`, target: '5#deceive' },
        { label: t`Can it still tell its inputs apart?`, target: 'study:rank-collapse' },
      ],
      predict: t`Look at the histograms of ten sigmoid layers *without* batch normalization only. Is the tenth layer healthy? Write yes or no before you read the sentence below the figure.`,
      run: t`Read in the sentence how much *one unit* varies over the batch. Then run the experiment on collapse.`,
      explain: t`A histogram of all values of a layer mixes two kinds of variation. Which two, and which of them carries information?`,
      answer: t`All values together have a standard deviation of {5:sigmoid.std|0.56}; one unit over the batch has less than a hundred thousandth. Units differ from each other, examples do not:
        sixty-four pictures, one answer. In the experiment the mean cosine between inputs is {5:cosine.none|0.96} without and {5:cosine.batch|0.34} with batch normalization, where
        $1/\pi = \is{cosine}{0.32}$ is expected. Layer normalization does not help here: it looks at one example and cannot know what it shares with the others. [C73](C73)`,
    },
    {
      title: t`The explosion nobody expects`,
      minutes: 12,
      form: 'class',
      figures: [
        {
          label: t`The gradient, layer by layer, and below it: weights of half, once and twice He’s`,
          target: '5#back',
        },
      ],
      predict: t`Twenty layers, He’s weights, nothing learned yet. Where is the first layer’s gradient longer: with batch normalization or without? And with weights twice He’s?`,
      run: t`Read both figures. What is the factor per layer with batch normalization, and how does it change with the weights?`,
      explain: t`“Batch normalization cures exploding gradients.” “Batch normalization makes gradients explode.” How can both be defended?`,
      answer: t`With He’s weights: longer *with* it, by {5:growth.batch|1.21} per layer, where theory says $\sqrt{\pi/(\pi-1)} = \is{growth}{1.21}$. With twice He’s: longer without, by a
        factor of a thousand or more. It trades an explosion that can be anything for one that is known. [C17](C17), [C72](C72)`,
    },
    {
      title: t`How large a step?`,
      minutes: 12,
      form: 'pairs',
      figures: [
        { label: t`Eight layers, seven learning rates`, target: '5#rate' },
        { label: t`The same on raw pixels`, target: 'study:learning-rate-sweep?raw=1' },
      ],
      predict: t`Sketch two curves, accuracy against learning rate from 0.01 to 10: without and with batch normalization.`,
      sketch: true,
      run: t`Run with three seeds. Then set “raw” to 1 and run again.`,
      explain: t`A blog post compares the two at one learning rate and finds batch normalization five times better. Which two questions do you ask its author?`,
      answer: t`At rate 1 it is {5:sweep.none|14} % without and {5:sweep.batch|80} % with; at 0.1 it is {5:sweep.none_low|57} and {5:sweep.batch_low|53} %. The curve reaches farther to the
        right, and it is not ahead on the left. Ask: at which rate did you compare, and had you standardised the inputs? [C36](C36), [C37](C37)`,
    },
  ],
  discussion: [
    {
      ask: t`Which is the better argument for batch normalization: “the forward pass does not depend on the weights’ scale”, or “the histograms look good”?`,
      answer: t`The first: it is algebra and holds for all weights, during training too. Histograms can look good while every example gets the same answer.`,
    },
    {
      ask: t`Weights ten times too large and weights ten times too small: with batch normalization, which is the greater harm, and why are they not alike?`,
      answer: t`Too large. The angle of a step falls with $1/a^2$, so large weights learn slowly, and for long. Small ones take wild first steps, which lengthen them: they repair
        themselves. [C41](C41)`,
    },
    {
      ask: t`A network of 50 ReLU layers with batch normalization and no skip connections does not learn. Give the reason in one number.`,
      answer: t`$\is{growth}{1.21}^{50} > 10\,000$: the first layer’s gradient is more than ten thousand times the last one’s, and no learning rate suits both.`,
    },
    {
      ask: t`“With batch normalization nothing explodes.” What is not normalised?`,
      answer: t`The last layer, the gradients, and $\gamma$ and $\beta$ themselves. At a rate of 3 every hidden value is still about 1; at 30 the outputs run away, and the hidden values with them. [C9](C9)`,
    },
  ],
  misconceptions: [
    {
      said: t`“Batch normalization cures exploding gradients.”`,
      reply: t`Those that come from the weights’ scale. It brings a mild one of its own.`,
      claim: 'C17',
    },
    {
      said: t`“It speeds up training.”`,
      reply: t`At which learning rate, and compared with what? At small rates with standardised inputs it does not.`,
      claim: 'C37',
    },
    {
      said: t`“One need not care about initial weights any more.”`,
      reply: t`The forward pass does not see their scale. The steps do.`,
      claim: 'C41',
    },
    {
      said: t`“Nothing explodes any more.”`,
      reply: t`No normalised value does. Look at the outputs.`,
      claim: 'C9',
    },
    {
      said: t`“Sigmoids cannot be trained in deep networks.”`,
      reply: t`Not for long without help. With batch normalization twenty layers learn.`,
      claim: 'C40',
    },
  ],
  exercises: [
    {
      title: t`Whispering in numbers`,
      kind: 'exam',
      minutes: 8,
      task: t`ReLU layers of 128 units. Which $\sigma_w$ keeps the mean square of the signal? With weights 1.5 times as large, by what factor have the *values* grown after 10 layers? What does
        batch normalization make of this factor?`,
      solution: t`$\sigma_w^2 = 2/128$, $\sigma_w = 1/8 = \is{whisper.sigma}{0.125}$. Each layer multiplies the mean square by $1.5^2$, the values by 1.5: $1.5^{10} = \is{whisper.ten}{57.7}$. Batch
        normalization divides it out in every layer: 1, up to $\eps$.`,
      lines: 5,
    },
    {
      title: t`1.21`,
      kind: 'exam',
      minutes: 15,
      task: t`$\xhat$ is standard normal, $h = \operatorname{ReLU}(\xhat)$. (a) Give mean, mean square and variance of $h$. (b) A gradient is divided by the next layer’s $\sigma_z$, multiplied by its
        weights and passes ReLU in half of the cases. By what is its mean square multiplied? (c) How much is that after 10 layers, for the gradient’s length?`,
      solution: t`(a) $1/\sqrt{2\pi} = \is{relu.mean}{0.399}$, $\tfrac12$, $\tfrac12 - \tfrac1{2\pi} = \is{relu.var}{0.341}$. (b) $\sigma_z^2 = n\sigma_w^2 (\pi - 1)/(2\pi)$, so
        $\frac{1}{\sigma_z^2} \cdot n\sigma_w^2 \cdot \tfrac12 = \frac{\pi}{\pi - 1} = \is{relu.square}{1.467}$; the scale of the weights has cancelled. (c) $1.467^{5} = \is{relu.ten}{6.8}$.`,
      lines: 9,
    },
    {
      title: t`Sigmoids, at best`,
      kind: 'exam',
      minutes: 5,
      task: t`The slope of a sigmoid is at most ¼. Weights neither enlarge nor shrink a gradient. What is left of it, at best, after 10 sigmoid layers? And with batch normalization after each linear
        layer?`,
      solution: t`$(1/4)^{10}$, a millionth: {sigmoid.ten|0.00000095}. With batch normalization each layer divides by the spread that is left, which puts the lost factor back.`,
      lines: 3,
    },
    {
      title: t`A fair comparison`,
      kind: 'homework',
      minutes: 40,
      task: t`Plan and run a comparison with and without batch normalization in the [Lab](lab:data=glyphs;count=1500;noise=0.2;standardize=on;hidden=32,32,32,32,32,32,32,32;batch=64;lr=1;panels=trace,layers)
        that you would accept from somebody you distrust. Write down beforehand: what is equal in both arms, which learning rates, how many seeds, what counts as better. Then report, with links.`,
      solution: t`Look for: same data, initial weights and order (the Lab sees to it); each arm at its own best learning rate, and both at a small one; three seeds at least, all shown; inputs
        standardised in both; test accuracy in inference mode; the verdict decided on before the run. A result of “no difference” is full marks.`,
      lines: 8,
    },
  ],
  short: t`Open [ten layers](5#figure). Weights times 2: the left column leaves the picture. Ask what the right column will do, and move the sliders. Then ask the opposite question: *is
    there a scale at which the left column is fine?* (Times 1.) Ten minutes, two ideas: scale cancels, and compare with the best alternative.`,
  session: [
    { minutes: 12, what: t`“A chain of whispers”; “Whispering in numbers” on paper.` },
    { minutes: 15, what: t`“The picture can deceive”.` },
    { minutes: 18, what: t`You derive 1.21 with the class, then “The explosion nobody expects”.` },
    { minutes: 15, what: t`“How large a step?”, with sketches on the board before anything runs.` },
    {
      minutes: 20,
      what: t`Groups start “A fair comparison” and swap their plans for criticism before running.`,
    },
    {
      minutes: 10,
      what: t`Which of the claims [C9](C9), [C17](C17), [C36](C36), [C37](C37), [C41](C41) would you repeat to a colleague as it stands?`,
    },
  ],
};
