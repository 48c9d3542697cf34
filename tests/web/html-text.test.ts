import { describe, expect, it } from 'vitest';
import { escapeHtml, unescapeHtml } from '../../scripts/vite/html-text.ts';

describe('a text in HTML', () => {
  it('can stand between tags and in an attribute', () => {
    expect(escapeHtml('a < b & "c" > d')).toBe('a &lt; b &amp; &quot;c&quot; &gt; d');
  });

  it.each(['x < y > z', 'AT&T "quoted"', '&lt; as it is written in HTML', '&amp;quot;', ''])(
    'comes back as it was: %s',
    (text) => expect(unescapeHtml(escapeHtml(text))).toBe(text),
  );
});
