/**
 * How arms are told apart: by a colour, a shape and a dash each. Training and inference have the colours they have
 * everywhere.
 */
export interface ArmLook {
  /** A token. */
  colour: string;
  shape: (typeof SHAPES)[number];
  /** For stroke-dasharray. */
  dash: string;
}

const COLOURS = ['x', 'y', 'grad', 'xhat', 'training-line', 'accent', 'text-muted'] as const;
const SHAPES = ['circle', 'diamond', 'square', 'triangle', 'cross'] as const;
const DASHES = ['none', '7 4', '2 3', '9 3 2 3', '4 2'] as const;

export function armLook(index: number, name: string): ArmLook {
  const meant = { training: 'training-line', inference: 'inference' }[name];
  return {
    colour: meant ?? COLOURS[index % COLOURS.length]!,
    shape: SHAPES[index % SHAPES.length]!,
    dash: DASHES[index % DASHES.length]!,
  };
}

const RADIUS = 3;

/** One mark as part of a path, so that a thousand of them are one element. */
export function markPath(shape: ArmLook['shape'], x: number, y: number): string {
  const r = RADIUS;
  const at = (dx: number, dy: number) => `${(x + dx).toFixed(1)} ${(y + dy).toFixed(1)}`;
  switch (shape) {
    case 'circle':
      return `M${at(-r, 0)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case 'diamond':
      return `M${at(-r - 0.5, 0)}L${at(0, -r - 0.5)}L${at(r + 0.5, 0)}L${at(0, r + 0.5)}z`;
    case 'square':
      return `M${at(-r, -r)}h${2 * r}v${2 * r}h${-2 * r}z`;
    case 'triangle':
      return `M${at(0, -r - 0.5)}L${at(r + 0.5, r)}L${at(-r - 0.5, r)}z`;
    case 'cross':
      return `M${at(-1, -r)}h2v${r - 1}h${r - 1}v2h${1 - r}v${r - 1}h-2v${1 - r}h${1 - r}v-2h${r - 1}z`;
  }
}

/** Where seed number `index` of `count` stands beside the middle: evenly from −1 to 1, the same in every chart. */
export function beside(index: number, count: number): number {
  if (count < 2) return 0;
  // Seeds that follow one another stand apart, so that no order is seen where there is none.
  const stride = [7, 11, 3, 1].find((step) => count % step !== 0 || step === 1)!;
  return (2 * ((index * stride) % count)) / (count - 1) - 1;
}
