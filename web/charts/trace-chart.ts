import {
  Chart,
  type ChartDataset,
  type ChartOptions,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from 'chart.js';
import { nearestPlace, type Place } from './places.ts';

/** Only the parts of Chart.js that are used; this file is imported when the first chart is shown, so they load then. */
Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Decimation);

export interface TraceSeries {
  /** In the order of x. */
  points: Place[];
  /** The name of its token. */
  colour: string;
  width: number;
  dashed: boolean;
  /** Stands at the end of the line: which model it is. */
  letter: string;
  /** Marks at the points instead of a line: filled, with a hole, or a ring around another mark. */
  marks?: 'dot' | 'hole' | 'ring';
}

export interface TraceAxis {
  min: number;
  max: number;
  log: boolean;
  /** Only the ends and every so much between them are marked; left out: where it fits. */
  step?: number;
  /** Its ends are no round numbers and are not marked. */
  open?: boolean;
}

export interface TraceDrawing {
  series: readonly TraceSeries[];
  x: TraceAxis;
  y: TraceAxis;
  formatX(value: number): string;
  formatY(value: number): string;
  /** A place on the x axis to point at. */
  cursor: number | undefined;
}

/** The value of a design token as the page's theme has it now. */
type Token = (name: string) => string;

/** All charts of one figure leave so much room for the numbers beside the y axis, so that their steps stand in one column. */
const LEFT = 46;
const DASH = [6, 4];
/** Two letters at the ends of lines stay so far apart. */
const LETTER_HEIGHT = 12;

type LineChart = Chart<'line', Place[]>;

/** Lines over the steps of a training run, or over one feature, with a cursor. Redrawn as a whole: nothing in it moves by itself. */
export class TraceChart {
  readonly #chart: LineChart;
  #drawing: TraceDrawing | undefined;
  #token: Token = () => '';

  constructor(canvas: HTMLCanvasElement) {
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: 16 } },
        elements: { point: { radius: 0 } },
        plugins: { decimation: { enabled: true, algorithm: 'min-max' } },
      },
      plugins: [{ id: 'cursor', afterDatasetsDraw: (chart) => this.#annotate(chart as LineChart) }],
    }) as LineChart;
  }

  draw(drawing: TraceDrawing, token: Token): void {
    this.#drawing = drawing;
    this.#token = token;
    this.#chart.data.datasets = drawing.series.map(
      ({ points, colour, width, dashed, marks }): ChartDataset<'line', Place[]> => ({
        data: points,
        borderColor: token(colour),
        borderWidth: width,
        borderDash: dashed ? DASH : [],
        ...(marks && {
          showLine: false,
          pointRadius: marks === 'ring' ? 6 : 2.5,
          pointBorderWidth: width,
          pointBackgroundColor: marks === 'dot' ? token(colour) : 'transparent',
        }),
      }),
    );
    this.#chart.options.scales = {
      x: {
        ...axis(drawing.x, token),
        ticks: {
          ...ticks(token),
          maxTicksLimit: 6,
          maxRotation: 0,
          includeBounds: !drawing.x.open,
          callback: marked(drawing.x, drawing.formatX),
        },
      },
      y: {
        ...axis(drawing.y, token),
        afterFit: (scale: { width: number }) => (scale.width = LEFT),
        ticks: {
          ...ticks(token),
          maxTicksLimit: 5,
          ...(drawing.y.step !== undefined && { stepSize: drawing.y.step }),
          callback: marked(drawing.y, drawing.formatY),
        },
      },
    } as NonNullable<ChartOptions<'line'>['scales']>;
    this.#chart.update('none');
  }

  /** Where on the x axis a place across the canvas is, in its own pixels; undefined before the first drawing. */
  valueAt(pixel: number): number | undefined {
    return this.#chart.scales['x']?.getValueForPixel(pixel);
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #annotate(chart: LineChart): void {
    const { x, y } = chart.scales;
    const drawing = this.#drawing;
    if (!x || !y || !drawing) return;
    const { ctx, chartArea } = chart;
    ctx.save();
    if (drawing.cursor !== undefined) {
      const across = x.getPixelForValue(drawing.cursor);
      ctx.strokeStyle = this.#token('--text');
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(across, chartArea.top);
      ctx.lineTo(across, chartArea.bottom);
      ctx.stroke();
      for (const { points, colour, marks } of drawing.series) {
        if (marks) continue;
        const at = points[nearestPlace(points, drawing.cursor)];
        if (!at) continue;
        const up = y.getPixelForValue(at.y);
        if (!(up >= chartArea.top - 1 && up <= chartArea.bottom + 1)) continue;
        ctx.fillStyle = this.#token(colour);
        ctx.beginPath();
        ctx.arc(x.getPixelForValue(at.x), up, 3.5, 0, 2 * Math.PI);
        ctx.fill();
      }
    }
    this.#letters(chart, drawing);
    ctx.restore();
  }

  #letters({ ctx, chartArea, scales }: LineChart, drawing: TraceDrawing): void {
    const ends = drawing.series.flatMap(({ points, letter, colour, marks }) => {
      const end = points.at(-1);
      const y = end && scales['y']?.getPixelForValue(end.y);
      if (marks || !end || y === undefined || !(y >= chartArea.top && y <= chartArea.bottom)) return [];
      return [{ letter, colour, x: scales['x']?.getPixelForValue(end.x) ?? 0, y }];
    });
    ctx.font = `600 11px ${this.#token('--font-sans')}`;
    ctx.textBaseline = 'middle';
    const taken = new Map<string, number>();
    let below = -Infinity;
    for (const { letter, colour, x, y } of ends.sort((one, other) => one.y - other.y)) {
      // Lines of one model that end near each other share a letter.
      if (y - (taken.get(letter) ?? -Infinity) < 2 * LETTER_HEIGHT) continue;
      taken.set(letter, y);
      below = Math.max(y, below) + LETTER_HEIGHT;
      ctx.fillStyle = this.#token(colour);
      ctx.fillText(letter, x + 4, below - LETTER_HEIGHT);
    }
  }
}

function axis({ min, max, log }: TraceAxis, token: Token): object {
  return {
    type: log ? 'logarithmic' : 'linear',
    min,
    max,
    border: { color: token('--line') },
    grid: { color: token('--hairline'), tickColor: token('--line'), tickLength: 4 },
  };
}

/** A log axis is marked at powers of ten or, where these are few, at 1, 2 and 5. */
function marked({ min, max, log }: TraceAxis, format: (value: number) => string) {
  const first = max / min > 200 ? [1] : [1, 2, 5];
  return (value: number | string): string | null => {
    const digits = Number(value) / 10 ** Math.floor(Math.log10(Number(value)) + 1e-9);
    const chosen = !log || first.some((digit) => Math.abs(digits - digit) < 1e-6);
    return chosen ? format(Number(value)) : null;
  };
}

function ticks(token: Token): object {
  return { color: token('--text-muted'), font: { family: token('--font-sans'), size: 11 } };
}
