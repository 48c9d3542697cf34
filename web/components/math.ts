import { html, mathml, nothing, type TemplateResult } from 'lit';
import { betweenNumbers } from '../protocol/decimal.ts';
import { MINUS, numberParts, formatNumber } from './format-number.ts';

/**
 * Formulas as small trees, written once and shown three ways: MathML on the page, LaTeX for copying, plain text for names
 * and announcements. A number may carry the cell it came from, so that the page can light up both.
 */
export type Expression =
  | {
      kind: 'number';
      text: string;
      exponent?: number;
      cell?: string | undefined;
      role?: Role | undefined;
      negative: boolean;
    }
  | { kind: 'symbol'; text: string; latex: string; role?: Role | undefined; cell?: string | undefined }
  | { kind: 'hat'; of: Expression; role?: Role | undefined; cell?: string | undefined }
  | { kind: 'operator'; text: string; latex: string; form?: 'infix' }
  | { kind: 'row'; items: readonly Expression[] }
  | { kind: 'fraction'; over: Expression; under: Expression }
  | { kind: 'root'; of: Expression }
  | { kind: 'power'; base: Expression; exponent: Expression }
  | { kind: 'index'; base: Expression; index: Expression };

/** What a quantity is; decides its colour, the same on every page. */
export type Role = 'x' | 'xhat' | 'y' | 'grad' | 'training' | 'inference';

export function num(value: number, cell?: string, role?: Role, scale?: number): Expression {
  const { mantissa, exponent } = numberParts(value, scale);
  return {
    kind: 'number',
    text: mantissa,
    ...(exponent !== undefined && { exponent }),
    cell,
    role,
    negative: value < 0,
  };
}

/** A number already written, for one that is not shown with the usual digits. */
export function written(text: string, cell?: string, role?: Role): Expression {
  return { kind: 'number', text, cell, role, negative: text.startsWith(MINUS) };
}

export function symbol(text: string, latex = text, role?: Role, cell?: string): Expression {
  return { kind: 'symbol', text, latex, role, cell };
}

export function operator(text: string, latex = text): Expression {
  return { kind: 'operator', text, latex };
}

export function row(...items: readonly Expression[]): Expression {
  return { kind: 'row', items };
}

export function fraction(over: Expression, under: Expression): Expression {
  return { kind: 'fraction', over, under };
}

export function root(of: Expression): Expression {
  return { kind: 'root', of };
}

export function power(base: Expression, exponent: Expression): Expression {
  return { kind: 'power', base, exponent };
}

export function index(base: Expression, at: Expression): Expression {
  return { kind: 'index', base, index: at };
}

export function hat(of: Expression, role?: Role): Expression {
  return { kind: 'hat', of, role };
}

export const plus = operator('+');
export const minus = operator(MINUS, '-');
export const times = operator('·', '\\cdot');
export const equals = operator('=');
export const comma = operator(',');
/** Between numbers, where a comma may be a part of them. */
export const separator = (): Expression => operator(betweenNumbers().trim(), ',');
export const dots = operator('…', '\\dots');
export const open = operator('(');
export const close = operator(')');

export function parenthesised(item: Expression): Expression {
  return row(open, item, close);
}

/** A negative number that follows an operator or takes a power stands in parentheses. */
export function guarded(item: Expression): Expression {
  return item.kind === 'number' && (item.negative || item.exponent !== undefined)
    ? parenthesised(item)
    : item;
}

/** Terms joined by an operator; a long run keeps its first three terms and its last. */
export function joined(items: readonly Expression[], by: Expression, most = 5): Expression {
  const shown = items.length > most ? [...items.slice(0, 3), dots, ...items.slice(-1)] : items;
  return row(...shown.flatMap((item, at) => (at === 0 ? [item] : [by, item])));
}

/** The cells a formula's numbers came from. */
export function cellsOf(math: Expression): string[] {
  switch (math.kind) {
    case 'number':
    case 'symbol':
      return math.cell === undefined ? [] : [math.cell];
    case 'hat':
      return [...(math.cell === undefined ? [] : [math.cell]), ...cellsOf(math.of)];
    case 'operator':
      return [];
    case 'row':
      return math.items.flatMap(cellsOf);
    case 'fraction':
      return [...cellsOf(math.over), ...cellsOf(math.under)];
    case 'root':
      return cellsOf(math.of);
    case 'power':
      return [...cellsOf(math.base), ...cellsOf(math.exponent)];
    case 'index':
      return [...cellsOf(math.base), ...cellsOf(math.index)];
  }
}

/** How a formula is lit: the cell being looked at, if it is one of the formula's. */
export interface Lit {
  cell?: string | undefined;
}

function render(item: Expression, lit: Lit): TemplateResult {
  switch (item.kind) {
    case 'number': {
      const body =
        item.exponent === undefined
          ? mathml`<mn>${item.text}</mn>`
          : mathml`<mrow><mn>${item.text}</mn><mo>·</mo><msup><mn>10</mn><mn>${formatNumber(item.exponent)}</mn></msup></mrow>`;
      return mathml`<mrow class=${classes(item, lit)} data-cell=${item.cell ?? nothing}>${body}</mrow>`;
    }
    case 'symbol':
      return mathml`<mi class=${classes(item, lit)} data-cell=${item.cell ?? nothing}>${item.text}</mi>`;
    case 'hat':
      return mathml`<mover accent="true" class=${classes(item, lit)} data-cell=${item.cell ?? nothing}>${render(item.of, lit)}<mo stretchy="false">^</mo></mover>`;
    case 'operator':
      return mathml`<mo stretchy="false" form=${item.form ?? nothing}>${item.text}</mo>`;
    case 'row':
      return mathml`<mrow>${item.items.map((part) => render(part, lit))}</mrow>`;
    case 'fraction':
      return mathml`<mfrac>${render(item.over, lit)}${render(item.under, lit)}</mfrac>`;
    case 'root':
      return mathml`<msqrt>${render(item.of, lit)}</msqrt>`;
    case 'power':
      return mathml`<msup>${render(item.base, lit)}${render(item.exponent, lit)}</msup>`;
    case 'index':
      return mathml`<msub>${render(item.base, lit)}${render(item.index, lit)}</msub>`;
  }
}

function classes(item: { role?: Role | undefined; cell?: string | undefined }, { cell }: Lit): string {
  const parts = [item.role ?? '', item.cell === undefined ? '' : 'term'];
  if (item.cell !== undefined && item.cell === cell) parts.push('lit');
  return parts.filter(Boolean).join(' ');
}

/**
 * One formula. MathML does not break lines, so it is set in parts that the page may put on several: a new one before
 * each equals, plus and arrow that is not inside parentheses, a fraction or a root.
 */
export function formula(parts: readonly Expression[], lit: Lit = {}): TemplateResult {
  return html`${parts.flatMap(breakable).map((part) => html`<math>${render(part, lit)}</math>`)}`;
}

/** A formula with its name in words, where a header or a button needs one. */
export function named(symbolic: Expression, name: string): TemplateResult {
  return html`<span aria-hidden="true">${formula([symbolic])}</span
    ><span class="visually-hidden">${name}</span>`;
}

const BREAKS = new Set(['=', '+', '→', '←']);

function flat(item: Expression): readonly Expression[] {
  return item.kind === 'row' ? item.items.flatMap(flat) : [item];
}

function breakable(part: Expression): Expression[] {
  const parts: Expression[][] = [[]];
  let depth = 0;
  for (const item of flat(part)) {
    const text = item.kind === 'operator' ? item.text : '';
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (depth === 0 && BREAKS.has(text)) parts.push([{ ...item, form: 'infix' } as Expression]);
    else parts.at(-1)?.push(item);
  }
  return parts.filter((items) => items.length > 0).map((items) => row(...items));
}

export function toLatex(item: Expression): string {
  switch (item.kind) {
    case 'number': {
      const text = item.text
        .replace(',', '.')
        .replaceAll(MINUS, '-')
        .replace('∞', '\\infty')
        .replace('undefined', '\\text{undefined}');
      return item.exponent === undefined ? text : `${text} \\cdot 10^{${item.exponent}}`;
    }
    case 'symbol':
      return item.latex;
    case 'hat':
      return `\\hat{${toLatex(item.of)}}`;
    case 'operator':
      return item.latex;
    case 'row':
      return item.items.map(toLatex).join(' ');
    case 'fraction':
      return `\\frac{${toLatex(item.over)}}{${toLatex(item.under)}}`;
    case 'root':
      return `\\sqrt{${toLatex(item.of)}}`;
    case 'power':
      return `{${toLatex(item.base)}}^{${toLatex(item.exponent)}}`;
    case 'index':
      return `{${toLatex(item.base)}}_{${toLatex(item.index)}}`;
  }
}

export function toText(item: Expression): string {
  switch (item.kind) {
    case 'number':
      return item.exponent === undefined ? item.text : `${item.text}·10^${formatNumber(item.exponent)}`;
    case 'symbol':
      return item.text;
    case 'hat':
      return `${toText(item.of)}\u0302`;
    case 'operator':
      return ['(', ')', ',', ';'].includes(item.text) ? item.text : ` ${item.text} `;
    case 'row':
      return item.items.map(toText).join('');
    case 'fraction':
      return `${wrapped(item.over)} / ${wrapped(item.under)}`;
    case 'root':
      return `√(${toText(item.of)})`;
    case 'power':
      return `${toText(item.base)}${toText(item.exponent) === '2' ? '²' : `^${wrapped(item.exponent)}`}`;
    case 'index':
      return `${toText(item.base)}_${toText(item.index)}`;
  }
}

function wrapped(item: Expression): string {
  const text = toText(item);
  return item.kind === 'row' && text.includes(' ') ? `(${text})` : text;
}
