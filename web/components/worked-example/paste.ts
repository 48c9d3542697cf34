import { parseNumber } from '../format-number.ts';
import type { Matrix, Parsed } from '../../protocol/properties.ts';

/** Far more than 64 × 8 cells need. */
const MAX_PASTE = 60_000;
const MAX_REPORTED = 3;

/**
 * Reads cells copied from a spreadsheet (tabs) or a CSV file. With tabs or semicolons between the cells, or none, a comma
 * is a decimal comma; else commas separate. A single line of plain numbers is a list, one number per example.
 */
export function parseTable(text: string): Parsed<Matrix> {
  if (text.length > MAX_PASTE)
    return { problem: `The text is too long: expected at most ${MAX_PASTE} characters.` };
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  while (lines.length > 0 && lines[0]?.trim() === '') lines.shift();
  if (lines.length === 0) return { problem: 'There is nothing to paste: expected numbers.' };
  const rows = asList(lines) ?? lines.map(splitter(lines));
  return readRows(rows);
}

function asList(lines: readonly string[]): string[][] | undefined {
  const [line = ''] = lines;
  if (lines.length > 1 || /[\t;]/.test(line)) return undefined;
  const parts = line.trim().split(/\s*,\s+|\s+/);
  if (parts.length > 1) return parts.map((part) => [part]);
  const byComma = line.split(',');
  return byComma.length > 2 ? byComma.map((part) => [part]) : undefined;
}

function splitter(lines: readonly string[]): (line: string) => string[] {
  const has = (separator: string) => lines.some((line) => line.includes(separator));
  if (has('\t')) return (line) => line.split('\t');
  if (has(';')) return (line) => line.split(';');
  const commas = lines.map((line) => line.split(',').length - 1);
  // One column of 2,5 is what a spreadsheet with decimal commas gives; a dot or a second comma in a line rules that out.
  const decimal = commas.every((count) => count <= 1) && !has('.') && !has(', ');
  return decimal ? (line) => [line] : (line) => line.split(',');
}

function readRows(rows: readonly string[][]): Parsed<Matrix> {
  const columns = rows[0]?.length ?? 0;
  const bad: string[] = [];
  let count = 0;
  const report = (problem: string) => {
    if (++count <= MAX_REPORTED) bad.push(problem);
  };
  const values = rows.map((cells, row) => {
    if (cells.length !== columns)
      report(`row ${row + 1} has ${cells.length} of the ${columns} cells of row 1`);
    return cells.map((cell, column) => {
      const value = parseNumber(cell);
      if (value === undefined)
        report(`row ${row + 1}, column ${column + 1}: ${describe(cell)} is not a number`);
      return value ?? 0;
    });
  });
  if (count === 0) return { value: values };
  const more = count > MAX_REPORTED ? ` and ${count - MAX_REPORTED} more` : '';
  return {
    problem: `Nothing was changed: ${bad.join('; ')}${more}. Expected numbers such as 2.5, 2,5 or −3.`,
  };
}

function describe(cell: string): string {
  const text = cell.trim();
  if (text === '') return 'an empty cell';
  return `“${text.length > 20 ? `${text.slice(0, 20)}…` : text}”`;
}
