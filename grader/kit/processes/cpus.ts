import type { Machine } from '../../machine/machine.ts';

/** The CPUs on which a command on the machine may run, by the kernel's numbers. */
export async function usableCpus(machine: Machine): Promise<number[]> {
  const { stdout } = await machine.run(['sed', '-n', 's/^Cpus_allowed_list:[[:space:]]*//p', '/proc/self/status']);
  return parseCpuList(stdout.trim());
}

/** '0-2,5' -> [0, 1, 2, 5]; the kernel's way to write it. Throws on anything else. */
export function parseCpuList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part) ?? [];
    if (first === undefined) throw new Error(`Not a list of CPUs: ${JSON.stringify(text.slice(0, 100))}`);
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
  });
}
