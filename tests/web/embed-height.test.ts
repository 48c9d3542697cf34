import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HeightTeller } from '../../web/embed/height.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function teller(first = 100) {
  const told: number[] = [];
  const page = { height: first };
  const heights = new HeightTeller(
    () => page.height,
    (height) => told.push(height),
  );
  const grow = (by: number) => {
    page.height += by;
    heights.changed();
    vi.runAllTimers();
  };
  return { told, page, heights, grow };
}

it('tells the newest height only, however often it changes', () => {
  const { told, page, heights } = teller();
  for (page.height = 100; page.height < 200; page.height++) heights.changed();
  vi.runAllTimers();
  expect(told).toEqual([200]);
});

it('does not tell what has not changed by more than rounding', () => {
  const { told, grow } = teller();
  grow(0);
  grow(1);
  grow(-2);
  expect(told).toEqual([100]);
});

it('follows down as well as up', () => {
  const { told, grow } = teller();
  for (const by of [0, 50, -80]) grow(by);
  expect(told).toEqual([100, 150, 70]);
});

it('stops following a page that grows each time it is given more room', () => {
  const { told, page, heights, grow } = teller();
  for (let i = 0; i < 100; i++) grow(20);
  expect(told.length).toBe(40);
  // The reader's own doing is followed again.
  heights.touched();
  page.height = 700;
  heights.changed();
  vi.runAllTimers();
  expect(told.at(-1)).toBe(700);
});

it('tells it again when asked', () => {
  const { told, heights, grow } = teller();
  grow(0);
  heights.again();
  vi.runAllTimers();
  expect(told).toEqual([100, 100]);
});
