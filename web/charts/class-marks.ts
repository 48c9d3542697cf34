/** How examples of a class are marked everywhere: a shape and a colour (--class-0 … --class-9 of tokens.css). */
export const MARKED_CLASSES = 10;

/** The corners of a regular polygon, or of a star where the radii differ, as an SVG path around (0, 0); the first is on top. */
function polygon(corners: number, radii: readonly number[], turn = 0): string {
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = turn - Math.PI / 2 + (2 * Math.PI * i) / corners;
    const radius = radii[i % radii.length] as number;
    return `${(radius * Math.cos(angle)).toFixed(3)} ${(radius * Math.sin(angle)).toFixed(3)}`;
  });
  return `M${points.join('L')}Z`;
}

const PLUS = 'M-.42 -1.15H.42V-.42H1.15V.42H.42V1.15H-.42V.42H-1.15V-.42H-.42Z';
const CROSS =
  'M0 -.6L.55 -1.15L1.15 -.55L.6 0L1.15 .55L.55 1.15L0 .6L-.55 1.15L-1.15 .55L-.6 0L-1.15 -.55L-.55 -1.15Z';

/** SVG paths of about the same area, around (0, 0) with a radius of about 1; class k has the k-th. */
export const CLASS_SHAPES: readonly { name: string; path: string }[] = [
  { name: 'circle', path: 'M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z' },
  { name: 'square', path: 'M-.9 -.9H.9V.9H-.9Z' },
  { name: 'triangle', path: polygon(3, [1.35]) },
  { name: 'diamond', path: polygon(4, [1.25]) },
  { name: 'plus', path: PLUS },
  { name: 'star', path: polygon(10, [1.4, 0.62]) },
  { name: 'upturned triangle', path: polygon(3, [1.35], Math.PI) },
  { name: 'cross', path: CROSS },
  { name: 'pentagon', path: polygon(5, [1.12]) },
  { name: 'hexagon', path: polygon(6, [1.1]) },
];

/** The shape of a class; beyond the tenth they begin again. */
export function classShape(label: number): { name: string; path: string } {
  return CLASS_SHAPES[label % MARKED_CLASSES] as { name: string; path: string };
}

/** The name of the colour's token. */
export function classToken(label: number): string {
  return `--class-${label % MARKED_CLASSES}`;
}

const paths = new Map<string, Path2D>();

/** The shape as a canvas path. */
export function classPath(label: number): Path2D {
  const { name, path } = classShape(label);
  let found = paths.get(name);
  if (!found) paths.set(name, (found = new Path2D(path)));
  return found;
}
