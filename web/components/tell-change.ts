/**
 * The reader changed a figure: its attributes follow, so that they always describe what is on show (null: as without it), and
 * `bn-change` says so to the page.
 */
export function tellChange(figure: Element, attributes: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) figure.removeAttribute(name);
    else figure.setAttribute(name, value);
  }
  figure.dispatchEvent(
    new CustomEvent('bn-change', { detail: { attributes }, bubbles: true, composed: true }),
  );
}
