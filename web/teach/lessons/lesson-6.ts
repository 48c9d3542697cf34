import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson6: Lesson = {
  chapter: 6,
  about: t`Why does it work? A lesson in how science argues: six explanations, an experiment for each, and the place where each of them turns. Good for a seminar; no answer is given
    that the evidence does not give.`,
  objectives: [
    {
      level: 'remember',
      text: t`State six explanations of why batch normalization helps, with their authors.`,
    },
    {
      level: 'apply',
      text: t`Compute what a gradient promises for a chain of weights and what one step really does.`,
    },
    {
      level: 'analyse',
      text: t`Tell two meanings of “internal covariate shift” apart and say which of them batch normalization reduces by construction.`,
    },
    {
      level: 'evaluate',
      text: t`Say what an experiment shows, what it does not show, and where its result turns.`,
    },
    {
      level: 'create',
      text: t`Propose an experiment that would decide between two of the explanations, and say beforehand which outcome speaks for which.`,
    },
  ],
  prerequisites: [
    t`[Chapters 1](1), [2](2) and [5](5).`,
    t`Gradients of a product; the binomial formula helps.`,
    t`Having read one scientific paper critically, or wanting to.`,
  ],
  minutes: { reading: 40, figures: 35, discussion: 30 },
  activities: [
    {
      title: t`Shift without harm`,
      minutes: 15,
      form: 'groups',
      figures: [
        { label: t`Ten linear layers`, target: '6#target' },
        { label: t`With ReLU: you decide`, target: 'study:covariate-shift-relu' },
      ],
      predict: t`Take a layer’s gradient, let only the layers below make their step, take it again: the relative change is the shift. Ten linear layers: does batch normalization lower or raise it?
        And the loss?`,
      run: t`Run the first experiment with three seeds. Then the second, and note at which learning rate and in which phase the answer is another.`,
      explain: t`Write two sentences that begin “It follows that …” and “It does not follow that …”.`,
      answer: t`The shift is {6:shift.none|0.06} without and {6:shift.batch|1.0} with batch normalization, and the loss ends at {6:shift.loss_batch|0.16} instead of
        {6:shift.loss_none|0.26}. So learning can be better in spite of more shift, by this measure. It does not follow that the shift never matters, nor that means and variances
        are not steadied: they are, by construction. With ReLU it depends on learning rate and phase. [C47](C47), [C56](C56), [C63](C63)`,
    },
    {
      title: t`Noise on purpose`,
      minutes: 12,
      form: 'pairs',
      figures: [{ label: t`Noise behind batch normalization`, target: '6#noise' }],
      predict: t`Behind each batch normalization every unit is shifted and stretched at random, anew in each step. At learning rate 1: better or worse than a network with neither? And at 0.1?`,
      run: t`Run, and read all three learning rates. Fill in: at 0.1 …, at 0.5 …, at 1 …`,
      explain: t`The authors show the rates at which it wins. Is that dishonest? What should a caption have said?`,
      answer: t`At 1 far better; at 0.1 the order is reversed; at every rate the noise costs something, ten points or so. It is not dishonest if the range is said. The result that stands: a steady
        distribution is worth something, and it is not everything. [C58](C58), [C59](C59)`,
    },
    {
      title: t`A promise, and what became of it`,
      minutes: 12,
      form: 'pairs',
      figures: [
        { label: t`One step of a chain`, target: '6#chain' },
        { label: t`Chains of several lengths`, target: 'study:goodfellow-chain' },
      ],
      predict: t`Ten weights, all 1, in a chain: $\hat{\y} = \x\,w_1 \cdots w_{10}$, with $\x = 1$. One step against the gradient with $\eta = 0.1$. The gradient promises 0. What comes out?`,
      run: t`Compute $(1 - 0.1)^{10}$ and compare with the figure. Then $\eta = 0.3$. Then batch normalization behind the chain.`,
      explain: t`Why is the promise kept to the letter with batch normalization? And why is that, in this chain, an absurd bargain?`,
      answer: t`{6:chain.tenth.actual|0.35} instead of {6:chain.tenth.predicted|0.00}; for 0.3 the promise is {6:chain.third.predicted|−2.00} and what happens is
        {6:chain.third.actual|0.03}. With batch normalization the output is linear in $\gamma$ and $\beta$, and the weights’ gradient is exactly 0: the weights have become useless.
        [C53](C53), [C54](C54)`,
    },
    {
      title: t`A smoother landscape?`,
      minutes: 12,
      form: 'groups',
      figures: [
        { label: t`The loss along a step`, target: '6#landscape' },
        { label: t`Smoothness and the scale of weights`, target: 'study:smoothness-and-scale' },
      ],
      predict: t`From step 150 on: how much wider is the range of the loss along a step without batch normalization: not at all, twice, ten times? And in the first fifty steps?`,
      run: t`Run, and compare steps 0 and 50 with 150 and 200. Then the second experiment: multiply all normalised weights by $a$.`,
      explain: t`Which of the three measures would you report, and why not the other two?`,
      answer: t`Late: ten times or more. Early it is the other way round. The effective $\beta$-smoothness changes with $1/a^2$ although the network computes the same, so a network can be made as
        “smooth” as one likes; the range of the loss does not depend on $a$. [C60](C60), [C62](C62)`,
    },
  ],
  discussion: [
    {
      ask: t`“Reduces internal covariate shift” has been in a thousand introductions. Is it true, false, or not one claim?`,
      answer: t`Two claims at least. About means and variances of distributions it is true by construction. About gradients it is often false, and networks learn well in spite of it.
        [C47](C47)`,
    },
    {
      ask: t`“It has been proved that covariate shift has nothing to do with it.” What is wrong with “proved”, and with “nothing”?`,
      answer: t`It has been shown that one measure can grow while learning gets better. That refutes “less shift, therefore faster”. And Awais and colleagues (2020) found that networks which keep all
        but the steadied distributions train badly. [C63](C63)`,
    },
    {
      ask: t`Little of the advantage is left at small learning rates. What does this single fact do to an explanation?`,
      answer: t`Whatever is present at every learning rate cannot be the whole reason for something that is not. It is the most useful sieve of the chapter: try each explanation on it.`,
    },
    {
      ask: t`$\ell_1$ and $\ell_\infty$ do as well as the standard deviation. Which explanation does this take away, and what hint does it leave?`,
      answer: t`That unit variance, or a bell curve of fixed width, were the point. The hint: some common measure of scale is needed, any will do; what they share is that the weights’ length no longer
        matters. [C61](C61)`,
    },
    {
      ask: t`How much of this may be said of large networks?`,
      answer: t`The algebra, all of it. The measurements, none without measuring again: these are small networks on 12 × 12 glyphs. The original papers used large ones, and where our results agree with
        theirs the board says so.`,
    },
  ],
  misconceptions: [
    {
      said: t`“It works because it reduces internal covariate shift.”`,
      reply: t`Which of the two shifts? Measure the second.`,
      claim: 'C47',
    },
    {
      said: t`“It has been proved that covariate shift is a myth.”`,
      reply: t`One explanation has been refuted. Ask which sentence exactly.`,
      claim: 'C63',
    },
    {
      said: t`“$\gamma$ and $\beta$ keep moving, so nothing is steadier.”`,
      reply: t`Two slow numbers per unit, against all weights below. Compare the shifts per step.`,
      claim: 'C50',
    },
    {
      said: t`“A smoother loss is why.”`,
      reply: t`After the early phase, along a step, at rates that are not small. And smooth by which measure?`,
      claim: 'C60',
    },
    {
      said: t`“β-Lipschitz” for a gradient that changes at most β times as fast`,
      reply: t`That is β-smooth. Lipschitz is said of the values.`,
      claim: 'C62',
    },
  ],
  exercises: [
    {
      title: t`A short chain`,
      kind: 'exam',
      minutes: 10,
      task: t`$\hat{\y} = w_1 \cdots w_5$, all weights 1. One step down the gradient with $\eta = 0.2$. What does the gradient promise, what does second order say, and what happens? How many terms
        with $\eta^2$ are there?`,
      solution: t`Promise $1 - 5 \cdot 0.2 = \is{chain.promise}{0}$; second order adds $10\,\eta^2$: {chain.second|0.4}; truth $0.8^5 = \is{chain.actual}{0.328}$. There are
        $\binom{5}{2} = \is{chain.terms}{10}$ such terms.`,
      lines: 5,
    },
    {
      title: t`Measure a shift`,
      kind: 'exam',
      minutes: 6,
      task: t`A layer’s gradient is $G = (3, 4)$; after the layers below have moved it is $G' = (0, 5)$. Compute the relative shift and the cosine between the two. Could the shift be 1 and
        the cosine 1 at the same time?`,
      solution: t`$\lVert G - G' \rVert / \lVert G \rVert = \sqrt{10}/5 = \is{shift.relative}{0.632}$; cosine $20/25 = \is{shift.cosine}{0.8}$. Yes: $G' = 2G$ has both.`,
      lines: 4,
    },
    {
      title: t`Claim, evidence, turn`,
      kind: 'homework',
      minutes: 45,
      task: t`Choose one claim with the topic “Why does it work?” on the [board](claims.html#why). Predict its badge, run it, and write one page: the claim; what was measured and over how many seeds;
        what holds; where it turns (move a setting until the badge changes, and give the link); what would convince you of the opposite.`,
      solution: t`Look for: a prediction written before the run; numbers with intervals and seeds; a turning point found by the student and a link that repeats it; no sentence that goes
        beyond small networks without saying so.`,
      lines: 6,
    },
    {
      title: t`Design an experiment`,
      kind: 'homework',
      minutes: 40,
      task: t`Two explanations: “it permits large steps” and “it keeps examples apart”. Design an experiment whose outcome would speak for one of them and against the other. Say what is held equal,
        what is measured, and what each outcome would mean. Try it in the [Lab](lab.html) if you can.`,
      solution: t`For instance: deep sigmoid networks at the small learning rate at which the normalised one learns. If a normalisation that keeps scale in order but not examples apart (layer
        normalization) learns as well, scale suffices; if not, it does not. A good design names its confounds, such as different best learning rates.`,
      lines: 9,
    },
  ],
  short: t`Write $(1 - \eta)^{10}$ on the board. What does the gradient promise at $\eta = 0.1$? (0.) What comes out? (About a third.) Open [the chain](6#chain) and move $\eta$. Ten minutes,
    one idea: a gradient speaks for one weight while the others stand still, and they do not.`,
  session: [
    { minutes: 10, what: t`Students write down their own answer to “why does it work?” and seal it.` },
    { minutes: 35, what: t`Four groups, one activity each: shift, noise, chain, landscape.` },
    {
      minutes: 25,
      what: t`Each group presents claim, evidence and turn in five minutes; the others ask for what was *not* shown.`,
    },
    { minutes: 10, what: t`Fill in the table of [section 8](6#rest) together, from memory.` },
    { minutes: 10, what: t`Open the sealed answers. Who would write it differently?` },
  ],
};
