import { css, html, nothing, type TemplateResult } from 'lit';
import { LITERATURE } from '../../claims/claim.ts';
import { PREDICTIONS, type Predictions, scoreOf } from '../../claims/prediction.ts';
import type { Report, ReportedCheck, ReportedClaim } from '../../claims/report.ts';
import { badgeMark } from './badge-mark.ts';

/** The report of a reader's own run, on paper: on the screen it is not shown. */
export function printedReport({ date, engine, claims }: Report, predictions: Predictions): TemplateResult {
  const { made, settled, right } = scoreOf(predictions);
  return html`<section class="printed">
    <h2>What came out</h2>
    <p>
      Run on ${date.toISOString().slice(0, 16).replace('T', ', ')} UTC with
      ${engine === '' ? nothing : `version ${engine} of `}the engine of BatchNorm Lab. ${claims.length}
      claims. ${made === 0 ? nothing : `Of ${made} predictions ${settled} came out, ${right} as predicted.`}
    </p>
    ${claims.map(claimBlock)}
  </section>`;
}

function claimBlock({ claim, badge, link, checks, predicted }: ReportedClaim): TemplateResult {
  return html`<article>
    <h3>${claim.id}. ${claim.statement}</h3>
    <p>
      ${badgeMark(badge)} In the literature: ${LITERATURE[claim.literature]}.
      ${predicted ? `Predicted: ${PREDICTIONS[predicted.prediction]}` : nothing}
    </p>
    <ul>
      ${checks.map(checkLine)}
    </ul>
    <p class="link">${link}</p>
  </article>`;
}

function checkLine({ ref, side, check, verdict, setting, seeds }: ReportedCheck): TemplateResult {
  return html`<li>
    ${side === 'for' ? 'For' : 'Against'}, ${ref}: ${check.statement} ${verdict.sentence}
    ${setting === '' ? nothing : html`Settings: ${setting}.`}
    ${seeds.length > 1 ? `Seeds ${seeds[0]} to ${seeds.at(-1)}` : `Seed ${seeds[0]}`}.
  </li>`;
}

export const printedStyles = css`
  .printed {
    display: none;
  }

  @media print {
    .printed {
      display: block;
      font: 9.5pt / 1.4 var(--font-sans);
    }

    .printed h2 {
      font-size: 14pt;
    }

    .printed h3 {
      margin: 0 0 0.3em;
      font: 600 10.5pt / 1.3 var(--font-serif);
    }

    .printed :is(p, ul) {
      margin: 0.2em 0;
    }

    .printed article {
      margin-block: 1em;
      break-inside: avoid;
    }

    .printed .link {
      color: var(--text-muted);
      overflow-wrap: anywhere;
    }
  }
`;
