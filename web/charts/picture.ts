/** One example as a grey picture of height × width pixels: dark where the value is high, whatever the theme. */
export function picturePixels(
  values: ArrayLike<number>,
  low: number,
  high: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length);
  const span = high > low ? high - low : 1;
  for (let i = 0; i < values.length; i++) {
    const grey = 255 * (1 - ((values[i] as number) - low) / span);
    pixels.set([grey, grey, grey, 255], 4 * i);
  }
  return pixels;
}

/** The range that all pictures share, so that greys can be compared; a few extreme values do not darken the rest. */
export function greyRange(values: ArrayLike<number>): [number, number] {
  const sorted = Float32Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return [at(0.01), at(0.99)];
}

export function paintPicture(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  [height, width]: readonly [number, number],
  [low, high]: readonly [number, number],
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  context?.putImageData(new ImageData(picturePixels(values, low, high), width, height), 0, 0);
}
