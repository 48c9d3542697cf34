import { withDecimal } from '../../protocol/decimal.ts';
import type { StudyKnob } from '../../protocol/studies.ts';
import type { FieldProperty } from '../lab/field.ts';

/** A whole number from 0 to 1 is a switch. */
export function knobProperty({ label, unit, value, min, max, whole, scale }: StudyKnob): FieldProperty {
  const named = withDecimal(unit === '' ? label : `${label} (${unit})`);
  if (whole && min === 0 && max === 1) return { kind: 'boolean', label: named, default: value !== 0 };
  if (scale === 'log' && min > 0)
    return { kind: 'number', label: named, default: value, min, max, whole, step: 0.1, scale: 'log' };
  const step = 10 ** Math.floor(Math.log10((max - min) / 20));
  return {
    kind: 'number',
    label: named,
    default: value,
    min,
    max,
    whole,
    step: whole ? Math.max(1, step) : step,
  };
}

export function knobSlider({ min, max, scale }: StudyKnob): { min: number; max: number; log?: number } {
  return { min, max, ...(scale === 'log' && min > 0 && { log: 0.05 }) };
}
