import { html, nothing, type TemplateResult } from 'lit';
import { type Claim, LITERATURE, type Teller } from '../../claims/claim.ts';
import { evidenceOf, studiesOf } from '../../claims/evidence.ts';
import { tellerName } from '../../claims/filter.ts';
import { PAPERS } from '../../claims/papers.ts';
import { siteLink } from '../site-link.ts';

type PaperKey = keyof typeof PAPERS;

/** The words of a claim where no page was built around it: the same as scripts/vite/claims.ts writes into those of the site. */
export function claimHeading({ id, statement }: Claim): TemplateResult {
  const link = siteLink(`claims.html#${id}`);
  return html`<h3>
    ${link === undefined ? html`<span class="number">${id}</span>` : html`<a class="number" href=${link} target="_blank" rel="noopener">${id}</a>`}
    ${statement}
  </h3>`;
}

export function claimWords(claim: Claim): TemplateResult {
  const { saidBy, literature, reason, cites = [], chapters } = claim;
  return html`<p class="words">
      <b>In the literature: ${LITERATURE[literature]}.</b> ${reason}
      ${cites.length > 0 ? html`<span>(${cites.map((key, at) => [at > 0 ? '; ' : '', paper(key, PAPERS[key].short)])})</span>` : nothing}
    </p>
    <p class="words">
      Said by: ${listOf(saidBy.map(sayer))}. ${chapters.length === 1 ? 'Chapter' : 'Chapters'}
      ${listOf(chapters)} of BatchNorm Lab. ${experiments(claim)}
    </p>`;
}

function experiments(claim: Claim): string {
  const { none } = evidenceOf(claim);
  if (none !== undefined) return `No experiment: ${none}`;
  const studies = studiesOf(claim);
  return `${studies.length === 1 ? 'Experiment' : 'Experiments'}: ${studies.join(', ')}.`;
}

function sayer(teller: Teller): TemplateResult | string {
  const name = tellerName(teller);
  return teller in PAPERS ? paper(teller as PaperKey, name) : name;
}

function paper(key: PaperKey, text: string): TemplateResult {
  const { title, where, link } = PAPERS[key];
  return html`<a href=${link} title=${`${title}, ${where}`} target="_blank" rel="noopener">${text}</a>`;
}

function listOf(parts: readonly unknown[]): unknown[] {
  return parts.flatMap((part, at) => [at === 0 ? '' : at === parts.length - 1 ? ' and ' : ', ', part]);
}
