/** Which source: the release that the manifest names, or a mirror of it. */
import { FolderSource } from './folder.ts';
import type { Manifest } from './manifest.ts';
import type { Source } from './source.ts';

/** HOOKPOINT_MIRROR, or where the manifest says; undefined if neither names a place. Rejects if the mirror is none. */
export async function chooseSource(manifest: Manifest, env = process.env): Promise<Source | undefined> {
  const mirror = env.HOOKPOINT_MIRROR;
  if (mirror) {
    if (/^https?:\/\//.test(mirror)) return http(mirror, 'HOOKPOINT_MIRROR');
    return FolderSource.find(mirror);
  }
  return manifest.from === null ? undefined : http(manifest.from);
}

/** Its client is large, and most commands download nothing. */
async function http(address: string, namedBy?: string): Promise<Source> {
  const { HttpSource } = await import('./http.ts');
  return new HttpSource(address, namedBy);
}
