/** What went wrong, as its error says it. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
