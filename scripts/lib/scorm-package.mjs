import crypto from 'node:crypto';
import { strToU8, zipSync } from 'fflate';

/** The file a course platform begins with. */
const PAGE = 'index.html';

/** Of titles and of addresses: what the schema of manifests lets in. */
const LONGEST_TITLE = 200;

/**
 * A SCORM 1.2 package as a zip file. `files` are those of the page, by path; `attributes` say what its <bn-quiz> asks;
 * `mastery` is the points of 100 that pass, `site` where links lead. The same choices make the same bytes.
 */
export function scormPackage(files, { attributes, title, mastery, site }) {
  const page = configuredPage(new TextDecoder().decode(files[PAGE]), { attributes, title, mastery, site });
  const content = { ...files, [PAGE]: strToU8(page) };
  const manifest = scormManifest({
    identifier: `batchnorm-lab-${shortHash(JSON.stringify([attributes, title, mastery, site]))}`,
    title,
    mastery,
    files: Object.keys(content).sort(),
  });
  return zipSync(
    { 'imsmanifest.xml': strToU8(manifest), ...content },
    // The earliest time a zip file can tell.
    { level: 9, mtime: new Date(1980, 0, 1) },
  );
}

/** imsmanifest.xml: one activity, which is one page that reports. */
export function scormManifest({ identifier, title, mastery, files }) {
  const name = escaped(title.slice(0, LONGEST_TITLE));
  const masteryScore =
    mastery === undefined ? '' : `\n        <adlcp:masteryscore>${mastery}</adlcp:masteryscore>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${identifier}" version="1.2"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="organization">
    <organization identifier="organization">
      <title>${name}</title>
      <item identifier="quiz" identifierref="page" isvisible="true">
        <title>${name}</title>${masteryScore}
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="${PAGE}">
${files.map((file) => `      <file href="${escaped(encodeURI(file))}"/>`).join('\n')}
    </resource>
  </resources>
</manifest>
`;
}

function configuredPage(html, { attributes, title, mastery, site }) {
  const data = Object.entries({ 'data-mastery': mastery, 'data-site': site }).filter(
    ([, value]) => value !== undefined,
  );
  return replacedOnce(
    [
      ['<bn-quiz', `<bn-quiz${written(Object.entries(attributes))}`],
      ['<main', `<main${written(data)}`],
      ['<title>Quiz of BatchNorm Lab<', `<title>${escaped(title)}<`],
      ['<h1>Quiz of BatchNorm Lab<', `<h1>${escaped(title)}<`],
    ],
    html,
  );
}

/** Where the page lacks one of the places it would be a package that asks something else. */
function replacedOnce(changes, text) {
  return changes.reduce((before, [from, to]) => {
    if (before.split(from).length !== 2) throw new Error(`${PAGE} should have ${from} exactly once`);
    return before.replace(from, () => to);
  }, text);
}

const written = (entries) => entries.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('');

function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function shortHash(text) {
  return crypto.createHash('sha256').update(text).digest('hex').slice(0, 12);
}
