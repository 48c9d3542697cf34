import type { LabExamples, LabValue } from '../../protocol/lab.ts';

/** What the parts of a Lab ask of the Lab they are in. All cross shadow roots. */
class LabRequestEvent extends Event {
  constructor(name: string) {
    super(name, { bubbles: true, composed: true });
  }
}

/** Settings to take over, as one step of undo; those with the same group are one step together. */
export class LabEditEvent extends LabRequestEvent {
  constructor(
    readonly change: Partial<LabValue>,
    readonly group?: string,
  ) {
    super('bn-lab-edit');
  }
}

/** The next edit begins a new step of undo. */
export class LabSealEvent extends LabRequestEvent {
  constructor() {
    super('bn-lab-seal');
  }
}

/** Examples that were drawn, or read from a file: `data` says which. The Lab starts anew with them. */
export class LabExamplesEvent extends LabRequestEvent {
  constructor(
    readonly data: 'drawn' | 'csv',
    readonly examples: LabExamples,
  ) {
    super('bn-lab-examples');
  }
}

export type LabCommand = 'run' | 'pause' | 'batch' | 'epoch' | 'rewind' | 'undo' | 'redo';

export class LabCommandEvent extends LabRequestEvent {
  constructor(readonly command: LabCommand) {
    super('bn-lab-command');
  }
}

/** Another experiment as a whole: a preset, a file, one that was kept, a cell of a sweep. One step of undo. */
export class LabLoadEvent extends LabRequestEvent {
  constructor(
    readonly value: LabValue,
    /** What was loaded, for the live region. */
    readonly said: string,
  ) {
    super('bn-lab-load');
  }
}

/** A sentence for the Lab's live region. */
export class LabSayEvent extends LabRequestEvent {
  constructor(readonly text: string) {
    super('bn-lab-say');
  }
}

declare global {
  interface HTMLElementEventMap {
    'bn-lab-edit': LabEditEvent;
    'bn-lab-seal': LabSealEvent;
    'bn-lab-examples': LabExamplesEvent;
    'bn-lab-command': LabCommandEvent;
    'bn-lab-load': LabLoadEvent;
    'bn-lab-say': LabSayEvent;
  }
}
