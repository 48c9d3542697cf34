/** Attributes of every figure. */
export const EVERY_FIGURE = {
  /** `all`, `few` or `none`: how much can be changed. Outputs are always shown. */
  controls: ['all', 'few', 'none'],
  /** The colours; `auto` follows the reader's system. */
  theme: ['auto', 'light', 'dark'],
  /** How numbers are written: 0.5 or 0,5. Both are read. */
  decimal: ['point', 'comma'],
} as const;
