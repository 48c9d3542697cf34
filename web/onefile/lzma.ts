/**
 * Decompresses LZMA, as Igor Pavlov's specification of 2015 describes it: a range decoder whose probabilities adapt, matches in what
 * came before, and four distances remembered. Of its parameters, two are fixed: positions do not count (lp = pb = 0), since
 * neither text nor WebAssembly is aligned.
 */

/** How many bits of the byte before choose the probabilities of a literal. */
export const LITERAL_CONTEXT = 3;

const HALF = 1 << 10;
const STATES = 12;
const LENGTH_STATES = 4;
const ALIGN_BITS = 4;
const FIRST_FAR_SLOT = 14;

/** `size` bytes out of a stream without header; throws a RangeError where it is no such stream. */
export function decompress(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  const probabilities = (count: number) => new Uint16Array(count).fill(HALF);
  const lengths = () => ({
    choice: probabilities(2),
    short: probabilities(8),
    middle: probabilities(8),
    long: probabilities(256),
  });

  const literals = probabilities(0x300 << LITERAL_CONTEXT);
  const isMatch = probabilities(STATES);
  const isRepeat = probabilities(STATES);
  const isRepeat0 = probabilities(STATES);
  const isRepeat0Long = probabilities(STATES);
  const isRepeat1 = probabilities(STATES);
  const isRepeat2 = probabilities(STATES);
  const slots = Array.from({ length: LENGTH_STATES }, () => probabilities(64));
  const special = probabilities(1 + 128 - FIRST_FAR_SLOT);
  const align = probabilities(1 << ALIGN_BITS);
  const matchLengths = lengths();
  const repeatLengths = lengths();

  // The first byte is always 0; the next four fill the decoder.
  let at = 5;
  let code = new DataView(packed.buffer, packed.byteOffset).getUint32(1);
  let range = 0xffffffff;

  function normalise(): void {
    if (range >= 0x1000000) return;
    range = (range << 8) >>> 0;
    code = ((code << 8) | (packed[at++] ?? 0)) >>> 0;
  }

  function bit(table: Uint16Array, index: number): number {
    const probability = table[index]!;
    const bound = (range >>> 11) * probability;
    let value = 0;
    if (code < bound) {
      range = bound;
      table[index] = probability + ((2048 - probability) >>> 5);
    } else {
      range -= bound;
      code -= bound;
      table[index] = probability - (probability >>> 5);
      value = 1;
    }
    normalise();
    return value;
  }

  /** The highest bit first. */
  function tree(table: Uint16Array, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | bit(table, node);
    return node - (1 << bits);
  }

  /** The lowest bit first. */
  function reverseTree(table: Uint16Array, offset: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const next = bit(table, offset + node);
      node = (node << 1) | next;
      value |= next << i;
    }
    return value;
  }

  function evenBits(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      range >>>= 1;
      const one = code >= range ? 1 : 0;
      if (one) code -= range;
      value = value * 2 + one;
      normalise();
    }
    return value;
  }

  function length({ choice, short, middle, long }: ReturnType<typeof lengths>): number {
    if (!bit(choice, 0)) return 2 + tree(short, 3);
    if (!bit(choice, 1)) return 10 + tree(middle, 3);
    return 18 + tree(long, 8);
  }

  /** How far back, less one. */
  function distance(matchLength: number): number {
    const slot = tree(slots[Math.min(matchLength - 2, LENGTH_STATES - 1)]!, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < FIRST_FAR_SLOT) return base + reverseTree(special, base - slot, bits);
    return base + evenBits(bits - ALIGN_BITS) * 2 ** ALIGN_BITS + reverseTree(align, 0, ALIGN_BITS);
  }

  let filled = 0;
  let state = 0;
  let [back0, back1, back2, back3] = [0, 0, 0, 0];

  function literal(): number {
    const previous = filled > 0 ? out[filled - 1]! : 0;
    const offset = 0x300 * (previous >> (8 - LITERAL_CONTEXT));
    let symbol = 1;
    if (state >= 7) {
      // After a match: what would have come next there is a hint, until it is wrong.
      let hint = out[filled - back0 - 1]!;
      while (symbol < 0x100) {
        const hinted = hint >> 7;
        hint = (hint << 1) & 0xff;
        const next = bit(literals, offset + ((1 + hinted) << 8) + symbol);
        symbol = (symbol << 1) | next;
        if (next !== hinted) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | bit(literals, offset + symbol);
    return symbol & 0xff;
  }

  while (filled < size) {
    if (!bit(isMatch, state)) {
      const byte = literal();
      out[filled++] = byte;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let copied = 0;
    if (!bit(isRepeat, state)) {
      [back3, back2, back1] = [back2, back1, back0];
      copied = length(matchLengths);
      back0 = distance(copied);
      state = state < 7 ? 7 : 10;
    } else {
      if (!bit(isRepeat0, state)) {
        if (!bit(isRepeat0Long, state)) copied = 1;
      } else if (!bit(isRepeat1, state)) {
        [back1, back0] = [back0, back1];
      } else if (!bit(isRepeat2, state)) {
        [back2, back1, back0] = [back1, back0, back2];
      } else {
        [back3, back2, back1, back0] = [back2, back1, back0, back3];
      }
      if (copied === 1) state = state < 7 ? 9 : 11;
      else {
        copied = length(repeatLengths);
        state = state < 7 ? 8 : 11;
      }
    }
    if (back0 >= filled || filled + copied > size) throw new RangeError('The packed data are damaged.');
    for (; copied > 0; copied--, filled++) out[filled] = out[filled - back0 - 1]!;
  }
  return out;
}
