import type { Experiment } from '../protocol/experiment.ts';

/** Multiplications in one call of the engine: some 10 ms of them, so that a page is heard in between on any network. */
const MOST = 1e8;

/** How many examples to send through a network in one call, at most. */
export function examplesPerCall(experiment: Experiment): number {
  return Math.max(64, Math.floor(MOST / Math.max(1, multiplications(experiment.model))));
}

/** Of one example on its way forward, in the products, which are most of the work. */
export function multiplications({ inputs, input_shape, layers }: Experiment['model']): number {
  let [channels, height, width] = input_shape ?? [inputs, 1, 1];
  let total = 0;
  for (const layer of layers) {
    if (layer.kind === 'linear') {
      total += layer.units * channels * height * width;
      [channels, height, width] = [layer.units, 1, 1];
    } else if (layer.kind === 'conv2d') {
      const { kernel, stride = 1, padding = (kernel - 1) / 2 } = layer;
      const places = (side: number) => Math.floor((side + 2 * padding - kernel) / stride) + 1;
      [height, width] = [places(height), places(width)];
      total += layer.units * channels * kernel * kernel * height * width;
      channels = layer.units;
    } else if (layer.kind === 'pool2d') {
      const { size = 2, stride = size } = layer;
      const places = (side: number) => Math.floor((side - size) / stride) + 1;
      [height, width] = [places(height), places(width)];
    } else if (layer.kind === 'flatten') {
      [channels, height, width] = [channels * height * width, 1, 1];
    }
  }
  return total;
}
