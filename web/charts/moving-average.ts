import { Chart, LinearScale, LineController, LineElement, PointElement } from 'chart.js';
import { grouped } from '../protocol/decimal.ts';

/** Only the parts of Chart.js that are used; this file is imported when the first chart is shown, so they load then. */
Chart.register(LineController, LineElement, PointElement, LinearScale);

export interface MovingAverage {
  /** What is averaged: 'mean', 'variance'. */
  name: string;
  /** After 0, 1, 2 … batches. */
  running: readonly number[];
  /** Of batch 1, 2, …, in the same unit. */
  batch: readonly number[];
  /** One sentence that says what the chart shows. */
  conclusion: string;
}

/** Colours and font, as the page's theme has them now. */
export interface ChartLook {
  running: string;
  batch: string;
  text: string;
  line: string;
  font: string;
}

/** At least this many batches fit on the axis, so that the first few do not fill it. */
const LEAST_BATCHES = 10;
/** More points than this are a line without marks. */
const MARKED = 12;

/** A moving average catching up with what it averages: a solid line over the dashed values of the batches. */
export class MovingAverageChart {
  readonly #chart: Chart<'line', { x: number; y: number }[]>;

  constructor(canvas: HTMLCanvasElement, format: (value: number) => string) {
    const axis = { type: 'linear', grid: { drawOnChartArea: false, tickLength: 4 } } as const;
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 8, right: 8 } },
        scales: {
          x: {
            ...axis,
            min: 0,
            ticks: { precision: 0, maxTicksLimit: 6, callback: (value) => grouped(Number(value)) },
            title: { display: true, text: 'batches fed' },
          },
          y: {
            ...axis,
            beginAtZero: true,
            grace: '8%',
            ticks: { maxTicksLimit: 5, callback: (value) => format(Number(value)) },
          },
        },
      },
    });
  }

  draw({ running, batch }: MovingAverage, look: ChartLook): void {
    const chart = this.#chart;
    // Not clipped: the newest mark stands on the edge of the plot.
    const common = { borderWidth: 2, pointRadius: batch.length <= MARKED ? 3 : 0, clip: false } as const;
    chart.data.datasets = [
      {
        ...common,
        data: running.map((y, x) => ({ x, y })),
        borderColor: look.running,
        backgroundColor: look.running,
      },
      {
        ...common,
        data: batch.map((y, at) => ({ x: at + 1, y })),
        borderColor: look.batch,
        backgroundColor: look.batch,
        borderDash: [5, 4],
        pointStyle: 'rectRot',
      },
    ];
    const font = { family: look.font, size: 12 };
    const axis = {
      border: { color: look.line },
      grid: { drawOnChartArea: false, tickLength: 4, tickColor: look.line },
    };
    const { x, y } = chart.options.scales ?? {};
    if (x) {
      x.max = Math.max(LEAST_BATCHES, batch.length);
      Object.assign(x, axis);
      Object.assign(x.ticks ?? {}, { color: look.text, font });
      if ('title' in x) Object.assign(x.title ?? {}, { color: look.text, font });
    }
    if (y) {
      Object.assign(y, axis);
      Object.assign(y.ticks ?? {}, { color: look.text, font });
    }
    chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }
}
