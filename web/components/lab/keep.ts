import { embedding } from '../embedded.ts';
import { encodeLab, decodeLab, type LabValue } from '../../protocol/lab.ts';

/** An experiment kept in this browser. */
export interface Kept {
  name: string;
  value: LabValue;
}

const KEY = 'bn-lab-kept';
const MOST = 30;

/** Of `localStorage`, as far as it is used. */
export type KeepStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * The browser's storage, where it has one and lets the page use it; a sandboxed frame may not. That of other people's pages is
 * theirs: there nothing is kept.
 */
export function browserStorage(): KeepStorage | undefined {
  if (embedding()?.isolate) return undefined;
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** Newest first. What cannot be read any more, or was written by someone else, is passed over. */
export function keptLabs(storage: KeepStorage | undefined): readonly Kept[] {
  let entries: unknown;
  try {
    entries = JSON.parse(storage?.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return entries.slice(0, MOST).flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return [];
    const [name, text] = entry as unknown[];
    if (typeof name !== 'string' || typeof text !== 'string') return [];
    const { value } = decodeLab(text);
    return value ? [{ name: name.slice(0, 80), value }] : [];
  });
}

/** Puts one in front, in place of one with the same name. Returns whether the browser took it. */
export function keepLab(storage: KeepStorage | undefined, name: string, value: LabValue): boolean {
  const others = keptLabs(storage).filter((kept) => kept.name !== name);
  return write(storage, [{ name, value }, ...others].slice(0, MOST));
}

export function forgetLab(storage: KeepStorage | undefined, name: string): boolean {
  return write(
    storage,
    keptLabs(storage).filter((kept) => kept.name !== name),
  );
}

function write(storage: KeepStorage | undefined, all: readonly Kept[]): boolean {
  try {
    storage?.setItem(KEY, JSON.stringify(all.map(({ name, value }) => [name, encodeLab(value)])));
    return storage !== undefined;
  } catch {
    // Full, or forbidden.
    return false;
  }
}
