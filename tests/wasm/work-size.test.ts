import { expect, test } from 'vitest';
import type { LayerSpec } from '../../web/protocol/experiment.ts';
import { examplesPerCall, multiplications } from '../../web/worker/work-size.ts';
import { network } from './lab-support.ts';

const linear = (units: number) => ({ kind: 'linear', units }) as const;
const model = (inputs: number, layers: readonly LayerSpec[]) => ({ inputs, layers });

test('counts the products of linear layers', () => {
  expect(multiplications(model(2, [linear(32), { kind: 'batch_norm' }, { kind: 'relu' }, linear(1)]))).toBe(
    2 * 32 + 32,
  );
});

test('counts the products of convolutions, whose pictures shrink on the way', () => {
  const layers: LayerSpec[] = [
    { kind: 'conv2d', units: 8, kernel: 3 },
    { kind: 'pool2d', pool: 'max' },
    { kind: 'conv2d', units: 16, kernel: 5, stride: 2, padding: 0 },
    { kind: 'flatten' },
    linear(10),
  ];
  const products = 8 * 9 * 144 + 16 * 8 * 25 * 1 + 16 * 10;
  expect(multiplications({ ...model(144, layers), input_shape: [1, 12, 12] })).toBe(products);
});

test('sends fewer examples at once through a larger network, but never single ones', () => {
  const deep = Array.from({ length: 20 }, () => linear(256));
  expect(examplesPerCall(network(true))).toBeGreaterThan(100_000);
  expect(examplesPerCall({ ...network(true), model: model(784, deep) })).toBeGreaterThanOrEqual(64);
  expect(examplesPerCall({ ...network(true), model: model(784, deep) })).toBeLessThan(100);
});
