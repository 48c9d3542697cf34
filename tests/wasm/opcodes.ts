/**
 * Counts the instructions in a WebAssembly binary, by opcode: a SIMD build whose kernels fell back to scalar code
 * still runs and still gives the right numbers, and only its instructions show it.
 *
 * Encoding: https://webassembly.github.io/spec/core/binary/. Opcodes behind the 0xFD prefix (SIMD) are counted as
 * 0xFD00 + number, those behind 0xFC as 0xFC00 + number. An unknown opcode is an error: the walk would go astray.
 */
export function countOpcodes(binary: Uint8Array): Map<number, number> {
  const reader = new Reader(binary);
  reader.advance(8); // magic and version
  const counts = new Map<number, number>();
  while (!reader.atEnd()) {
    const id = reader.byte();
    const end = reader.leb() + reader.position;
    if (id === CODE_SECTION) {
      for (let functions = reader.leb(); functions > 0; functions--) walkFunction(reader, counts);
      if (reader.position !== end)
        throw new Error(`code section ends at ${reader.position}, expected ${end}`);
    }
    reader.position = end;
  }
  return counts;
}

/** Opcodes of SIMD arithmetic on floats, with their names. */
export const SIMD_ARITHMETIC: ReadonlyMap<number, string> = new Map(
  Object.entries({ f32x4: 0xfde0, f64x2: 0xfdec }).flatMap(([lanes, first]) =>
    ['abs', 'neg', '', 'sqrt', 'add', 'sub', 'mul', 'div', 'min', 'max', 'pmin', 'pmax'].flatMap((name, i) =>
      name ? [[first + i, `${lanes}.${name}`] as const] : [],
    ),
  ),
);

export const isSimd = (opcode: number): boolean => opcode >> 8 === 0xfd;

const CODE_SECTION = 10;

class Reader {
  position = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.position >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.position++];
    if (value === undefined) throw new Error('the binary ends in the middle of an instruction');
    return value;
  }

  advance(count: number): void {
    this.position += count;
  }

  /** A number in LEB128; exact for the unsigned ones this file needs, and as many bytes for all others. */
  leb(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  }

  lebs(count: number): void {
    for (let i = 0; i < count; i++) this.leb();
  }
}

function walkFunction(reader: Reader, counts: Map<number, number>): void {
  const end = reader.leb() + reader.position;
  for (let groups = reader.leb(); groups > 0; groups--) reader.lebs(2); // locals: count, type
  let opcode = -1;
  while (reader.position < end) {
    opcode = reader.byte();
    if (opcode === 0xfc || opcode === 0xfd) opcode = opcode * 256 + reader.leb();
    counts.set(opcode, (counts.get(opcode) ?? 0) + 1);
    skipOperands(reader, opcode);
  }
  if (reader.position !== end || opcode !== 0x0b) throw new Error(`a function's code does not end at ${end}`);
}

function skipOperands(reader: Reader, opcode: number): void {
  const within = (first: number, last: number) => opcode >= first && opcode <= last;
  if (opcode >> 8 === 0xfc) {
    const operands = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1][opcode & 0xff];
    if (operands === undefined) throw new Error(`unknown opcode 0x${opcode.toString(16)}`);
    reader.lebs(operands);
  } else if (opcode >> 8 === 0xfd) {
    if (within(0xfd00, 0xfd0b) || within(0xfd5c, 0xfd5d))
      reader.lebs(2); // loads and stores
    else if (within(0xfd54, 0xfd5b)) {
      reader.lebs(2); // load and store of one lane
      reader.advance(1);
    } else if (within(0xfd0c, 0xfd0d))
      reader.advance(16); // constant, shuffle
    else if (within(0xfd15, 0xfd22)) reader.advance(1); // a lane's number
  } else if (within(0x02, 0x04) || within(0x0c, 0x0d) || within(0x20, 0x26) || within(0x3f, 0x42))
    reader.leb();
  else if (opcode === 0x10 || opcode === 0xd0 || opcode === 0xd2) reader.leb();
  else if (opcode === 0x11 || within(0x28, 0x3e)) reader.lebs(2);
  else if (opcode === 0x0e) reader.lebs(reader.leb() + 1);
  else if (opcode === 0x1c) reader.lebs(reader.leb());
  else if (opcode === 0x43) reader.advance(4);
  else if (opcode === 0x44) reader.advance(8);
  else if (!WITHOUT_OPERANDS.some(([first, last]) => within(first, last))) {
    throw new Error(`unknown opcode 0x${opcode.toString(16)}`);
  }
}

/** unreachable, nop; else; end; return; drop, select; numeric; ref.is_null. */
const WITHOUT_OPERANDS: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x01],
  [0x05, 0x05],
  [0x0b, 0x0b],
  [0x0f, 0x0f],
  [0x1a, 0x1b],
  [0x45, 0xc4],
  [0xd1, 0xd1],
];
