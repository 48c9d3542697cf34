/** What the site has. A chapter or place is listed here when its page exists, and the navigation follows. */
export interface Chapter {
  number: number;
  file: string;
  title: string;
}

export const CHAPTERS: readonly Chapter[] = [
  { number: 1, file: 'a-batch-normalised.html', title: 'A batch, normalised' },
  { number: 2, file: 'gamma-and-beta.html', title: 'γ and β: the handshake with SGD' },
  { number: 3, file: 'one-some-or-all.html', title: 'One, some or all' },
  { number: 4, file: 'training-and-inference.html', title: 'Training and inference' },
  { number: 5, file: 'deep-networks.html', title: 'Deep networks' },
  { number: 6, file: 'why-does-it-work.html', title: 'Why does it work?' },
  { number: 7, file: 'using-it-well.html', title: 'Using it well' },
  { number: 8, file: 'when-not-to.html', title: 'When not to' },
];

export interface Place {
  file: string;
  title: string;
  /** Pages that belong to it and are reached from it alone. */
  parts?: readonly string[];
}

/** Beside the chapters: the lab, the claims, the quiz, the page for teachers. */
export const PLACES: readonly Place[] = [
  { file: 'lab.html', title: 'Lab' },
  { file: 'claims.html', title: 'Claims' },
  { file: 'quiz.html', title: 'Quiz' },
  { file: 'teach.html', title: 'Teach', parts: ['worksheets.html', 'worksheet-keys.html'] },
];
