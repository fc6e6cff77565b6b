/** Gives bundles for a browser, and those alone, what the grader's code imports of Node: site/lab/node/. */
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** By module: which file of node/ stands in. */
export const browserSides: Readonly<Record<string, string>> = {
  'node:crypto': 'crypto.ts',
  'node:fs': 'files.ts',
  'node:fs/promises': 'files.ts',
  'node:net': 'net.ts',
  'node:os': 'os.ts',
  'node:path': 'path.ts',
  'node:stream': 'stream.ts',
  'node:timers/promises': 'timers.ts',
  'node:util': 'util.ts',
};

export function nodeInBrowser(root: string): Plugin {
  return {
    name: 'hookpoint-node-in-browser',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'client',
    resolveId(wanted) {
      const side = browserSides[wanted];
      return side === undefined ? undefined : join(root, 'site/lab/node', side);
    },
    transform(code, id) {
      // Vite takes `new URL(…, import.meta.url)` for a file to publish; these are the guest's sources, which are in its image already.
      if (!id.endsWith('/grader/kit/guest/toolkit.ts')) return undefined;
      return { code: code.replaceAll('import.meta.url', "'hookpoint:guest/'"), map: null };
    },
  };
}
