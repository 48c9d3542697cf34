import { t, type Text } from './text.ts';

/** A way through the chapters for a course of some length. */
export interface CoursePath {
  readonly title: Text;
  readonly whom: Text;
  readonly steps: readonly { readonly when: Text; readonly what: Text }[];
}

export interface Note {
  /** Its place on the page. */
  readonly id: string;
  readonly title: Text;
  readonly text: Text;
}

export interface Course {
  readonly about: Text;
  readonly method: readonly { readonly name: Text; readonly text: Text }[];
  readonly paths: readonly CoursePath[];
  /** What holds for all lessons: scores, access, data, licence. */
  readonly notes: readonly Note[];
}

export const COURSE: Course = {
  about: t`For each of the eight chapters: what students will be able to do, what they need, how long it takes, activities with figures that open in the right state, questions with
    answers, misconceptions with the experiment that settles each, exercises with solutions, and a worksheet to print. Take what you need; nothing has to be done in full.`,
  method: [
    {
      name: t`Predict`,
      text: t`Everyone writes an answer down before anything runs. A guess that has been written down is worth ten that were merely thought: it can be wrong. In the chapters a figure asks first; an experiment opened
        by itself says at once what it is held to, so let them write before you open it.`,
    },
    {
      name: t`Run`,
      text: t`The figure computes; nothing is recorded or faked. With the same seed your students see your numbers.`,
    },
    {
      name: t`Explain`,
      text: t`First to a neighbour, then to the class. Most learning happens where prediction and result part. Resist explaining first.`,
    },
  ],
  paths: [
    {
      title: t`One lecture`,
      whom: t`90 minutes in a machine-learning course; laptops are welcome and not needed.`,
      steps: [
        { when: t`before`, what: t`Students read [chapter 1](1), sections 1 to 3.` },
        {
          when: t`25 min`,
          what: t`“The whole way by hand” and “The loud neighbour” from chapter 1, on the projector.`,
        },
        {
          when: t`20 min`,
          what: t`Two functions: sections 1 to 3 of [chapter 4](4), with “Same picture, other company”.`,
        },
        {
          when: t`20 min`,
          what: t`“How large a step?” from [chapter 5](5): where it helps, and where it does not.`,
        },
        { when: t`15 min`, what: t`“How small is too small?” from [chapter 8](8).` },
        {
          when: t`10 min`,
          what: t`Five claims from the [board](claims.html): hands up for true, false, depends; then run one.`,
        },
        {
          when: t`after`,
          what: t`The exercises of chapter 1 as homework; the [questions on chapter 4](quiz:4) as a self-check.`,
        },
      ],
    },
    {
      title: t`A laboratory of two sessions`,
      whom: t`Twice 90 minutes in a computer room, in pairs.`,
      steps: [
        {
          when: t`session 1`,
          what: t`Chapter 1’s whole session, without the derivation; then “A chain of whispers” and “How large a step?” from chapter 5.`,
        },
        {
          when: t`between`,
          what: t`“A fair comparison” (chapter 5) as homework, handed in as a link to the [Lab](lab.html).`,
        },
        {
          when: t`session 2`,
          what: t`Chapter 4’s whole session; the last 20 minutes are “Consulting” from chapter 8.`,
        },
        { when: t`after`, what: t`“A doctor for networks” (chapter 4) or “Recommend” (chapter 8).` },
      ],
    },
    {
      title: t`Flipped classroom`,
      whom: t`Students read and run at home; the time together is for arguing.`,
      steps: [
        {
          when: t`at home`,
          what: t`Read a chapter, answer its questions before running, do the self-check ([for instance](quiz:3)), and bring one thing that came out otherwise than predicted.`,
        },
        { when: t`10 min`, what: t`Collect the surprises on the board.` },
        {
          when: t`25 min`,
          what: t`Discussion questions in groups, one each; the answers stand with the lesson, folded away.`,
        },
        { when: t`20 min`, what: t`One activity that was not done at home.` },
        { when: t`10 min`, what: t`An exam exercise on paper, corrected by the neighbour.` },
      ],
    },
    {
      title: t`A seminar on evidence`,
      whom: t`Advanced students; six meetings on chapter 6 and the claims it touches.`,
      steps: [
        {
          when: t`before`,
          what: t`Everyone reads [chapter 6](6) and chooses claims from the [board](claims.html#why).`,
        },
        {
          when: t`each time`,
          what: t`A pair presents one explanation: the claim, its experiment here, the paper behind it, and where the result turns.`,
        },
        {
          when: t`at the end`,
          what: t`“Design an experiment” (chapter 6), reviewed by another pair before anything runs.`,
        },
      ],
    },
  ],
  notes: [
    {
      id: 'embedding',
      title: t`Putting figures into your course`,
      text: t`Every figure has an address that holds its whole state. Set it up, copy the address, and your students start there; or put it into a frame on your own page, or use the
        custom elements. The [builder](teach.html#builder) writes all three for you. What students may change can be limited; what comes out is always shown.`,
    },
    {
      id: 'scores',
      title: t`What scores mean`,
      text: t`The [quiz](quiz.html) gives feedback at once, tells your course platform what was answered where you ask it to, and can be repeated. It can report to platforms by SCORM 1.2, xAPI and SPLICE. Its scores are made in the student’s browser, where
        whoever wants to can change them. Use them to see what needs another lesson and to let students see where they stand: they are *formative*. For grades use the exam
        exercises on paper, or a conversation.`,
    },
    {
      id: 'access',
      title: t`Access for everyone`,
      text: t`The text is complete without figures and without JavaScript. Every figure works by keyboard and by touch, has its numbers as a table, never relies on colour alone, and moves nothing by
        itself. Pages work from 320 pixels of width, in light and dark, and follow a system’s wish for less motion or more contrast. What is drawn is also said in a sentence below the figure.
        Should a student meet an obstacle all the same, the worksheets cover the same ground on paper.`,
    },
    {
      id: 'privacy',
      title: t`What is collected: nothing`,
      text: t`There is no account, no cookie and no counter, and no other site is asked for anything. Whatever is computed is computed on the student’s device, a CSV file included. Kept in
        the student’s own browser, and nowhere else, are the theme, predictions and answers, what they ask to keep, and the site itself, so that it opens without a network. Inside a frame
        nothing is kept at all. Scores leave the page only where *you* set that up, and only for the platform you name.

        Whoever hosts the pages sees, as with any site, that they were fetched. Where that matters, host them yourself: they are static files, and there is a version in one
        file that opens from a disk.`,
    },
    {
      id: 'licence',
      title: t`Licence, and how to cite`,
      text: t`Texts, figures, worksheets and code are under the MIT licence: use them, change them, print them, keep the notice. To cite, give the name, the page and the version that the
        repository states, and for a figure its address, which repeats it exactly:

        *BatchNorm Lab: batch normalization and mini-batch SGD, understood by running them.* Chapter 4, “Training and inference”. Version 0.1.0.`,
    },
  ],
};
