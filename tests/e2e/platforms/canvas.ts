import { htmlPage } from '../host.ts';

/** What Canvas lets a teacher's page have: elements, and attributes besides those that any may have. */
const ELEMENTS =
  'a b blockquote br caption cite code col hr h1 h2 h3 h4 h5 h6 del ins iframe font colgroup dd div dl dt em figure ' +
  'figcaption i img li ol p pre q small span strong sub sup table tbody td tfoot th thead tr u ul object embed param video audio';
const OF_ALL = 'style class id title role lang dir';
const OF_FRAMES =
  'src width height name align frameborder scrolling sandbox allowfullscreen webkitallowfullscreen mozallowfullscreen';

/**
 * A page of Canvas: the content goes through an allow-list like the one of Canvas (scripts, unknown elements and other attributes are
 * taken out), and the page listens for `lti.frameResize` as Canvas does, giving the frame that sent it the height it asks for.
 */
export function canvasPage(content: string): string {
  return htmlPage(
    `<div id="wiki_page_show"><div class="show-content user_content"></div></div>
    <template>${content}</template>
    <script>
      const words = (text) => new Set(text.split(' '));
      const elements = words('${ELEMENTS}');
      const ofAll = words('${OF_ALL}');
      const ofFrames = words('${OF_FRAMES}');
      const content = document.querySelector('template').content;
      window.dropped = [];
      for (const element of content.querySelectorAll('*')) {
        if (!elements.has(element.localName)) {
          window.dropped.push(element.localName);
          element.remove();
          continue;
        }
        for (const { name } of [...element.attributes]) {
          const frames = element.localName === 'iframe' && ofFrames.has(name);
          if (!ofAll.has(name) && !name.startsWith('aria-') && !frames) element.removeAttribute(name);
        }
      }
      document.querySelector('.show-content').append(content);
      addEventListener('message', ({ source, data }) => {
        let message = data;
        if (typeof data === 'string') {
          try { message = JSON.parse(data); } catch { return; }
        }
        if (message?.subject !== 'lti.frameResize') return;
        const height = Number(message.height) <= 0 ? 1 : message.height;
        for (const frame of document.querySelectorAll('iframe')) {
          if (frame.contentWindow !== source) continue;
          frame.height = height + 'px';
          frame.style.height = height + 'px';
        }
      });
    </script>`,
    `<style>
      body { margin: 0 auto; max-width: 900px; padding: 24px; font: 16px/1.5 Lato, 'Helvetica Neue', sans-serif; color: #273540; }
      p { margin: 12px 0; }
    </style>`,
  );
}
