import { evidence } from '../../../../grader/checks/evidence.ts';
import { expect } from '../../../../grader/checks/expect.ts';
import { Unsupported } from '../../../../grader/checks/failure.ts';
import { given } from '../../../../grader/checks/precondition.ts';
import { describeDecision } from '../../../../grader/checks/seccomp.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { type Answered, built, judge } from './workload.ts';

const file = 'filter.c';
const eperm = 1;

const judged = evidence(judge);

export default defineExercise({
  title: 'A system call denied by its argument',
  summary: 'Install a seccomp filter that denies raw packet sockets and lets everything else pass.',
  files: { [file]: { description: 'Your C file, with the function install_filter.' } },
  // The kernel hands out filters only with CHECKPOINT_RESTORE.
  needs: { kernel: '5.10', config: ['CONFIG_SECCOMP_FILTER', 'CONFIG_CHECKPOINT_RESTORE'], tools: ['gcc', 'unshare', 'setpriv', 'prlimit'] },
  starter: { fails: 'denies', because: 'Its filter allows every call.' },
  wrong: {
    'no-new-privs-forgotten': { fails: 'installs', misconception: 'Every process may install a filter just so.' },
    kills: { fails: 'denies', misconception: 'To deny is to kill.' },
    'other-errno': { fails: 'denies', misconception: 'One error is as good as another.' },
    'second-argument': { fails: 'denies', misconception: 'Arguments are counted from 1.' },
    'every-socket': { fails: 'others', misconception: 'Denying the system call altogether is close enough.' },
    'short-list': { fails: 'others', misconception: 'One knows which calls a program needs.' },
    'whole-argument': { fails: 'upper-half', misconception: 'What the filter compares is what the kernel uses.' },
    'no-arch': { fails: 'other-doors', misconception: 'A system call has one number.' },
    'no-x32': { fails: 'other-doors', misconception: 'With arch checked, every number is known.' },
  },
  checks: [
    given(
      async ({ machine }) => {
        if (machine.info.arch !== 'x86_64') throw new Unsupported(`This exercise is about the doors into a kernel for x86-64; this is ${machine.info.arch}.`);
      },
      {
        id: 'compiles',
        title: `${file} compiles`,
        stage: 'compile',
        points: 1,
        hints: {
          nudge: 'Read the first error only. Those after it are often its echo.',
          concept: 'This is an ordinary C program for user space. The grader compiles your file with gcc, adds its own main, and links with libseccomp.',
          line: 'int install_filter(void) { … return 0; }, not static, and no main.',
        },
        rationale: 'The grader compiles the source itself and brings main: nothing else shows that the filter is the learner\'s.',
        run: async (kit) => void (await built(kit)),
      },
    ),
    {
      id: 'installs',
      title: 'The kernel takes the filter',
      stage: 'load',
      points: 1,
      hints: {
        nudge: 'Look at what the calls in install_filter return, and at errno.',
        concept: 'A process without privileges may install a filter only after it has given up gaining any: no_new_privs. The kernel also refuses a filter that jumps past its end or does not end in a return.',
        line: 'prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); before prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);',
      },
      rationale: 'The kernel is asked which filters the process has, so what install_filter says of itself is not believed.',
      async run(kit) {
        const { installed } = await judged(kit);
        const { code, signal, filters } = installed;
        kit.expect(filters > 0, {
          text: 'After install_filter the kernel has no filter for the process.',
          expected: 'At least one seccomp filter.',
          actual: `None. ${signal ? `Signal ${signal} ended the process` : code === 0 ? 'install_filter returned 0 all the same' : 'install_filter says that it failed'}.`,
          help: 'Your program runs without privileges. Set no_new_privs first, and return an error when a call fails.',
        });
        kit.expect(signal !== 0 || code === 0, {
          text: 'A filter is installed, but install_filter says that it failed.',
          expected: 'It returns 0.',
          actual: 'It returned something else.',
          help: 'Return what prctl returns, or 0 at the end.',
        });
      },
    },
    {
      id: 'denies',
      title: 'socket(AF_PACKET, …) fails with EPERM',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Follow the call through your filter, instruction by instruction: where does it come out?',
        concept: 'A jump counts the instructions that it passes over, one number for true and one for false. The first argument is args[0] of struct seccomp_data, and AF_PACKET is 17.',
        line: 'BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, …), then load args[0], compare with AF_PACKET, BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)',
      },
      rationale: 'The call itself, and with other types and protocols drawn anew.',
      async run(kit) {
        const { of } = await judged(kit);
        const wrong = of('denied').find(({ decision }) => !(typeof decision === 'object' && 'errno' in decision && decision.errno === eperm));
        expectRight(wrong, 'A raw packet socket is not denied as it should be.', 'Error 1, EPERM.', 'Return SECCOMP_RET_ERRNO | EPERM where number and argument both fit.');
      },
    },
    {
      id: 'others',
      title: 'Every other call works',
      stage: 'correct',
      points: 2,
      after: ['denies'],
      hints: {
        nudge: 'Something is denied that has nothing to do with packet sockets. Which of your comparisons is missing?',
        concept: 'This filter is a list of what is forbidden: whatever it does not know must come out at SECCOMP_RET_ALLOW.',
        line: 'The last instruction: BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)',
      },
      rationale: 'The negative control: other families of sockets, AF_PACKET\'s number in other places, and other system calls drawn at random.',
      async run(kit) {
        const { of } = await judged(kit);
        const wrong = of('other').find(({ decision }) => decision !== 'allowed');
        expectRight(wrong, 'The filter stops a call that it should let pass.', 'It is allowed.', 'Deny only if the number is socket\'s and the first argument is AF_PACKET.');
      },
    },
    {
      id: 'upper-half',
      title: 'The upper half of the argument is no way round',
      stage: 'correct',
      points: 2,
      after: ['denies'],
      hints: {
        nudge: 'The filter sees 64 bits of each argument. How many of them does the kernel use for an int?',
        concept: 'socket takes an int: the kernel looks at the low 32 bits and ignores the rest, so a caller may put anything there. A filter that compares all 64 bits then sees another number than the kernel.',
        line: 'Classic BPF loads 32 bits: offsetof(struct seccomp_data, args[0]) is the low half here. In libseccomp: SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffff, AF_PACKET); SCMP_A0_32 still compares all 64 bits.',
      },
      rationale: 'A real way round many filters: the kernel cuts the argument off, the filter does not.',
      async run(kit) {
        const { of } = await judged(kit);
        const wrong = of('upper-half').find(({ decision }) => decision === 'allowed');
        expectRight(wrong, 'A packet socket can be had by putting something into the upper half of the argument.', 'It is denied: to the kernel this is AF_PACKET.', 'Compare the low 32 bits only.');
      },
    },
    {
      id: 'other-doors',
      title: 'The i386 and x32 calls are no way round',
      stage: 'correct',
      points: 2,
      after: ['denies'],
      hints: {
        nudge: 'The same kernel has more than one table of system calls. Which one is your number from?',
        concept: 'A 64-bit process can make 32-bit calls with int $0x80, and they have other numbers: arch then says AUDIT_ARCH_I386. The x32 calls have the arch of x86-64, and bit 30 set in the number.',
        line: 'First: load arch, and if it is not AUDIT_ARCH_X86_64, SECCOMP_RET_KILL_PROCESS. Then, after loading nr: BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, …) to the same place.',
      },
      rationale: 'A filter that does not look at arch first is open: the oldest mistake with seccomp. The filter is asked, so a kernel without x32 can judge it, too.',
      async run(kit) {
        const { of } = await judged(kit);
        const wrong = of('door').find(({ decision }) => decision === 'allowed');
        expectRight(wrong, 'A packet socket can be had by another door into the kernel.', 'It is denied, or ends the process.', 'Look at arch before everything else, and refuse numbers from 0x40000000 on.');
      },
    },
  ],
});

function expectRight(wrong: Answered | undefined, text: string, expected: string, help: string): void {
  expect(!wrong, { text, expected, actual: wrong ? `${wrong.what}: ${describeDecision(wrong.decision)}.` : '', help });
}
