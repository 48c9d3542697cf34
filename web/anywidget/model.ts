/** What a notebook gives a widget: the part that is used here of the contract of anywidget's front-end modules (AFM). */
export interface Model {
  get(trait: string): unknown;
  set(trait: string, value: unknown): void;
  /** Sends what was set to Python, where there is one. */
  save_changes(): void;
  on(event: `change:${string}`, callback: () => void): void;
  off(event: `change:${string}`, callback: () => void): void;
}
