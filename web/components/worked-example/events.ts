import type { Edit, MatrixName } from './edits.ts';
import type { WorkedExample } from '../../protocol/worked-example.ts';

const options = { bubbles: true, composed: true } as const;

/** A change of the numbers. Edits of one group in a row (a drag, a number being typed) are one step of undo. */
export class EditEvent extends Event {
  static readonly type = 'bn-edit';
  constructor(
    readonly edit: Edit,
    readonly group?: string,
  ) {
    super(EditEvent.type, options);
  }
}

/** The group that was open is complete. */
export class SealEvent extends Event {
  static readonly type = 'bn-seal';
  constructor() {
    super(SealEvent.type, options);
  }
}

export type View = Pick<WorkedExample, 'tab' | 'step' | 'back_step' | 'feature' | 'example'>;

/** A change of where the reader stands; not a step of undo. */
export class ViewEvent extends Event {
  static readonly type = 'bn-view';
  constructor(readonly view: Partial<View>) {
    super(ViewEvent.type, options);
  }
}

/** Something to say in the live region: a milestone, not every number. */
export class SayEvent extends Event {
  static readonly type = 'bn-say';
  constructor(readonly text: string) {
    super(SayEvent.type, options);
  }
}

export class CommandEvent extends Event {
  static readonly type = 'bn-command';
  constructor(readonly command: 'undo' | 'redo' | 'reset') {
    super(CommandEvent.type, options);
  }
}

/** Cells pasted into a cell of the batch, of dL/dy or of the target; without a place, into the batch as a whole. */
export class PasteEvent extends Event {
  static readonly type = 'bn-paste';
  constructor(
    /** As it came. */
    readonly text: string,
    readonly place?: { name: MatrixName; row: number; column: number },
  ) {
    super(PasteEvent.type, options);
  }
}

declare global {
  interface HTMLElementEventMap {
    'bn-edit': EditEvent;
    'bn-seal': SealEvent;
    'bn-view': ViewEvent;
    'bn-say': SayEvent;
    'bn-command': CommandEvent;
    'bn-paste': PasteEvent;
  }
}
