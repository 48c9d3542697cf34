/**
 * A link in the text that sets the figure also brings the reader there; the browser's back button returns to the
 * sentence. Only after the link has been followed: the scroll position left behind is then the sentence's.
 */
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a.to-figure');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  setTimeout(() => {
    const figure = document.querySelector<HTMLElement>('#figure');
    figure?.scrollIntoView();
    figure?.focus({ preventScroll: true });
  });
});
