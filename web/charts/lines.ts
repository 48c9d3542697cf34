import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartOptions,
} from 'chart.js';
import { grouped } from '../protocol/decimal.ts';

/** Only the parts of Chart.js that are used; this file is imported when the first chart is shown, so they load then. */
Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip);

export interface Line {
  label: string;
  points: readonly { x: number; y: number }[];
  /** A colour of the page's theme, by the name of its token: '--grad'. */
  color: `--${string}`;
  dashed: boolean;
  /** Thin and pale: one of many, with others in front. */
  faint?: boolean;
}

export interface Lines {
  lines: readonly Line[];
  x: { title: string; names?: readonly string[] };
  y: { title: string; log: boolean; format: (value: number) => string; min?: number; max?: number };
}

/** More points than this are a line without marks. */
const MARKED = 24;

/** Lines over steps or over the layers of a network. */
export class LinesChart {
  readonly #chart: Chart<'line', { x: number; y: number }[]>;
  #axes = '';

  constructor(canvas: HTMLCanvasElement) {
    this.#chart = new Chart(canvas, { type: 'line', data: { datasets: [] }, options: {} });
  }

  /** `token` gives the value a token of the theme has now. */
  draw({ lines, x, y }: Lines, token: (name: `--${string}`) => string): void {
    const chart = this.#chart;
    const axes = JSON.stringify([x, y, token('--text-muted'), token('--line')]);
    // Axes cost more to build than lines to draw.
    if (axes !== this.#axes) chart.options = optionsOf({ x, y }, token);
    this.#axes = axes;
    chart.data.datasets = lines.map((line) => ({
      label: line.label,
      // A logarithm has no place for 0 and below: the line has a gap there.
      data: y.log ? line.points.filter((point) => !(point.y <= 0)) : [...line.points],
      borderColor: token(line.color) + (line.faint ? '66' : ''),
      backgroundColor: token(line.color),
      borderWidth: line.faint ? 1 : 2,
      borderDash: line.dashed ? [5, 4] : [],
      pointRadius: line.points.length <= MARKED && !line.faint ? 3 : 0,
      pointStyle: line.dashed ? 'rectRot' : 'circle',
      clip: false,
    }));
    chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }
}

function optionsOf(
  { x, y }: Pick<Lines, 'x' | 'y'>,
  token: (name: `--${string}`) => string,
): ChartOptions<'line'> {
  const font = { family: token('--font-sans'), size: 12 };
  const color = token('--text-muted');
  const axis = {
    border: { color: token('--line') },
    grid: { drawOnChartArea: false, tickLength: 4, tickColor: token('--line') },
  };
  const { names } = x;
  return {
    animation: false,
    parsing: false,
    normalized: true,
    maintainAspectRatio: false,
    spanGaps: false,
    layout: { padding: { top: 8, right: 12 } },
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    plugins: {
      tooltip: {
        animation: false,
        callbacks: {
          title: ([item]) =>
            item ? (names?.[item.parsed.x ?? 0] ?? `${x.title} ${grouped(item.parsed.x ?? NaN)}`) : '',
          label: (item) => `${item.dataset.label}: ${y.format(item.parsed.y ?? NaN)}`,
        },
      },
    },
    scales: {
      x: {
        ...axis,
        type: 'linear',
        ...(names && { min: 0, max: Math.max(1, names.length - 1) }),
        ticks: {
          color,
          font,
          maxTicksLimit: 8,
          precision: 0,
          ...(names && { stepSize: 1 }),
          callback: (value) => (names ? (names[Number(value)] ?? '') : grouped(Number(value))),
        },
        title: { display: true, text: x.title, color, font },
      },
      y: {
        ...axis,
        type: y.log ? 'logarithmic' : 'linear',
        ...(y.min !== undefined && { min: y.min }),
        ...(y.max !== undefined && { max: y.max }),
        ticks: { color, font, maxTicksLimit: 6, callback: (value) => tick(Number(value), y) },
        title: { display: true, text: y.title, color, font },
      },
    },
  };
}

/** Powers of ten where the axis is one of powers. */
function tick(value: number, { log, format }: Lines['y']): string {
  const power = Math.log10(value);
  if (!log || !Number.isInteger(power) || Math.abs(power) < 3) return format(value);
  return `10${power < 0 ? '⁻' : ''}${[...String(Math.abs(power))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
}
