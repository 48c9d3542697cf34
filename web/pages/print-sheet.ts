/** A worksheet’s own print button: shows that sheet alone, which is how it is printed, and asks for the printer. */
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element && event.target.closest('button.print');
  const sheet = button && button.closest<HTMLElement>('.worksheet');
  if (!sheet) return;
  location.hash = sheet.id;
  // After the page has been laid out anew: only then the sheet stands alone.
  requestAnimationFrame(() => requestAnimationFrame(() => print()));
});
