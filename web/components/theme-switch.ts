/**
 * `<bn-theme-switch>`: the system's theme, light or dark. In the page itself, not in a shadow root: it has the look of
 * the masthead around it. `public/theme.js` reads the choice back before the next page paints.
 */
const THEMES = { auto: 'System', light: 'Light', dark: 'Dark' };

class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    if (this.firstChild) return;
    const select = document.createElement('select');
    select.setAttribute('aria-label', 'Theme');
    for (const [value, label] of Object.entries(THEMES)) select.add(new Option(label, value));
    select.value = document.documentElement.dataset['theme'] ?? 'auto';
    select.addEventListener('change', () => choose(select.value));
    this.append(select);
  }
}

function choose(theme: string): void {
  const root = document.documentElement;
  if (theme === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  try {
    if (theme === 'auto') localStorage.removeItem('theme');
    else localStorage.setItem('theme', theme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

customElements.define('bn-theme-switch', ThemeSwitch);
