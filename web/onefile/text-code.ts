/**
 * Bytes as text that may stand in a UTF-8 page, in 19 % more bytes, where base64 takes 33 %. A code for the bits in which
 * characters of one byte and of two come up as often as their length makes it worth while: six bits of a value below SHORT are
 * a character of one byte; with a seventh they are one of 116 values, of which LONG are a character of one byte each, and the
 * others with six bits more one of two bytes. Line ends may be put in, and changed, anywhere.
 */
const SHORT = 6;
const LONG = 87;
/** All of one byte that can be printed, but “<”, which would end the text. */
const ONE_BYTE = Array.from({ length: 94 }, (_, i) => 33 + i).filter((code) => code !== 60);
/** Where the characters of two bytes begin: behind the control characters. */
const TWO_BYTES = 0xa1;
const LINE = 4000;

export function toText(bytes: Uint8Array): string {
  const bitsAt = (at: number, count: number) => {
    const byte = at >> 3;
    const three = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
    return (three >> (at & 7)) & (2 ** count - 1);
  };
  const codes: number[] = [];
  for (let at = 0; at < 8 * bytes.length;) {
    if (codes.length % LINE === LINE - 1) codes.push(10);
    const low = bitsAt(at, 6);
    if (low < SHORT) {
      codes.push(ONE_BYTE[low]!);
      at += 6;
      continue;
    }
    const value = 2 * (low - SHORT) + bitsAt(at + 6, 1);
    if (value < LONG) codes.push(ONE_BYTE[SHORT + value]!);
    else codes.push(TWO_BYTES + 64 * (value - LONG) + bitsAt(at + 7, 6));
    at += value < LONG ? 7 : 13;
  }
  return codes.map((code) => String.fromCharCode(code)).join('');
}

/** The first `size` bytes of what was written. */
export function fromText(text: string, size: number): Uint8Array<ArrayBuffer> {
  const places = new Uint8Array(128);
  for (const [place, code] of ONE_BYTE.entries()) places[code] = place;
  const bytes = new Uint8Array(size);
  let filled = 0;
  let waiting = 0;
  let bits = 0;
  const put = (value: number, count: number) => {
    waiting |= value << bits;
    for (bits += count; bits >= 8; bits -= 8) {
      // What is behind the last byte only fills up the last character.
      if (filled < size) bytes[filled++] = waiting & 255;
      waiting >>>= 8;
    }
  };
  const putLong = (value: number) => put(SHORT + (value >> 1) + 64 * (value & 1), 7);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32) continue;
    const place = code < 128 ? places[code]! : -1;
    if (place < 0) {
      putLong(LONG + ((code - TWO_BYTES) >> 6));
      put((code - TWO_BYTES) & 63, 6);
    } else if (place < SHORT) put(place, 6);
    else putLong(place - SHORT);
  }
  return bytes;
}
