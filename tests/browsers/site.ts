import { once } from 'node:events';
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer } from '../../scripts/serve.mjs';

export interface ProbedSite {
  readonly address: string;
  close(): Promise<void>;
}

/** A page of a course that embeds a figure and writes down how high it says it is. */
const COURSE = `<!doctype html><title>A course</title><script src="probe.js"></script><script src="course.js"></script>
<iframe title="A figure" width="720" height="300" src="embed.html#v=1&amp;figure=weight-scale"></iframe>`;
const COURSE_SCRIPT = `globalThis.heights = [];
addEventListener('message', ({ data }) => {
  if (data?.subject === 'lti.frameResize') heights.push(data.height);
});`;

/** dist/ with the probe in every page, under the site's own headers; and a course's page beside it, under none. */
export async function serveProbed(): Promise<ProbedSite> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'batchnorm-lab-site-'));
  fs.cpSync('dist', directory, { recursive: true });
  fs.copyFileSync(path.join(import.meta.dirname, 'probe.js'), path.join(directory, 'probe.js'));
  fs.writeFileSync(path.join(directory, 'course.js'), COURSE_SCRIPT);
  for (const name of fs.readdirSync(directory).filter((one) => one.endsWith('.html'))) {
    const file = path.join(directory, name);
    const html = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, html.replace(/<head[^>]*>/, '$&<script src="./probe.js"></script>'));
  }
  const server = createServer({ directory, base: '/courses/statistics/' });
  const [answer] = server.listeners('request') as [
    (request: IncomingMessage, response: ServerResponse) => void,
  ];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (request.url !== '/courses/statistics/course.html') return answer(request, response);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(COURSE);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/courses/statistics/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      fs.rmSync(directory, { recursive: true });
    },
  };
}
