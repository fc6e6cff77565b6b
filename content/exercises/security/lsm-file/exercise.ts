import { compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { quote } from '../../../../grader/checks/expect.ts';
import { bpfLsm, given } from '../../../../grader/checks/precondition.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { describe, isInside, openFiles } from './workload.ts';

const file = 'deny.bpf.c';
const eperm = 1;

const opened = evidence(async (kit) => {
  await kit.program(file).attach();
  return openFiles(kit);
});

export default defineExercise({
  title: 'One file, closed to one cgroup',
  summary: 'Write a BPF LSM program that denies a file to the processes of one cgroup, by whatever path they come.',
  files: { [file]: { description: 'Your BPF program.' } },
  needs: { kernel: '5.10', config: ['CONFIG_BPF_LSM'], tools: ['clang', 'unshare'] },
  starter: { fails: 'denies', because: 'Its program allows everything.' },
  wrong: {
    'watches-only': { fails: 'decides', misconception: 'A tracing program at the same function can deny as well.' },
    'programs-only': { fails: 'denies', misconception: 'The hook for starting programs sees every use of a file.' },
    'other-device-number': { fails: 'denies', misconception: 'An inode\'s i_rdev is the device that it lies on.' },
    'root-may': { fails: 'denies', misconception: 'Root is above every rule, also above an LSM\'s.' },
    'reading-only': { fails: 'every-way', misconception: 'To use a file is to read it.' },
    'first-name-only': { fails: 'every-way', misconception: 'A file has one name.' },
    'inode-only': { fails: 'other-files', misconception: 'An inode number names one file on the machine.' },
    'whole-device': { fails: 'other-files', misconception: 'The device alone names the file.' },
    'every-cgroup': { fails: 'other-cgroups', misconception: 'A rule of an LSM holds for the whole machine anyway.' },
  },
  checks: [
    given(bpfLsm, compiles(file)),
    loads(file),
    {
      id: 'decides',
      title: 'A program of type LSM is attached',
      stage: 'attach',
      points: 1,
      hints: {
        nudge: 'Is your program one that may decide, or one that only watches?',
        concept: 'At each place where the kernel is about to let a process do something, it asks its security modules: an LSM hook. A BPF program of type LSM is one of those asked, and its return value is its answer.',
        line: 'SEC("lsm/file_open") in front of int BPF_PROG(deny, struct file *file)',
      },
      rationale: 'A tracing program at the same place loads and runs as well, and its return value decides nothing.',
      async run(kit) {
        const { programs } = await kit.program(file).load();
        const attached = await kit.program(file).attach();
        const lsm = programs.filter(({ type }) => type === 'lsm').map(({ name }) => name);
        kit.expect(attached.some(({ program, links }) => lsm.includes(program) && links.length > 0), {
          text: `No program of ${file} is attached to an LSM hook.`,
          expected: 'A program of type lsm.',
          actual: programs.map(({ name, type }) => `${quote(name, 64)} is of type ${quote(type, 40)}.`).join(' ').slice(0, 2000),
          help: 'The text in SEC("…") decides the type: for an LSM hook it begins with lsm/ and goes on with the name of the hook.',
        });
      },
    },
    {
      id: 'denies',
      title: 'Opening the file to read is denied with EPERM',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'The hook asks your program at every open. What does it answer for the one file?',
        concept: 'An LSM hook denies by returning a negative error number, and allows by returning 0. The file is file->f_inode; its number is i_ino, its file system i_sb, and that one\'s device s_dev.',
        line: 'if (file->f_inode->i_ino == denied->inode && file->f_inode->i_sb->s_dev == denied->device) return -EPERM;',
      },
      rationale: 'The plainest case first: the file itself, as root, from the cgroup.',
      async run(kit) {
        const [first] = await opened(kit);
        kit.expect(first!.errno !== 0, {
          text: 'A process in the cgroup could open the file.',
          expected: 'Its open fails with EPERM.',
          actual: 'The open succeeded, as root, for reading.',
          help: 'Look up the policy, compare cgroup, inode and device with it, and return -EPERM when all three are the same.',
        });
        kit.expect(first!.errno === eperm, {
          text: 'The open is denied, but with another error than the task asks for.',
          expected: 'EPERM, error 1.',
          actual: `Error ${first!.errno}.`,
          help: 'Return -EPERM, with the minus sign.',
        });
      },
    },
    {
      id: 'every-way',
      title: 'The file is denied by every path and for every use',
      stage: 'correct',
      points: 2,
      after: ['denies'],
      hints: {
        nudge: 'Some ways to the file are still open. What do all of them have in common?',
        concept: 'A name is not the file: links and mounts give it many. Whatever the path, the kernel ends at the same inode. It opens a file also to write it, and to start it as a program.',
        line: 'Compare i_ino and s_dev only: no name, no f_mode, no f_flags, no user.',
      },
      rationale: 'Hard link, symbolic link, bind mounts and relative paths, to read, write and execute, as root and not: what compares names or modes leaves a way.',
      async run(kit) {
        const open = (await opened(kit)).find((opening) => opening.denied && opening.errno !== eperm);
        kit.expect(!open, {
          text: 'There is a way to the file that is not denied.',
          expected: 'EPERM for every path to it, to read, to write and to start it.',
          actual: open ? `${capital(describe(open))} ${open.errno === 0 ? 'succeeded' : `gave error ${open.errno}`}.` : '',
          help: 'Recognise the file by its inode and device, and look at nothing else of it.',
        });
      },
    },
    {
      id: 'other-files',
      title: 'Other files stay open',
      stage: 'correct',
      points: 2,
      after: ['denies'],
      hints: {
        nudge: 'A file that is not the one is denied, too. In what are they alike?',
        concept: 'Each file system numbers its inodes by itself, so two files on one machine can have the same number. Number and device together are unique.',
        line: 'file->f_inode->i_ino == denied->inode && file->f_inode->i_sb->s_dev == denied->device',
      },
      rationale: 'The negative control on the file: its neighbour, its namesake, and a file with its number in another file system.',
      async run(kit) {
        const denied = (await opened(kit)).find((opening) => isInside(opening) && !opening.denied && opening.errno !== 0);
        kit.expect(!denied, {
          text: 'A file that the policy does not name is denied.',
          expected: 'Only the one file is denied.',
          actual: denied ? `${capital(describe(denied))} gave error ${denied.errno}.` : '',
          help: 'Compare the inode\'s number and its device. One alone does not name a file.',
        });
      },
    },
    {
      id: 'other-cgroups',
      title: 'Other cgroups may open the file',
      stage: 'correct',
      points: 2,
      after: ['denies'],
      hints: {
        nudge: 'Who opens the file? Your program has not asked.',
        concept: 'The hook runs in the process that opens the file. A helper tells the id of the cgroup that this process is in.',
        line: 'if (bpf_get_current_cgroup_id() != denied->cgroup) return 0;',
      },
      rationale: 'The negative control on the process: the same attempts from another cgroup succeed.',
      async run(kit) {
        const denied = (await opened(kit)).find((opening) => !isInside(opening) && opening.errno !== 0);
        kit.expect(!denied, {
          text: 'A process in another cgroup is denied, too.',
          expected: 'Only processes in the policy\'s cgroup are denied.',
          actual: denied ? `${capital(describe(denied))} gave error ${denied.errno}.` : '',
          help: 'Compare bpf_get_current_cgroup_id() with the policy\'s cgroup first, and return 0 if it is another.',
        });
      },
    },
  ],
});

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
