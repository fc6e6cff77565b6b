/** node tests/bench/slow-server.ts <folder> <Mbit/s>: serves the folder's files, with ranges, at this speed for all connections together. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const [folder, mbit] = [process.argv[2]!, Number(process.argv[3])];
const bytesPerMs = (mbit * 1e6) / 8 / 1000;
/** When the line is free again. */
let free = performance.now();

const server = createServer((request, response) => {
  void (async () => {
    const path = join(folder, basename(decodeURIComponent(request.url!)));
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': size - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${size - 1}/${size}` }),
    });
    for await (const chunk of createReadStream(path, {
      start: from,
      highWaterMark: 64 * 1024,
    }) as AsyncIterable<Buffer>) {
      // What a late timer has lost is made good, up to a twentieth of a second.
      free = Math.max(free, performance.now() - 50) + chunk.length / bytesPerMs;
      const early = free - performance.now();
      if (early > 0) await wait(early);
      if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
      if (response.destroyed) return;
    }
    response.end();
  })().catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
