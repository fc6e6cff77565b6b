/** What a machine has, as its toolkit's file of facts says it (toolkit.ts). Pure. */
import type { MachineInfo } from '../../machine/machine.ts';
import type { MachineFacts } from '../../verdict/needs.ts';

export function factsIn(text: string, { kernel, arch }: Pick<MachineInfo, 'kernel' | 'arch'>): MachineFacts {
  const [tools = '', config] = text.split(/^config$/m);
  return {
    kernel,
    arch,
    config: config ?? null,
    tools: [...tools.matchAll(/^tool (\S+)$/gm)].map((match) => match[1]!),
  };
}
