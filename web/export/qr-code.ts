import { encode } from 'uqr';

/** How much of a code may be lost: about 7, 15 or 25 per cent. */
export type Correction = 'L' | 'M' | 'Q';

/** A QR code: what is dark, without the quiet zone around it. */
export interface QrCode {
  readonly dark: readonly (readonly boolean[])[];
  /** Modules along a side. */
  readonly size: number;
}

/** So much white has to stay around a code. */
const QUIET = 4;

/** What a code of the lowest correction can hold. */
export const MOST_BYTES = 2953;

/** From the back of a room, a telephone tells apart so many modules of a projected code, not many more. */
export const LEGIBLE = 77;

/** Undefined where the text is too long for any. */
export function qrCode(text: string, correction: Correction): QrCode | undefined {
  if (new TextEncoder().encode(text).length > MOST_BYTES) return undefined;
  try {
    const { data, size } = encode(text, { ecc: correction, boostEcc: true, border: 0 });
    return { dark: data, size };
  } catch {
    return undefined;
  }
}

/** The dark modules as a path, one unit each; runs of them in one stroke. */
export function qrPath({ dark }: QrCode): string {
  return dark
    .flatMap((row, y) => {
      const runs: string[] = [];
      for (let x = 0; x < row.length; x++) {
        if (!row[x]) continue;
        const from = x;
        while (row[x + 1]) x++;
        runs.push(`M${from} ${y}h${x + 1 - from}v1H${from}z`);
      }
      return runs;
    })
    .join('');
}

export function qrViewBox({ size }: QrCode): string {
  return `${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`;
}

/** A file of its own, black on white whatever the page around it looks like. */
export function qrSvg(code: QrCode): string {
  const side = code.size + 2 * QUIET;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${qrViewBox(code)}" width="${8 * side}" height="${8 * side}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M${-QUIET} ${-QUIET}h${side}v${side}h${-side}z"/><path d="${qrPath(code)}"/></svg>\n`
  );
}

/** Where dark squares stand in a picture whose modules are `scale` pixels wide. */
export function qrSquares(
  { dark, size }: QrCode,
  scale: number,
): { side: number; squares: readonly (readonly [number, number])[] } {
  const squares = dark.flatMap((row, y) =>
    row.flatMap((on, x) => (on ? [[(x + QUIET) * scale, (y + QUIET) * scale] as const] : [])),
  );
  return { side: (size + 2 * QUIET) * scale, squares };
}
