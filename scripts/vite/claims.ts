import { type Claim, LITERATURE, type Teller, TOPICS, type Topic } from '../../web/claims/claim.ts';
import { BY_TOPIC, findClaim } from '../../web/claims/claims.ts';
import { evidenceOf, studiesOf } from '../../web/claims/evidence.ts';
import { tellerName } from '../../web/claims/filter.ts';
import { PAPERS } from '../../web/claims/papers.ts';
import { CHAPTERS } from '../../web/pages/contents.ts';
import { escapeHtml } from './html-text.ts';
import { pageFiller, type PageFiller } from './page-filler.ts';

/**
 * The words of claims, put into pages when the site is built, so that they can be read without scripts: `<bn-claim id="C7">`
 * anywhere gets the claim of that number, and `<bn-claims>` all of them by topic. The elements of these names add what runs.
 */
export const claims = (): PageFiller => pageFiller('bn-claims', fillClaims);

export function fillClaims(html: string): string {
  return html
    .replace(/<bn-claim id="(C\d+)"><\/bn-claim>/g, (_, id: string) => {
      const claim = findClaim(id);
      if (!claim) throw new Error(`There is no claim ${id}.`);
      return claimMarkup(claim);
    })
    .replace(/<bn-claims><\/bn-claims>/g, () => `<bn-claims>${board()}</bn-claims>`);
}

function board(): string {
  return (Object.keys(TOPICS) as Topic[])
    .map(
      (topic) => `
        <section class="topic" id="${topic}" aria-labelledby="${topic}-title">
          <h2 id="${topic}-title">${TOPICS[topic]}</h2>
          ${BY_TOPIC[topic].map(claimMarkup).join('')}
        </section>`,
    )
    .join('');
}

function claimMarkup(claim: Claim): string {
  const { id, statement, saidBy, literature, reason, cites = [] } = claim;
  const said = listOf(saidBy.map(sayer));
  const cited = cites.map((key) => paper(key, PAPERS[key].short));
  return `<bn-claim id="${id}">
    <h3 slot="statement"><a class="number" href="./claims.html#${id}">${id}</a> ${escapeHtml(statement)}</h3>
    <p class="literature"><b>In the literature: ${LITERATURE[literature]}.</b> ${escapeHtml(reason)}${
      cited.length > 0 ? ` <span class="cites">(${cited.join('; ')})</span>` : ''
    }</p>
    <p class="told">Said by: ${said}. More in ${listOf(claim.chapters.map(chapter))}. ${experiments(claim)}</p>
  </bn-claim>`;
}

function experiments(claim: Claim): string {
  const { none } = evidenceOf(claim);
  if (none !== undefined) return `No experiment: ${escapeHtml(none)}`;
  const studies = studiesOf(claim);
  return `${studies.length === 1 ? 'Experiment' : 'Experiments'}: ${studies.join(', ')}.`;
}

function sayer(teller: Teller): string {
  return teller in PAPERS ? paper(teller as keyof typeof PAPERS, tellerName(teller)) : tellerName(teller);
}

function paper(key: keyof typeof PAPERS, text: string): string {
  const { title, where, link } = PAPERS[key];
  return `<a href="${link}" title="${escapeHtml(`${title}, ${where}`)}">${escapeHtml(text)}</a>`;
}

function chapter(number: number): string {
  const found = CHAPTERS.find((one) => one.number === number);
  return found ? `<a href="./${found.file}">chapter ${number}</a>` : `chapter ${number}`;
}

function listOf(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
