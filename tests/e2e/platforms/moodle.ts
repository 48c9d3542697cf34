import { htmlPage } from '../host.ts';

/**
 * A page of Moodle 4 or 5, as its theme Boost makes it around the content of a Page resource: what a teacher wrote is put in
 * as it is (mod_page and mod_label format texts without cleaning), into a box that scrolls sideways when it is too wide.
 */
export function moodlePage(content: string): string {
  return htmlPage(
    `<div id="page-wrapper"><div id="page" class="container-fluid"><div id="page-content">
      <section id="region-main"><div role="main">
        <h2>Week 3</h2>
        <div class="box py-3 generalbox center clearfix"><div class="no-overflow">${content}</div></div>
      </div></section>
    </div></div></div>`,
    `<style>
      *, ::before, ::after { box-sizing: border-box; }
      body { margin: 0; font: 400 0.9375rem/1.5 system-ui, sans-serif; color: #1d2125; }
      #region-main { max-width: 830px; margin: 0 auto; padding: 1.25rem; }
      .no-overflow { overflow: auto; }
      iframe { max-width: 100%; }
      p { margin: 0 0 1rem; }
    </style>`,
  );
}

/** The same with a File shown embedded: Moodle's own frame around what was uploaded, from Moodle's own address. */
export function moodleFile(file: string): string {
  return moodlePage(`<div class="resourcecontent resourcegeneral">
    <iframe id="resourceobject" src="${file}" width="800" height="600" title="BatchNorm Lab"></iframe>
  </div>`);
}
