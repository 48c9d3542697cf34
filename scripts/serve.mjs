// Serves dist/ on this machine, with the headers a public host should send.
//   node scripts/serve.mjs [--no-open]

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { isMain, main, Refusal, root, which } from './lib/process.mjs';

const MIME_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ts': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  // The page for teachers shows embed.html in a frame.
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  // Other people's pages may load the figures: module scripts and the engine are fetched across origins. Nothing here is
  // anybody's in particular.
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Cache-Control': 'no-cache',
};

/** It has a policy of its own inside, by the hashes of its scripts, narrower than that of the site, which would refuse them. */
const ONE_FILE = 'batchnorm-lab.html';

function headersFor(file) {
  if (path.basename(file) !== ONE_FILE) return HEADERS;
  const { 'Content-Security-Policy': _, ...others } = HEADERS;
  return others;
}

/** Serves the files under `directory` at `base` (a path that begins and ends with a slash). */
export function createServer({ directory, base = '/' }) {
  return http.createServer((request, response) => {
    const refuse = (status, text, headers = {}) => {
      response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...headers });
      response.end(`${text}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });

    const [, pathname = '', search = ''] = /^([^?]*)(.*)$/s.exec(request.url ?? '/') ?? [];
    if (`${pathname}/` === base) return refuse(301, base, { Location: base + search });
    const file = pathname.startsWith(base) && resolveFile(directory, pathname.slice(base.length));
    if (!file) return refuse(404, 'Not found.');
    if (file.endsWith(path.sep)) return refuse(301, `${pathname}/`, { Location: `${pathname}/${search}` });

    const type = MIME_TYPES[path.extname(file)] ?? 'application/octet-stream';
    const { size } = fs.statSync(file);
    response.writeHead(200, { ...headersFor(file), 'Content-Type': type, 'Content-Length': size });
    if (request.method === 'HEAD') response.end();
    else pipeline(fs.createReadStream(file), response, () => {}); // a visitor who leaves early is no error
  });
}

/**
 * The file a path asks for, never one outside `directory`; a directory's index.html if the path ends with a slash,
 * the directory with a separator behind it if it does not; undefined if there is none.
 */
function resolveFile(directory, encoded) {
  let decoded;
  try {
    decoded = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  if (/\0|^\/|\/\//.test(decoded)) return undefined;
  const file = path.join(directory, decoded);
  if (!`${file}${path.sep}`.startsWith(directory + path.sep)) return undefined;
  const kind = fs.statSync(file, { throwIfNoEntry: false });
  if (kind?.isFile()) return file;
  if (!kind?.isDirectory()) return undefined;
  const index = path.join(file, 'index.html');
  if (!fs.existsSync(index)) return undefined;
  return decoded === '' || decoded.endsWith('/') ? index : file + path.sep;
}

/** Listens on `port` or the next free one; resolves to the port. */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (error.code !== 'EADDRINUSE' || port >= 65535) return reject(error);
      resolve(listen(server, port + 1));
    });
    server.listen(port, 'localhost', () => resolve(server.address().port));
  });
}

export async function serveSite({ open }) {
  const directory = path.join(root, 'dist');
  if (!fs.existsSync(path.join(directory, 'index.html')))
    throw new Refusal('There is no site in dist/ yet: `npm run build` makes it.');
  const port = await listen(createServer({ directory }), 4173);
  const address = `http://localhost:${port}/`;
  console.log(`BatchNorm Lab is at ${address} (Ctrl+C ends it)`);
  if (open) openBrowser(address);
}

/** Opens the page where somebody sits in front of a desktop; elsewhere the printed address has to do. */
function openBrowser(address) {
  if (process.env.CI) return;
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['explorer']
        : process.env.DISPLAY || process.env.WAYLAND_DISPLAY
          ? ['xdg-open']
          : [];
  if (!program || !which(program)) return;
  spawn(program, [...args, address], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
}

if (isMain(import.meta.url)) await main(() => serveSite({ open: !process.argv.includes('--no-open') }));
