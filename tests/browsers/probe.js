// Put into every page by the server of these tests, before anything else: what goes wrong is written down where any driver can
// read it, and elements are found wherever they are, inside figures too.
(() => {
  const problems = [];
  const note = (kind) => (event) => {
    const said = String(event.message ?? event.reason ?? event.blockedURI);
    // Says that a size will be told in the next frame; nothing is lost.
    if (!said.startsWith('ResizeObserver loop')) problems.push(`${kind}: ${said}`);
  };
  addEventListener('error', note('uncaught'));
  addEventListener('unhandledrejection', note('unhandled'));
  addEventListener('securitypolicyviolation', note('against the policy'));
  for (const level of ['error', 'warn']) {
    const original = console[level];
    console[level] = (...args) => {
      problems.push(`console.${level}: ${args.join(' ')}`);
      original.apply(console, args);
    };
  }

  function* everywhere(root = document) {
    yield root;
    if (root.shadowRoot) yield* everywhere(root.shadowRoot);
    for (const element of root.querySelectorAll('*'))
      if (element.shadowRoot) yield* everywhere(element.shadowRoot);
  }

  /** The first element that fits, is seen and says `text`; in a figure that fits `within`. */
  function find(selector, text, within) {
    const start = within ? document.querySelector(within) : document;
    if (!start) return undefined;
    // What is far from the window may not have been laid out, or not even loaded.
    if (within) {
      const { top, bottom } = start.getBoundingClientRect();
      if (bottom < 0 || top > innerHeight) start.scrollIntoView({ behavior: 'instant' });
    }
    for (const root of everywhere(start)) {
      for (const element of root.querySelectorAll(selector)) {
        const said = `${element.getAttribute('aria-label') ?? ''} ${element.textContent}`.replace(
          /\s+/g,
          ' ',
        );
        const { width, height } = element.getBoundingClientRect();
        if (width > 0 && height > 0 && (text === undefined || new RegExp(text).test(said))) return element;
      }
    }
    return undefined;
  }

  globalThis.probe = {
    problems,
    find,
    /** Where to click it, once it is in the middle of the window. */
    place(selector, text, within) {
      const element = find(selector, text, within);
      if (!element || element.disabled) return null;
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    },
    text: (selector, text, within) =>
      find(selector, text, within)?.textContent.replace(/\s+/g, ' ').trim() ?? null,
    foreign: () =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => !name.startsWith(location.origin) && !/^(blob|data):/.test(name)),
  };
})();
