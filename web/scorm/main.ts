import type { ReactiveController } from 'lit';
import '../components/quiz/quiz.ts';
import { setSiteLinks } from '../components/site-link.ts';
import { QuizResultEvent } from '../protocol/quiz.ts';
import { ScormChannel } from '../report/scorm.ts';
import { findScormApi } from '../report/scorm-api.ts';

/*
 * The page of the SCORM package (npm run build:scorm). What is asked stands in its <bn-quiz>; what else was chosen when the package was
 * made, in data attributes of <main>: `mastery`, the points of 100 that pass, and `site`, where the links of the questions lead.
 */
const main = document.querySelector('main')!;
const status = document.querySelector<HTMLElement>('[role=status]')!;
const quiz = document.querySelector('bn-quiz')!;
const { mastery, site } = main.dataset;

// Without a site there is nothing to see beyond the quiz.
setSiteLinks((place) => (site === undefined ? undefined : new URL(place, site).href));

const RECORDED =
  'Answers and score are recorded by the course platform. They are made in your browser: meant for learning, not for grades that count.';
const ALONE =
  'No course platform was found around this page. The quiz works; nothing of it is recorded. Close this window and open the activity from its course to have it recorded.';

let channel: ScormChannel | undefined;
let opened = false;

/** As soon as it is known what is asked: what was answered before can be taken up then. */
const opening: ReactiveController = {
  hostUpdated() {
    if (opened || quiz.asked.length === 0) return;
    opened = true;
    const api = findScormApi(window);
    if (!api) {
      status.textContent = ALONE;
      return;
    }
    status.textContent = RECORDED;
    channel = new ScormChannel(quiz, api, {
      mastery: mastery === undefined ? undefined : Number(mastery),
      onProblem(problem) {
        status.textContent = problem ?? RECORDED;
        status.className = problem === undefined ? 'note' : 'problem';
      },
    });
  },
};

quiz.addController(opening);
quiz.requestUpdate();
quiz.addEventListener(QuizResultEvent.type, () => channel?.report());
window.addEventListener('pagehide', () => channel?.close());
// A page that comes back from the browser's memory has ended its session with the platform.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
