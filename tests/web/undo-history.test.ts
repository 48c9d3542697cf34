import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UndoHistory } from '../../web/components/undo-history.ts';

describe('the undo history', () => {
  it('goes back and forth', () => {
    const history = new UndoHistory('a');
    expect([history.canUndo, history.canRedo, history.undo(), history.redo()]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(history.push('b')).toBe(true);
    history.push('c');
    expect([history.undo(), history.undo(), history.present]).toEqual([true, true, 'a']);
    expect([history.redo(), history.present, history.canRedo]).toEqual([true, 'b', true]);
    history.push('d');
    expect([history.canRedo, history.present]).toEqual([false, 'd']);
  });

  it('makes one entry of a drag', () => {
    const history = new UndoHistory(0);
    expect([1, 2, 3].map((value) => history.push(value, 'drag'))).toEqual([true, false, false]);
    history.seal();
    expect(history.push(4, 'drag')).toBe(true);
    history.undo();
    expect(history.present).toBe(3);
    history.undo();
    expect(history.present).toBe(0);
  });

  it('does not merge into an entry that was gone back to', () => {
    const history = new UndoHistory(0);
    history.push(1, 'drag');
    history.push(2);
    history.undo();
    expect(history.push(5, 'drag')).toBe(true);
    history.undo();
    expect(history.present).toBe(1);
  });

  it('keeps what was undone when only the view changes', () => {
    const history = new UndoHistory('a');
    history.push('b');
    history.undo();
    history.replace('a, other view');
    expect([history.present, history.canUndo, history.canRedo]).toEqual(['a, other view', false, true]);
    history.redo();
    history.undo();
    expect(history.present).toBe('a, other view');
  });

  it('recognises the neighbours the browser goes to', () => {
    const same = (a: string, b: string) => a === b;
    const history = new UndoHistory('a');
    history.push('b');
    history.visit('a', same);
    expect([history.present, history.canRedo]).toEqual(['a', true]);
    history.visit('b', same);
    expect([history.present, history.canRedo]).toEqual(['b', false]);
    history.visit('elsewhere', same);
    history.undo();
    expect(history.present).toBe('b');
  });

  it('forgets the oldest beyond its capacity', () => {
    const history = new UndoHistory(0, 3);
    for (let value = 1; value <= 10; value++) history.push(value);
    let steps = 0;
    while (history.undo()) steps++;
    expect([steps, history.present]).toEqual([3, 7]);
  });

  it('is undone and redone to where it was, whatever was pushed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer(), fc.option(fc.constantFrom('a', 'b'), { nil: undefined }))),
        (edits) => {
          const history = new UndoHistory(0);
          for (const [value, group] of edits) history.push(value, group);
          const last = history.present;
          while (history.undo());
          expect(history.present).toBe(0);
          while (history.redo());
          expect(history.present).toBe(last);
        },
      ),
    );
  });
});
