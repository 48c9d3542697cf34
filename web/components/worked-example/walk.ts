import { columnOf, lastRow, numberOf, type Numbers, type Walk } from './numbers.ts';
import { formatColumn, formatNumber } from '../format-number.ts';
import { exampleCount, featureCount, type WorkedExample } from '../../protocol/worked-example.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { equals, num, row, type Expression, type Role } from '../math.ts';
import type { MatrixName, VectorName } from './edits.ts';

/**
 * A walk as the page shows it: columns of one cell per example, single numbers above and below them, and the steps that
 * make them. Forward and backward are both described this way; one grid and one list of steps show either.
 */
export interface WalkTable {
  columns: readonly Column[];
  singles: readonly Single[];
  steps: readonly Step[];
}

interface Quantity {
  id: string;
  /** Its symbol, and its name in words. */
  symbol: Expression;
  name: string;
  role?: Role | undefined;
  /** The step, from 0, that makes it. */
  step: number;
  /** Not computed in this mode; shown as a gap. */
  idle?: boolean;
}

export interface Column extends Quantity {
  values: readonly number[];
  texts: readonly string[];
  /** The steps at which a narrow screen has room for it. */
  shownAt: readonly number[];
  editable?: MatrixName;
  arithmetic(row: number): readonly Expression[];
}

export interface Single extends Quantity {
  /** The column it belongs to, and whether it goes into that column or comes out of it. */
  column: string;
  place: 'above' | 'below';
  value: number;
  text: string;
  editable?: VectorName;
  arithmetic(): readonly Expression[];
}

export interface Step {
  title: string;
  short: string;
  text: string;
  /** The formula in symbols, then with the numbers in it. */
  formula: readonly Expression[];
  worked: readonly Expression[];
  note?: string;
}

/** One feature of the figure's numbers, by name. */
export class FeatureView {
  readonly state: WorkedExample;
  readonly walk: Walk;
  readonly feature: number;
  readonly examples: number;
  readonly features: number;
  readonly inference: boolean;

  constructor(readonly numbers: Numbers) {
    this.state = numbers.state;
    this.walk = numbers.walk;
    this.feature = numbers.state.feature;
    this.examples = exampleCount(numbers.state);
    this.features = featureCount(numbers.state);
    this.inference = numbers.state.mode === 'inference';
  }

  get x(): number[] {
    return this.state.x.map((line) => line[this.feature] ?? NaN);
  }

  get gamma(): number {
    return this.state.gamma[this.feature] ?? NaN;
  }

  get beta(): number {
    return this.state.beta[this.feature] ?? NaN;
  }

  /** M and V after the batches fed so far. */
  get runningMean(): number {
    return lastRow(this.numbers.running.pytorch.running_mean)[this.feature] ?? NaN;
  }

  get runningVar(): number {
    return lastRow(this.numbers.running.pytorch.running_var)[this.feature] ?? NaN;
  }

  column(values: Tensor<Float64Array>): number[] {
    return columnOf(values, this.feature);
  }

  number(values: Tensor<Float64Array>): number {
    return numberOf(values, this.feature);
  }
}

export function makeColumn(
  given: Omit<Column, 'texts' | 'arithmetic'> & {
    /** Its symbol for one example: x becomes x₂. */
    of: (example: Expression) => Expression;
    /** As large as the terms its values are sums of. */
    scale?: number;
    /** What stands between the symbol and the value, one part per equals sign; left out for what is given. */
    from?: (row: number) => readonly Expression[];
  },
): Column {
  const { of, scale, from, ...quantity } = given;
  const texts = quantity.idle ? quantity.values.map(() => '') : formatColumn(quantity.values, scale);
  return {
    ...quantity,
    texts,
    arithmetic: (at) => {
      const value = num(quantity.values[at] ?? NaN, `${quantity.id}.${at}`, quantity.role, scale);
      const name = of(num(at + 1));
      if (!from) return [row(name, equals, value)];
      const [first = row(), ...rest] = from(at);
      return [row(name, equals, first), ...rest.map((part) => row(equals, part)), row(equals, value)];
    },
  };
}

export function makeSingle(
  given: Omit<Single, 'text' | 'arithmetic'> & { scale?: number; from?: () => readonly Expression[] },
): Single {
  const { scale, from, ...quantity } = given;
  return {
    ...quantity,
    text: formatNumber(quantity.value, scale),
    arithmetic: () => {
      const value = num(quantity.value, quantity.id, quantity.role, scale);
      const [first, ...rest] = from?.() ?? [];
      if (!first) return [row(quantity.symbol, equals, value)];
      return [
        row(quantity.symbol, equals, first),
        ...rest.map((part) => row(equals, part)),
        row(equals, value),
      ];
    },
  };
}

/** The arithmetic of any cell of a walk, by the cell's name: `x.2`, `mean`. */
export function arithmeticOf(table: WalkTable, cell: string): readonly Expression[] | undefined {
  const [id, at] = cell.split('.');
  if (at === undefined) return table.singles.find((single) => single.id === id && !single.idle)?.arithmetic();
  const column = table.columns.find((candidate) => candidate.id === id && !candidate.idle);
  return column && Number(at) < column.values.length ? column.arithmetic(Number(at)) : undefined;
}

/** The arithmetic a step shows: of a single number, or of a column's cell for the example the reader has chosen. */
export type Worked = (id: string) => readonly Expression[];

export function workedIn({ columns, singles }: Omit<WalkTable, 'steps'>, view: FeatureView): Worked {
  const example = Math.min(view.state.example, view.examples - 1);
  return (id) => {
    const single = singles.find((candidate) => candidate.id === id);
    return single?.arithmetic() ?? columns.find((column) => column.id === id)?.arithmetic(example) ?? [];
  };
}
