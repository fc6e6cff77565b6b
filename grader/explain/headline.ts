/**
 * The reason on the first line: cilium/ebpf's VerifierError prints 'load program: permission denied: <the last lines of the log> (N line(s)
 * omitted)', and only with %+v the log below it. Tools cut that log; the headline is whole.
 */
import { errorIn } from './errno.ts';

/** What the verifier said, by the wrapper's first line; null if there is none. */
export function headlineOf(output: string): string | null {
  const lines = output.split('\n');
  for (const [i, line] of lines.entries()) {
    if (!/load program: |loading? (?:eBPF )?program/.test(line)) continue;
    const found = /load program: ([^:]{1,60}): (.{1,600})/.exec(whole(line, lines[i + 1]).slice(0, 2000));
    if (!found || errorIn(found[1]!) === null) continue;
    const said = found[2]!.replace(/\s*\((?:truncated|\d+ line\(s\) omitted).*$/, '').trim();
    // containerd and docker end what they hand on with the code of the call: ': unknown'.
    if (said !== '' && !/^unknown\.?$/.test(said)) return said;
  }
  return null;
}

/** A terminal, or somebody who pasted it, may have broken it into two. */
function whole(line: string, next: string | undefined): string {
  const broken = next !== undefined && next.length < 500 && !/\(\d+ line\(s\) omitted/.test(line);
  return broken && /^[^:]{0,200}\(\d+ line\(s\) omitted/.test(next) ? `${line.trimEnd()} ${next.trimStart()}` : line;
}
