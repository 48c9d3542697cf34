/** A text as a cell of a table to take away: in quotation marks where a reader of CSV needs them (RFC 4180). */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
