import type { Lesson } from '../lesson.ts';
import { t } from '../text.ts';

export const lesson7: Lesson = {
  chapter: 7,
  about: t`Rules of good practice, sorted by evidence: which are arithmetic, which are habits whose opposite works as well, and which are wrong. Null results are results here, and it is worth
    telling students so.`,
  objectives: [
    {
      level: 'apply',
      text: t`Compute the variance that dropout adds, and what a batch normalization behind it stores and meets.`,
    },
    {
      level: 'understand',
      text: t`Explain why weight decay on weights before batch normalization acts as a learning rate.`,
    },
    {
      level: 'apply',
      text: t`Use $\sqrt{2\eta\lambda}$ to say what a change of learning rate or decay does in the long run.`,
    },
    { level: 'analyse', text: t`Read a null result: say which difference could have been seen and was not.` },
    {
      level: 'evaluate',
      text: t`Rank the usual rules by the size of their effect and the strength of their evidence.`,
    },
  ],
  prerequisites: [
    t`[Chapter 2](2), sections 3 to 5, for weight decay.`,
    t`[Chapter 4](4), sections 1 to 3, for dropout and shuffling.`,
    t`What dropout and weight decay are.`,
  ],
  minutes: { reading: 35, figures: 35, discussion: 20 },
  activities: [
    {
      title: t`Three choices that do not matter?`,
      minutes: 12,
      form: 'pairs',
      figures: [{ label: t`One change at a time`, target: '7#affine' }],
      predict: t`A ReLU network learns digits. Normalise after the activation; leave out $\gamma$ and $\beta$; start from $\gamma = -1$. Which of the three moves its accuracy by more than four
        points? And with sigmoids?`,
      run: t`Run with three seeds. For each change note the difference *and its interval*.`,
      explain: t`“We found no difference” can mean two things. Which? How do the intervals tell them apart?`,
      answer: t`With ReLU none: {7:ablated.relu.usual|84} % as usual, {7:ablated.relu.plain|82}, {7:ablated.relu.after|82} and {7:ablated.relu.negative|82} % with the changes. With sigmoids the
        place and $\gamma$ matter by a few points: {7:ablated.sigmoid.usual|75}, {7:ablated.sigmoid.plain|72} and {7:ablated.sigmoid.after|79} %. No difference, or none that so few seeds
        could show: a narrow interval around 0 says the first.`,
    },
    {
      title: t`Three lengths, one fate`,
      minutes: 15,
      form: 'groups',
      figures: [
        { label: t`Three neurons with weight decay, and below it: in a whole network`, target: '7#decay' },
      ],
      predict: t`Three neurons with batch normalization start with weights of length 0.3, 1 and 3. Without decay they only grow. What does a decay of 0.01 do within 1500 steps?`,
      run: t`Answer in the figure and run. Then choose $\eta$ and $\lambda$ with the same product and compare the turn of a step with $\sqrt{2\eta\lambda}$.`,
      explain: t`Two forces act on the length of the weights. Name them, and derive the balance with Pythagoras.`,
      answer: t`All three come to {7:balance.length|1.70}, and a step turns them by {7:balance.turn|0.0773}, where $\sqrt{2\eta\lambda}$ is {7:balance.theory|0.0775}. Each step at right
        angles makes the weights longer, decay makes them shorter. In the network, three times the rate with a third of the decay gives other lengths ({7:lengths.decay|3.0} and
        {7:lengths.faster|6.0}) and the same turn ({7:turns.decay|0.079}). [C74](C74)`,
    },
    {
      title: t`Dropout’s other statistic`,
      minutes: 12,
      form: 'pairs',
      figures: [
        { label: t`Variance met and variance stored`, target: '7#dropout' },
        { label: t`And the accuracy?`, target: 'study:dropout-accuracy' },
      ],
      predict: t`Four layers with batch normalization, ReLU and dropout, $p = 0.5$. Dropout keeps the mean. In inference mode, is the variance each layer meets equal to, smaller or larger than the
        one it divides by? The same in all layers?`,
      run: t`Run the first experiment and write down the four ratios. Then the second.`,
      explain: t`Why do the ratios get smaller from layer to layer? And does recalibration bring the accuracy back?`,
      answer: t`1 for the first layer, then {7:shifted.0|0.48}, {7:shifted.1|0.29} and {7:shifted.2|0.20}: each layer receives too little and passes on less. Recalibration changes little about
        accuracy here: much dropout is simply too much noise for a small network with many clean examples. So do not blame the shift for everything. [C75](C75), [C42](C42)`,
    },
    {
      title: t`Ghosts`,
      minutes: 10,
      form: 'class',
      figures: [{ label: t`A large batch in small groups`, target: '7#noise' }],
      predict: t`One batch holds all 240 examples and is normalised in groups of eight. The groups are drawn anew for each step, or always the same. Better or worse than the undivided batch, in each
        case?`,
      run: t`Run and compare three numbers: undivided, new groups, fixed groups.`,
      explain: t`Both have groups of eight. Why does one help and the other harm?`,
      answer: t`{7:ghosts.whole|22} % undivided, {7:ghosts.shuffled|34} % with new groups, {7:ghosts.fixed|17} % with fixed ones. A group that never changes is no noise; it is a secret that the
        network learns, and that inference mode does not know. The same as shuffling in chapter 3. [C77](C77), [C44](C44)`,
    },
  ],
  discussion: [
    {
      ask: t`“Weight decay keeps weights small and functions simple.” For which parameters of a network with batch normalization is that so?`,
      answer: t`For the last layer, and for $\gamma$ and $\beta$ if they are decayed: these change the function. For weights before batch normalization the length does not change it at all.`,
    },
    {
      ask: t`Ioffe and Szegedy let the learning rate fall six times as fast. Should you?`,
      answer: t`It was an effect, not a cause: their network had come far before the rate got small. In our runs a slow fall is best for both. Start high, then fall as slowly as you have time for.
        [C43](C43)`,
    },
    {
      ask: t`“Batch normalization regularises, so it generalises better.” Which comparison supports it, and which is usually missing?`,
      answer: t`Small batches against large ones, both with batch normalization: {7:noisy.small.bn|41} against {7:noisy.full.bn|23} %. Missing is the network without:
        {7:noisy.small.none|39} and {7:noisy.full.none|33} %. [C38](C38)`,
    },
    {
      ask: t`One input is in millimetres, another in kilometres. Why does batch normalization after the first layer not repair that?`,
      answer: t`The large input drowns the small one inside the sum, before anything is normalised. Only a larger weight could help, and its gradient has the small input as a factor. Standardise
        the inputs, or put a batch normalization in front of the first layer.`,
    },
    {
      ask: t`You may keep three of the rules under “In short” at the end of the chapter. Which, and on what evidence?`,
      answer: t`There is no single answer. Shuffling and standardised inputs have the largest effects here, measuring in both modes saves most time; before or after, $\gamma$ and $\beta$ or not, are habits.
        Grade the reasons.`,
    },
  ],
  misconceptions: [
    {
      said: t`“After the nonlinearity is better, everyone says so.”`,
      reply: t`In one benchmark for one network; in another the reverse. Run it.`,
      claim: 'C33',
    },
    {
      said: t`“Weight decay makes the function simpler.”`,
      reply: t`Multiply these weights by 2 and ask what the network computes.`,
      claim: 'C74',
    },
    {
      said: t`“With batch normalization one needs no dropout.”`,
      reply: t`Often less. With few examples and wrong labels a little still helps.`,
      claim: 'C42',
    },
    {
      said: t`“It regularises.”`,
      reply: t`Compared with what? Ask for the control without it.`,
      claim: 'C38',
    },
    {
      said: t`“The learning rate should fall faster with it.”`,
      reply: t`It bears it. That is not the same as gaining by it.`,
      claim: 'C43',
    },
  ],
  exercises: [
    {
      title: t`What dropout adds`,
      kind: 'exam',
      minutes: 10,
      task: t`$h = \operatorname{ReLU}(\xhat)$ with $\xhat$ standard normal: mean square ½, variance {dropped.var|0.341}. Dropout with $p = 0.2$, inverted. What variance does the batch
        normalization behind it store, what does it meet in inference mode if the units are independent, and what is the ratio? Compare with $p = 0.5$.`,
      solution: t`$\operatorname{var} + \frac{p}{1 - p} \cdot \tfrac12 = 0.341 + 0.25 \cdot 0.5 = \is{dropped.light}{0.466}$ stored, {dropped.var|0.341} met: ratio {dropped.light_ratio|0.73}. With
        $p = 0.5$: {dropped.heavy|0.841} and {dropped.heavy_ratio|0.41}.`,
      lines: 5,
    },
    {
      title: t`Half a learning rate`,
      kind: 'exam',
      minutes: 8,
      task: t`$\eta = 0.1$ and $\lambda = 0.0005$. (a) By how much does a step turn weights before batch normalization, in balance? (b) After how many steps, in order of magnitude, is the
        balance reached? (c) You halve $\eta$ and leave $\lambda$. What becomes of (a), at once and in the long run?`,
      solution: t`(a) $\sqrt{2 \cdot 0.1 \cdot 0.0005} = \is{turn.usual}{0.01}$. (b) $1/(\eta\lambda) = \is{turn.time}{20000}$. (c) At once it halves, since the weights are as long as they were. In the long
        run they get shorter, and the turn settles at {turn.halved|0.0071}, that is $\sqrt{1/2}$ of what it was.`,
      lines: 5,
    },
    {
      title: t`Derive the balance`,
      kind: 'homework',
      minutes: 15,
      task: t`From $\lVert w' \rVert^2 = (1 - \eta\lambda)^2 \lVert w \rVert^2 + \eta^2 \lVert g \rVert^2$ derive the length at which growth and decay balance, and from it the turn
        $\eta \lVert g \rVert / \lVert w \rVert$. Where did you neglect something, and when is that allowed? What happens to the balance if the data make all gradients ten times larger?`,
      solution: t`$\lVert w' \rVert = \lVert w \rVert$ gives $(2\eta\lambda - \eta^2\lambda^2)\lVert w \rVert^2 = \eta^2 \lVert g \rVert^2$; without the square of $\eta\lambda$, which must be much
        less than 1, $\eta\lVert g \rVert/\lVert w \rVert = \sqrt{2\eta\lambda}$. Larger gradients make longer weights and the same turn: no gradient is left in the formula. (For these weights
        $\lVert g \rVert$ itself goes as $1/\lVert w \rVert$, which sets the length.)`,
      lines: 8,
    },
    {
      title: t`Ghosts of your own`,
      kind: 'homework',
      minutes: 30,
      task: t`Choose one rule of [“In short”](7#list) and try to make it fail: find a setting of its experiment for which the opposite rule wins. Hand in the link, the numbers with intervals, and a
        sentence that says for whom the rule should be restated.`,
      solution: t`Fine examples: inputs that already are standardised (that rule saves nothing); a network with many clean examples (dropout of any kind harms); one that needs only a few hundred steps
        (weight decay never reaches its balance).`,
      lines: 6,
    },
  ],
  short: t`Ask which of these matters for accuracy: before or after the activation; $\gamma$ and $\beta$ or none; shuffling. Vote, then show [the ablations](study:ablations) and
    [fixed batches](study:fixed-batches). Ten minutes, one idea: the choice people argue about least matters most.`,
  session: [
    {
      minutes: 10,
      what: t`Students rank eight rules by how much they think each matters. Keep the rankings.`,
    },
    { minutes: 12, what: t`“Three choices that do not matter?” How to read a null result.` },
    {
      minutes: 20,
      what: t`“Three lengths, one fate”, with the derivation at the board; “Half a learning rate” on paper.`,
    },
    { minutes: 15, what: t`“Dropout’s other statistic”.` },
    { minutes: 10, what: t`“Ghosts”.` },
    { minutes: 15, what: t`Rank again, now with evidence. What moved most?` },
  ],
};
