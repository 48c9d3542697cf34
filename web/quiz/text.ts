const MEASURED = /\{([\w.-]+)=([^{}]+)\}/g;

/** Without the names of its measured numbers: as it is read. */
export function plainText(text: string): string {
  return text.replace(MEASURED, '$2');
}

/** The measured numbers of a text, as it prints them. */
export function measuredIn(text: string): { is: string; text: string }[] {
  return [...text.matchAll(MEASURED)].map(([, is = '', printed = '']) => ({ is, text: printed }));
}

/** At most four decimals, and a true minus sign. */
export function show(value: number): string {
  const text = String(Number(Math.abs(value).toFixed(4)));
  return value < 0 && text !== '0' ? `−${text}` : text;
}

/** “2, 4, 6 and 8” */
export function listed(values: readonly number[]): string {
  const texts = values.map(show);
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
