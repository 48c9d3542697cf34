/** Of scripts/vite/packed-engine.ts. */
declare module '@packed-engine' {
  /** whole.wasm, deflated, in base64. */
  const packed: string;
  export default packed;
}
