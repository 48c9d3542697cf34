/** What unpack.ts leaves for the file's own script, under a name of its own in the page. */
export interface Parts {
  /** whole.wasm. */
  readonly wasm: Uint8Array<ArrayBuffer>;
}

declare global {
  // oxlint-disable-next-line no-var -- a global is declared so
  var batchNormLabParts: Parts | undefined;
}
