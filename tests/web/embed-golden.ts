import type { EmbedFigureName } from '../../web/protocol/embed.ts';

export interface GoldenLink {
  /** What is behind embed.html in somebody's course page. */
  readonly hash: string;
  readonly figure: EmbedFigureName;
  readonly attributes: Readonly<Record<string, string>>;
  readonly state?: string;
  /** A text the figure shows only if it understood all of it. */
  readonly shows: string | RegExp;
}

/**
 * Links as they were given out. They stand in pages nobody of us can change, so none of them is ever changed or taken away here;
 * what is new gets links of its own.
 */
export const GOLDEN_LINKS: readonly GoldenLink[] = [
  {
    hash: '#v=1&figure=worked-example&x=2,4,6,8&gamma=2&beta=0.5',
    figure: 'worked-example',
    attributes: { x: '2,4,6,8', gamma: '2', beta: '0.5' },
    shows: 'The largest |x̂| is 1.3416',
  },
  {
    // Without a version it is the first.
    hash: '#figure=worked-example&x=1,2;3,4;&eps=0.001&theme=dark&we=1;preset=outlier;step=3',
    figure: 'worked-example',
    attributes: { x: '1,2;3,4;', eps: '0.001', theme: 'dark' },
    state: '1;preset=outlier;step=3',
    shows: 'Step 4 of 7',
  },
  {
    hash: '#v=1&figure=lab&preset=one-class&controls=few&panels=trace',
    figure: 'lab',
    attributes: { preset: 'one-class', controls: 'few', panels: 'trace' },
    shows: 'What differs:',
  },
  {
    hash: '#v=1&figure=lab&experiment=1;data=moons;lr=0.3&lab=1;data=circles',
    figure: 'lab',
    attributes: { experiment: '1;data=moons;lr=0.3' },
    state: '1;data=circles',
    shows: 'What differs:',
  },
  { hash: '#v=1&figure=claim&id=C7', figure: 'claim', attributes: { id: 'C7' }, shows: 'Predict and run' },
  {
    hash: '#v=1&figure=claim&id=C7&open=&claim=C7~seeds:4',
    figure: 'claim',
    attributes: { id: 'C7', open: '' },
    state: 'C7~seeds:4',
    shows: 'with 4 seeds',
  },
  {
    hash: '#v=1&figure=study&name=double-well&knobs=noise=2&points=1,2,256&seeds=20&theme=light',
    figure: 'study',
    attributes: { name: 'double-well', knobs: 'noise=2', points: '1,2,256', seeds: '20', theme: 'light' },
    shows: 'Run 20 seeds',
  },
  {
    hash: '#v=1&figure=weight-scale&set=a=2;bias=0',
    figure: 'weight-scale',
    attributes: { set: 'a=2;bias=0' },
    shows: /one step/i,
  },
  {
    hash: '#v=1&figure=deep-network&depth=20&activation=sigmoid&gain=2&view=gradient',
    figure: 'deep-network',
    attributes: { depth: '20', activation: 'sigmoid', gain: '2', view: 'gradient' },
    shows: 'Every layer, as a table',
  },
  {
    hash: '#v=1&figure=weight-chain&length=4&lr=0.2&controls=none',
    figure: 'weight-chain',
    attributes: { length: '4', lr: '0.2', controls: 'none' },
    shows: '4 layers, learning rate 0.20',
  },
  { hash: '#v=1&figure=averaged-over', figure: 'averaged-over', attributes: {}, shows: 'The ring marks' },
  {
    hash: '#v=1&figure=running-average&decimal=comma',
    figure: 'running-average',
    attributes: { decimal: 'comma' },
    shows: /still has weight 0,0\d+/,
  },
  {
    hash: '#v=1&figure=quiz&chapter=3&count=4&seed=7&shuffle=off',
    figure: 'quiz',
    attributes: { chapter: '3', count: '4', seed: '7', shuffle: 'off' },
    shows: /1 of 4/,
  },
];

/** Every figure and attribute that was ever promised. */
export const GOLDEN_TABLE: Readonly<Record<string, readonly string[]>> = {
  'bn-worked-example': ['x', 'gamma', 'beta', 'eps', 'dy', 'target'],
  'bn-lab': ['preset', 'experiment', 'panels', 'heading'],
  'bn-claim': ['id', 'open'],
  'bn-study': ['name', 'knobs', 'points', 'seeds', 'checks', 'metrics'],
  'bn-quiz': ['chapter', 'questions', 'count', 'seed', 'shuffle', 'scores', 'scores-to'],
  'bn-weight-scale': ['set'],
  'bn-same-function': ['set'],
  'bn-identity-again': ['set'],
  'bn-norm-balance': ['set'],
  'bn-deep-network': ['depth', 'activation', 'gain', 'steps', 'lr', 'view'],
  'bn-weight-chain': ['length', 'lr'],
  'bn-averaged-over': [],
  'bn-running-average': [],
};
