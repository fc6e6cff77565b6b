/** Go programs of the grader's own, for learners to probe: compiled on the machine that judges. */
import type { Machine } from '../../machine/machine.ts';
import { Unsupported } from '../../verdict/failure.ts';

export interface GoProgram {
  /** Where it is on the machine. */
  path: string;
  /** The function, as `go tool objdump` lists it. */
  listing: string;
}

/** The linker puts a program at this address: an address less this is a place in the file. */
export const imageBase = 0x400000;

/** What the programs may import: compiled ahead in the guest's image (environment/go-imports.txt). */
const imports = ['bufio', 'os', 'strconv'];
export const compiledAhead = '/usr/lib/hookpoint/importcfg';

/** The compiler and the linker themselves: `go build` first looks through all that is imported, which takes longer than both. */
const script = `
set -e
name=$1 function=$2 importcfg=$3; shift 3
export CGO_ENABLED=0 GOTOOLCHAIN=local GOCACHE="$PWD/cache"
if ! [ -e "$importcfg" ]; then
  importcfg=importcfg
  go list -trimpath -export -deps -f '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}' "$@" >importcfg
fi
go tool compile -p main -trimpath "$PWD" -importcfg "$importcfg" -o "$name.a" "$name.go"
go tool link -w -importcfg "$importcfg" -o "$name" "$name.a"
go tool objdump -s "^$function\\$" "$name"`;

/** Builds `<name>.go` in the folder, and lists one function of it, such as 'main.celsius'. */
export async function buildGo(
  machine: Machine,
  folder: string,
  name: string,
  source: string,
  functionName: string,
): Promise<GoProgram> {
  if (machine.info.arch !== 'x86_64')
    throw new Unsupported(
      `The exercise's registers and instructions are those of x86-64, and this machine is ${machine.info.arch}.`,
    );
  await machine.put(`${folder}/${name}.go`, source);
  const made = await machine.run(['sh', '-c', script, 'sh', name, functionName, compiledAhead, ...imports], {
    cwd: folder,
    timeoutMs: 120_000,
  });
  if (made.code !== 0)
    throw new Error(
      `${name}.go cannot be built: ${made.timedOut ? 'it takes more than two minutes; is all that it imports compiled ahead? ' : ''}${made.stderr.slice(0, 1000)}`,
    );
  return { path: `${folder}/${name}`, listing: made.stdout };
}
