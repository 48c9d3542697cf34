// Runs before the first paint, so that a chosen theme does not flash the other one. Storage may be forbidden (a sandboxed
// frame): then the system's theme holds.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {}
