import { columnsOf, type Axis } from './layer-signals.ts';

export type TokenName = `--${string}`;
export type Token = (name: TokenName) => string;

const LABEL = 14;

/** A canvas as sharp as the screen, in CSS pixels; undefined while it has no size. */
export function prepare(
  canvas: HTMLCanvasElement,
): { pen: CanvasRenderingContext2D; width: number; height: number } | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const pen = canvas.getContext('2d');
  if (!pen || width === 0 || height === 0) return undefined;
  const scale = devicePixelRatio;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

/** One layer's histogram: the first arm's bars stand up from the middle line, filled; the second's hang down, outlined. */
export function drawHistogram(
  canvas: HTMLCanvasElement,
  rows: readonly (Uint8Array | undefined)[],
  axis: Axis,
  color: TokenName,
  token: Token,
): void {
  const ready = prepare(canvas);
  if (!ready) return;
  const { pen, width } = ready;
  const height = ready.height - LABEL;
  const middle = rows.length > 1 ? Math.round(height / 2) : height - 1;
  rows.forEach((row, arm) => {
    if (!row) return;
    const room = arm === 0 ? middle - 1 : height - middle - 1;
    const step = width / row.length;
    pen.beginPath();
    row.forEach((value, at) => {
      const tall = value === 0 ? 0 : Math.max(1, (value / 255) * room);
      pen.rect(
        at * step,
        arm === 0 ? middle - tall : middle,
        Math.max(1, step - (arm === 0 ? 0.5 : 1)),
        tall,
      );
    });
    pen.fillStyle = token(color);
    pen.strokeStyle = token(color);
    pen.lineWidth = 1;
    if (arm === 0) pen.fill();
    else {
      pen.globalAlpha = 0.25;
      pen.fill();
      pen.globalAlpha = 1;
      pen.stroke();
    }
  });
  pen.fillStyle = token('--line');
  pen.fillRect(0, middle - 0.5, width, 1);
  const zero = (-axis.min / (axis.max - axis.min)) * width;
  if (axis.min === -axis.max) pen.fillRect(zero - 0.5, 0, 1, height);
  ends(pen, width, ready.height, axis, token);
}

function ends(pen: CanvasRenderingContext2D, width: number, height: number, axis: Axis, token: Token): void {
  write(pen, token);
  pen.textBaseline = 'bottom';
  pen.textAlign = 'left';
  pen.fillText(axis.text(axis.min), 0, height);
  pen.textAlign = 'right';
  pen.fillText(axis.text(axis.max), width, height);
}

function write(pen: CanvasRenderingContext2D, token: Token): void {
  pen.fillStyle = token('--text-muted');
  pen.font = `11px ${token('--font-sans')}`;
}

/** A histogram over steps: a column per moment, darker where more values are, small values at the bottom. */
export function drawStrip(
  canvas: HTMLCanvasElement,
  entries: readonly { step: number; row: Uint8Array }[],
  color: TokenName,
  token: Token,
): void {
  const ready = prepare(canvas);
  const bins = entries[0]?.row.length;
  if (!ready || !bins) return;
  const { pen, width, height } = ready;
  const wide = Math.max(1, Math.round(width));
  const columns = columnsOf(
    entries.map(({ step }) => step),
    wide,
  );
  const [red, green, blue] = rgb(pen, token(color));
  const picture = new ImageData(wide, bins);
  const { data } = picture;
  for (let column = 0; column < wide; column++) {
    const row = entries[columns[column] as number]?.row;
    for (let bin = 0; bin < bins; bin++) {
      const at = ((bins - 1 - bin) * wide + column) * 4;
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
      data[at + 3] = row?.[bin] ?? 0;
    }
  }
  pen.imageSmoothingEnabled = false;
  pen.drawImage(asCanvas(picture), 0, 0, width, height);
}

let scratch: HTMLCanvasElement | undefined;

/** drawImage takes no ImageData; one canvas serves every strip. */
function asCanvas(picture: ImageData): HTMLCanvasElement {
  scratch ??= document.createElement('canvas');
  Object.assign(scratch, { width: picture.width, height: picture.height });
  scratch.getContext('2d')?.putImageData(picture, 0, 0);
  return scratch;
}

function rgb(pen: CanvasRenderingContext2D, color: string): [number, number, number] {
  // A canvas writes any opaque colour back as #rrggbb.
  pen.fillStyle = color;
  const value = Number.parseInt(String(pen.fillStyle).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
