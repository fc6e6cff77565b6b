import { count, defineChecks, evidence, type Kit } from '#kit';
import { actionOf, inWords, type Judged, runPhases } from './workload.ts';

const judged = evidence((kit) => runPhases(kit, kit.program('firewall.bpf.c')));

/** Every frame of the check must get what the rules of its moment say, and keep its bytes. */
const obeys =
  (check: Parameters<Awaited<ReturnType<typeof runPhases>>['get']>[0], text: string) =>
  async (kit: Kit): Promise<void> => {
    const frames = (await judged(kit)).get(check)!;
    const wrong = frames.find(({ wanted, seen }) => wanted !== seen);
    kit.expect(!wrong, {
      text: `${text}: ${wrong?.what}.`,
      expected: wrong ? `${wrong.wanted}, ${because(wrong)}.` : '',
      actual: `${wrong?.seen}. Of ${count(frames.length, 'frame')} of this check, ${
        frames.filter(({ wanted, seen }) => wanted === seen).length
      } got what they must get.`,
    });
    const changed = frames.find((frame) => frame.changed);
    kit.expect(!changed, {
      text: `The program changes a frame: ${changed?.what}.`,
      expected: 'The same bytes as before.',
      actual: 'Other bytes.',
      help: 'Read the packet, and assign nothing to it.',
    });
  };

export default defineChecks({
  'one-address': obeys('one-address', 'The rule for one address is not obeyed'),
  'no-rule': obeys('no-rule', 'A source without a rule is not let through'),
  longest: obeys('longest', 'The longest prefix does not decide'),
  changes: obeys('changes', 'After the rules have changed, the program does not obey them'),
  'every-packet': obeys('every-packet', 'The rule does not apply to every packet over IPv4'),
  others: obeys('others', 'What is not IPv4 is not let through'),
});

function because({ rule, fitting }: Judged): string {
  if (!rule) return 'as no rule is about it';
  return `as the rule for ${inWords(rule)} says (${actionOf(rule)}), ${fitting === 1 ? 'the only one that fits' : `the longest of ${fitting} that fit`}`;
}
