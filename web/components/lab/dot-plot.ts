import type { NumberScale } from '../worked-example/number-scale.ts';
import { placeOn } from '../worked-example/number-scale.ts';
import { formatNumber } from '../format-number.ts';
import { prepare, type Token, type TokenName } from './histogram-canvas.ts';

export type Mark = 'circle' | 'diamond' | 'cross';

export interface Dots {
  values: ArrayLike<number>;
  mark: Mark;
  color: TokenName;
}

const LEFT = 46;
const BOTTOM = 18;

/**
 * Values per channel, channels from left to right: a mark for each of several series, and a line between the first two of
 * `gap` so that their distance is seen.
 */
export function drawDots(
  canvas: HTMLCanvasElement,
  series: readonly Dots[],
  gap: readonly [number, number],
  scale: NumberScale,
  chosen: number,
  token: Token,
): void {
  const ready = prepare(canvas);
  const channels = series[0]?.values.length ?? 0;
  if (!ready || channels === 0) return;
  const { pen, width, height } = ready;
  const room = { width: width - LEFT - 8, height: height - BOTTOM - 8 };
  const across = (channel: number) => LEFT + (room.width * (channel + 0.5)) / channels;
  const up = (value: number) => 8 + room.height * (1 - Math.min(1, Math.max(0, placeOn(scale, value))));

  pen.font = `11px ${token('--font-sans')}`;
  pen.fillStyle = token('--surface-sunken');
  const column = Math.max(3, room.width / channels);
  pen.fillRect(across(chosen) - column / 2, 8, column, room.height);
  pen.fillStyle = token('--text-muted');
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const tick of scale.ticks) {
    pen.fillText(formatNumber(tick), LEFT - 8, up(tick));
    pen.fillRect(LEFT - 4, Math.round(up(tick)), 4, 1);
  }
  pen.fillRect(LEFT, 8, 1, room.height);
  if (scale.min < 0 && scale.max > 0) {
    pen.fillStyle = token('--hairline');
    pen.fillRect(LEFT, Math.round(up(0)), room.width, 1);
  }
  pen.fillStyle = token('--text-muted');
  pen.textBaseline = 'bottom';
  pen.textAlign = 'center';
  const every = Math.ceil(channels / Math.max(1, Math.floor(room.width / 32)));
  for (let channel = 0; channel < channels; channel += every)
    pen.fillText(String(channel), across(channel), height);

  const [from, to] = gap.map((at) => series[at]?.values);
  pen.strokeStyle = token('--line');
  pen.lineWidth = 1;
  pen.beginPath();
  for (let channel = 0; channel < channels; channel++) {
    pen.moveTo(across(channel), up(from?.[channel] ?? NaN));
    pen.lineTo(across(channel), up(to?.[channel] ?? NaN));
  }
  pen.stroke();
  const size = Math.min(4.5, Math.max(2, column / 3));
  for (const { values, mark, color } of series) {
    pen.fillStyle = pen.strokeStyle = token(color);
    pen.lineWidth = 1.5;
    for (let channel = 0; channel < channels; channel++)
      draw(pen, mark, across(channel), up(values[channel] ?? NaN), size);
  }
}

function draw(pen: CanvasRenderingContext2D, mark: Mark, x: number, y: number, size: number): void {
  pen.beginPath();
  switch (mark) {
    case 'circle':
      pen.arc(x, y, size, 0, 2 * Math.PI);
      pen.stroke();
      break;
    case 'diamond':
      pen.moveTo(x, y - size - 1);
      pen.lineTo(x + size + 1, y);
      pen.lineTo(x, y + size + 1);
      pen.lineTo(x - size - 1, y);
      pen.fill();
      break;
    case 'cross':
      pen.moveTo(x - size, y - size);
      pen.lineTo(x + size, y + size);
      pen.moveTo(x + size, y - size);
      pen.lineTo(x - size, y + size);
      pen.stroke();
      break;
  }
}
