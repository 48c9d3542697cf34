/** What a SCORM 1.2 platform offers to a page: everything is text, also true and false. */
export interface ScormApi {
  LMSInitialize(nothing: ''): string;
  LMSFinish(nothing: ''): string;
  LMSGetValue(name: string): string;
  LMSSetValue(name: string, value: string): string;
  LMSCommit(nothing: ''): string;
  LMSGetLastError(): string;
}

const METHODS = [
  'LMSInitialize',
  'LMSFinish',
  'LMSGetValue',
  'LMSSetValue',
  'LMSCommit',
  'LMSGetLastError',
] as const;

/** What is needed of a window: the page's own, and any above it. */
export interface ScormWindow {
  readonly parent: ScormWindow;
  readonly opener?: unknown;
}

/** How far up is looked; a page in a page that goes further is a circle. */
const LEVELS = 500;

/** The platform's `API`: in the page itself, a page around it, or the one that opened it, or around that. */
export function findScormApi(page: ScormWindow): ScormApi | undefined {
  const above = lookUp(page);
  if (above) return above;
  for (let at: ScormWindow | undefined = page, level = 0; at && level < LEVELS; level++) {
    const opener = read(at, 'opener') as ScormWindow | null | undefined;
    const found = opener ? lookUp(opener) : undefined;
    if (found) return found;
    const parent: ScormWindow | undefined = parentOf(at);
    at = parent;
  }
  return undefined;
}

function lookUp(page: ScormWindow): ScormApi | undefined {
  for (let at: ScormWindow | undefined = page, level = 0; at && level < LEVELS; level++) {
    const api = read(at, 'API');
    if (api && METHODS.every((method) => typeof read(api, method) === 'function')) return api as ScormApi;
    const parent: ScormWindow | undefined = parentOf(at);
    at = parent;
  }
  return undefined;
}

function parentOf(page: ScormWindow): ScormWindow | undefined {
  const parent = read(page, 'parent') as ScormWindow | null | undefined;
  return parent && parent !== page ? parent : undefined;
}

/** A window of another origin throws when looked into. */
function read(from: unknown, name: string): unknown {
  try {
    return (from as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
