/**
 * Has the browser keep the site for when there is no network, once the page is there and at rest. Not inside other people's pages:
 * what they embed should leave nothing behind. A browser that keeps nothing (storage forbidden, a private window, plain HTTP)
 * loses only that.
 */
function register(): void {
  const container = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
  container?.register(new URL('service-worker.js', document.baseURI)).catch(() => {});
}

/** Safari has no idle callback; then two seconds have to do. */
function whenAtRest(action: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(action, { timeout: 10_000 });
  else setTimeout(action, 2000);
}

if (window.parent === window) {
  if (document.readyState === 'complete') whenAtRest(register);
  else addEventListener('load', () => whenAtRest(register));
}
