import type { Experiment } from '../protocol/experiment.ts';
import type { LabSetup } from '../protocol/lab-session.ts';

/** What a program is made from: one arm of a Lab, and what is to be said of it. */
export interface ProgramOf {
  data: LabSetup['data'];
  arm: Experiment;
  /** 'A' or 'B'. */
  name: string;
  /** Examples of the training set. */
  examples: number;
  /** The file with the recorded run, which lies beside the program. */
  recording: string;
  /** Where the experiment can be opened again. */
  link?: string;
}

/** The name a file of an arm begins with. */
export function programName(name: string): string {
  return `batchnorm-lab-${name.toLowerCase()}`;
}
