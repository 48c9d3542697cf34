/**
 * What is wider than its column scrolls in its own box; then, and only then, the box takes the keyboard's focus, so
 * that it can be scrolled without a pointer.
 */
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (!(target instanceof HTMLElement)) continue;
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
      target.setAttribute('role', 'group');
      target.setAttribute(
        'aria-label',
        target.matches('.formula') ? 'Formula, scrolls sideways' : 'Table, scrolls sideways',
      );
    } else {
      for (const name of ['tabindex', 'role', 'aria-label']) target.removeAttribute(name);
    }
  }
});

export function watchWideBoxes(root: ParentNode): void {
  for (const box of root.querySelectorAll('.formula, .table, .scroll')) watcher.observe(box);
}
