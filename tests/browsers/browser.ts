/** What the main paths need of a browser, and no more: so little that any of them can be driven. */
export interface DrivenBrowser {
  /** Resolves when the page has loaded. */
  open(address: string): Promise<void>;
  /** The value of an expression in the page, awaited, as JSON would carry it. */
  run<T>(expression: string): Promise<T>;
  /** The reader's own hand: in pixels from the upper left corner of what is seen. */
  click(x: number, y: number): Promise<void>;
  /** Keys, one after the other; special ones by WebDriver's code points (`KEYS`). */
  press(...keys: string[]): Promise<void>;
  /** PNG of what is seen. */
  picture(): Promise<Buffer>;
  close(): Promise<void>;
}

export const KEYS = { enter: '\uE007', control: '\uE009', right: '\uE014', space: ' ', backspace: '\uE003' };

export const WINDOW = { width: 1280, height: 900 };

/** Pressed and released in turn; the key that is held for all others stands first, with a plus behind it. */
export function keyActions(keys: readonly string[]): object[] {
  return keys.flatMap((key) => {
    const [held, pressed] = key.length > 1 && key[1] === '+' ? [key[0]!, key[2]!] : [undefined, key];
    const stroke = [
      { type: 'keyDown', value: pressed },
      { type: 'keyUp', value: pressed },
    ];
    return held === undefined
      ? stroke
      : [{ type: 'keyDown', value: held }, ...stroke, { type: 'keyUp', value: held }];
  });
}

export function clickActions(x: number, y: number): object[] {
  return [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
}
