import { count, defineChecks, evidence } from '#kit';
import { countExecs } from './workload.ts';

const file = 'count-execs.bpf.c';
const counted = evidence((kit) => countExecs(kit, kit.program(file)));

export default defineChecks({
  async fires(kit) {
    const { rows, execs } = await counted(kit);
    kit.expect(rows.size > 0, {
      text: 'The map counts is empty after programs were started.',
      expected: `A row for each user who called execve; ${count(execs.size, 'user')} did.`,
      actual: 'No row at all.',
    });
  },

  async 'nothing-else'(kit) {
    const { idle, rows } = await counted(kit);
    const wrong = idle.find((uid) => rows.get(uid));
    kit.expect(wrong === undefined, {
      text: 'A user was counted who started no program.',
      expected: `No count for user ${wrong}, whose processes only began and ended.`,
      actual: `Count ${rows.get(wrong ?? 0)}.`,
    });
  },

  async 'each-user'(kit) {
    const { execs, groups, rows, byRoot } = await counted(kit);
    const wrong = findWrong(execs, rows);
    kit.expect(!wrong, {
      text: "A user's count is wrong.",
      ...wrong?.said,
      help: groups.some((gid) => rows.has(gid)) ? 'group' : wrong?.seen === undefined ? 'no-row' : 'wrong-count',
    });
    const root = rows.get(0) ?? 0n;
    kit.expect(root >= BigInt(byRoot), {
      text: 'Root is a user, too, and was not counted right.',
      expected: `At least ${byRoot} for user 0: the grader called execve so often as root.`,
      actual: `${rows.has(0) ? root : 'No row'} for user 0.`,
      help: 'wrong-count',
    });
  },

  async 'at-once'(kit) {
    const { crowd } = await counted(kit);
    const wrong = findWrong(crowd.execs, crowd.rows);
    kit.expect(!wrong, {
      text: 'Counts are lost when all CPUs count at the same moment.',
      ...wrong?.said,
    });
  },
});

/** The first user whose count is not that of the calls. */
function findWrong(
  execs: ReadonlyMap<number, number>,
  rows: ReadonlyMap<number, bigint>,
): { seen: bigint | undefined; said: { expected: string; actual: string } } | undefined {
  const wrong = [...execs].filter(([uid, times]) => rows.get(uid) !== BigInt(times));
  if (!wrong[0]) return undefined;
  const [uid, times] = wrong[0];
  const seen = rows.get(uid);
  return {
    seen,
    said: {
      expected: `${times} for user ${uid}, who called execve that many times.`,
      actual: `${seen ?? 'No row'} for this user; ${execs.size - wrong.length} of ${count(execs.size, 'user')} are right, and the map has ${count(rows.size, 'row')}.`,
    },
  };
}
