import type { Tensor } from '../protocol/tensor.ts';
import { classPath, classToken } from './class-marks.ts';
import { borders, regionPixels, type Regions, type Rgb } from './decision-map.ts';

/** Examples to mark on a plane of two features. */
export interface MapExamples {
  x: Tensor<Float32Array>;
  classes: Int32Array;
  /** Marks with a hole. */
  test: boolean;
}

export type MapRange = readonly [number, number, number, number];

export interface MapScene {
  /** Left out: the plane is empty. */
  regions: Regions | undefined;
  hard: boolean;
  range: MapRange;
  examples: readonly MapExamples[];
  /** Places with a ring around them. */
  ringed: readonly (readonly [number, number])[];
  /** A place with a cross of lines through it. */
  place: readonly [number, number] | undefined;
}

type Token = (name: string) => string;

/** Radius of a mark, as a share of the picture's side; smaller where there are many, and never too small to tell its shape. */
const RADIUS = { few: 1 / 80, many: 1 / 115, least: 1.9, most: 3.6 };
const FEW = 500;

/** Paints planes of one size with the same examples: these are drawn once and copied onto each. */
export class MapPainter {
  #marks: HTMLCanvasElement | undefined;
  #marked: unknown[] = [];

  /** `theme` is anything that changes when the tokens do. */
  paint(canvas: HTMLCanvasElement, scene: MapScene, token: Token, theme: unknown): void {
    const ratio = devicePixelRatio;
    const size = Math.round(canvas.clientWidth * ratio);
    if (size === 0) return;
    if (canvas.width !== size) canvas.width = canvas.height = size;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = token('--surface-raised');
    context.fillRect(0, 0, size, size);
    if (scene.regions) paintRegions(context, scene.regions, scene.hard, size, ratio, token);
    context.drawImage(this.#examples(scene, size, ratio, token, theme), 0, 0);
    const at = scaleOf(scene.range, size);
    const radius = radiusOf(scene.examples, size, ratio) + 2.5 * ratio;
    for (const place of scene.ringed) ring(context, at(place), radius, ratio, token);
    if (scene.place) crosshair(context, at(scene.place), size, ratio, token);
  }

  #examples(
    { examples, range }: MapScene,
    size: number,
    ratio: number,
    token: Token,
    theme: unknown,
  ): HTMLCanvasElement {
    const key = [size, ratio, theme, ...range, ...examples.map(({ x }) => x)];
    if (this.#marks && key.length === this.#marked.length && key.every((part, i) => part === this.#marked[i]))
      return this.#marks;
    this.#marked = key;
    const marks = (this.#marks ??= document.createElement('canvas'));
    marks.width = marks.height = size;
    const context = marks.getContext('2d');
    if (!context) return marks;
    const radius = radiusOf(examples, size, ratio);
    const at = scaleOf(range, size);
    for (const { x, classes, test } of examples) {
      for (let i = 0; i < classes.length; i++) {
        const [across, down] = at([x.data[2 * i] as number, x.data[2 * i + 1] as number]);
        context.setTransform(radius, 0, 0, radius, across, down);
        paintMark(context, classes[i] as number, test, token, ratio / radius);
      }
    }
    return marks;
  }
}

/** A class's mark at the origin, with a radius of about 1. */
export function paintMark(
  context: CanvasRenderingContext2D,
  label: number,
  hole: boolean,
  token: Token,
  line: number,
): void {
  context.fillStyle = token(classToken(label));
  context.strokeStyle = token('--text');
  context.lineWidth = line;
  context.fill(classPath(label));
  context.stroke(classPath(label));
  if (!hole) return;
  context.fillStyle = token('--surface-raised');
  context.beginPath();
  context.arc(0, 0, 0.4, 0, 2 * Math.PI);
  context.fill();
}

function paintRegions(
  context: CanvasRenderingContext2D,
  regions: Regions,
  hard: boolean,
  size: number,
  ratio: number,
  token: Token,
): void {
  const { resolution, classes } = regions;
  const colours = Array.from({ length: classes }, (_, k) => rgb(context, token(classToken(k))));
  const pixels = regionPixels(regions, {
    classes: colours,
    surface: rgb(context, token('--surface-raised')),
    hard,
  });
  const cells = document.createElement('canvas');
  cells.width = cells.height = resolution;
  cells.getContext('2d')?.putImageData(new ImageData(pixels, resolution, resolution), 0, 0);
  context.imageSmoothingEnabled = !hard;
  context.drawImage(cells, 0, 0, size, size);
  context.strokeStyle = token('--text');
  context.lineWidth = 1.25 * ratio;
  context.lineCap = 'round';
  const cell = size / resolution;
  const pieces = borders(regions);
  context.beginPath();
  for (let i = 0; i + 3 < pieces.length; i += 4) {
    context.moveTo((pieces[i] as number) * cell, (pieces[i + 1] as number) * cell);
    context.lineTo((pieces[i + 2] as number) * cell, (pieces[i + 3] as number) * cell);
  }
  context.stroke();
}

function radiusOf(examples: readonly MapExamples[], size: number, ratio: number): number {
  const count = examples.reduce((sum, { classes }) => sum + classes.length, 0);
  const share = count > FEW ? RADIUS.many : RADIUS.few;
  return Math.min(RADIUS.most * ratio, Math.max(RADIUS.least * ratio, share * size));
}

function ring(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  radius: number,
  ratio: number,
  token: Token,
): void {
  for (const [colour, width] of [
    ['--surface-raised', 3],
    ['--text', 1.25],
  ] as const) {
    context.strokeStyle = token(colour);
    context.lineWidth = width * ratio;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** Lines from the edges up to a small circle. */
function crosshair(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  size: number,
  ratio: number,
  token: Token,
): void {
  const gap = 5 * ratio;
  context.strokeStyle = token('--text');
  context.lineWidth = ratio;
  context.beginPath();
  for (const [from, to] of [
    [0, x - gap],
    [x + gap, size],
  ] as const) {
    context.moveTo(from, y);
    context.lineTo(to, y);
  }
  for (const [from, to] of [
    [0, y - gap],
    [y + gap, size],
  ] as const) {
    context.moveTo(x, from);
    context.lineTo(x, to);
  }
  context.moveTo(x + gap, y);
  context.arc(x, y, gap, 0, 2 * Math.PI);
  context.stroke();
}

/** From a place to the picture's pixels; the second feature grows upwards. */
function scaleOf([x0, x1, y0, y1]: MapRange, size: number) {
  return ([x, y]: readonly [number, number]): readonly [number, number] => [
    ((x - x0) / (x1 - x0)) * size,
    (1 - (y - y0) / (y1 - y0)) * size,
  ];
}

/** Any colour of CSS as numbers: what a canvas is given it gives back as #rrggbb. */
function rgb(context: CanvasRenderingContext2D, colour: string): Rgb {
  context.fillStyle = colour;
  const value = Number.parseInt(String(context.fillStyle).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
