/** A static server that knows nothing of the site: files, index.html in folders, 404.html for the rest. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface Server {
  /** 'http://localhost:PORT' */
  origin: string;
  close(): Promise<void>;
}

/** `port`: 0 for any that is free. */
export async function serve(folder: string, base: string, port = 0): Promise<Server> {
  // The same styles and scripts are asked for by every page of every test.
  const zipped = new Map<string, Promise<Buffer>>();
  const read = async (path: string) => {
    const file = join(folder, normalize(path.endsWith('/') ? `${path}index.html` : path));
    const content = zipped.get(file) ?? readFile(file).then((bytes) => gzipSync(bytes));
    // Nothing is remembered of what is not there: the site may not be built yet.
    zipped.set(file, content);
    return { file, content: await content.catch((error: unknown) => (zipped.delete(file), Promise.reject(error))) };
  };
  const server = createServer(async ({ url = '/' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const found = path.startsWith(`${base}/`) ? await read(path.slice(base.length)).catch(() => null) : null;
    const { file, content } = found ?? (await read('/404.html'));
    response.writeHead(found ? 200 : 404, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-encoding': 'gzip',
    });
    response.end(content);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
