/** What BPF programs the kernel holds, whoever loaded them: it is asked, and no loader is believed. */
import { z } from 'zod';
import type { Machine } from '../machine/machine.ts';

export interface LoadedProgram {
  name: string;
  /** Something makes it run: a link holds it. */
  linked: boolean;
}

const id = z.int().min(0);
const programs = z.array(z.object({ id, name: z.string().max(256).default('') })).max(4096);
const links = z.array(z.object({ prog_id: id.optional() })).max(4096);

/** Those of `names` that the kernel holds. */
export async function loadedPrograms(machine: Machine, names: readonly string[]): Promise<LoadedProgram[]> {
  return ask(machine, 'bpftool -j prog show; echo; bpftool -j link show', names);
}

/**
 * The same, for programs that should be gone. What a process held is given back at its end, but the kernel may wait for
 * other CPUs before it forgets a program: it is asked again for a while, until there is none.
 */
export async function remainingPrograms(machine: Machine, names: readonly string[]): Promise<LoadedProgram[]> {
  const wanted = names.map((name) => `"name":"${name}"`).join('\\|');
  return ask(machine, `for again in $(seq 40); do bpftool -j prog show | grep -q '${wanted}' || break; done; bpftool -j prog show; echo; bpftool -j link show`, names);
}

async function ask(machine: Machine, script: string, names: readonly string[]): Promise<LoadedProgram[]> {
  const result = await machine.run(['sh', '-c', script], { timeoutMs: 60_000, maxOutputBytes: 4 * 2 ** 20 });
  const [programLine = '', linkLine = ''] = result.stdout.trim().split(/\n+/);
  try {
    const held = programs.parse(JSON.parse(programLine));
    const linked = new Set(links.parse(JSON.parse(linkLine || '[]')).map(({ prog_id }) => prog_id));
    return held.filter(({ name }) => names.includes(name)).map((program) => ({ name: program.name, linked: linked.has(program.id) }));
  } catch (error) {
    throw new Error(`bpftool cannot list programs and links: ${(error as Error).message} ${result.stderr.slice(0, 500)}`);
  }
}
