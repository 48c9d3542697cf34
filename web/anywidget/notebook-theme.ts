export type Theme = 'light' | 'dark';

/** The notebook's own theme, which need not be the system's; undefined where it says nothing. */
export function notebookTheme(body: HTMLElement = document.body): Theme | undefined {
  const { jpThemeLight, vscodeThemeKind } = body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === 'false' ? 'dark' : 'light';
  if (vscodeThemeKind === undefined) return undefined;
  return vscodeThemeKind.includes('light') ? 'light' : 'dark';
}

/** Calls back when it changes, until the function that comes back is called. */
export function onNotebookTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['data-jp-theme-light', 'data-vscode-theme-kind'],
  });
  return () => observer.disconnect();
}
