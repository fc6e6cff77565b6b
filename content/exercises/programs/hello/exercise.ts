import { count, defineChecks, evidence, quote } from '#kit';
import { watchExecs } from './workload.ts';

const file = 'hello.bpf.c';
const greeting = 'Hello, BPF World!';
const tracepoint = 'sys_enter_execve';

const watched = evidence(async (kit) => {
  await kit.program(file).attach();
  return watchExecs(kit);
});

export default defineChecks({
  async fires(kit) {
    const { execs, messages } = await watched(kit);
    const heard = execs.filter((exec) => exec.printed > 0);
    kit.expect(heard.length > 0, {
      text: 'Your program is loaded and attached, but it printed nothing when programs were started.',
      expected: 'A message for each call of execve.',
      actual: messages.length
        ? `${count(messages.length, 'message')}, but none from a process that called execve.`
        : 'No message at all.',
    });
  },

  async 'says-hello'(kit) {
    const { fromExecs } = await watched(kit);
    for (const { text } of fromExecs)
      // A line end of the learner's own shows as an empty line in the trace: untidy, not wrong.
      kit.expect.equal(text.replace(/\n+$/, ''), greeting, {
        text: 'The program prints another message than the task asks for.',
      });
  },

  async 'each-exec'(kit) {
    const { execs } = await watched(kit);
    const wrong = execs.find((exec) => exec.printed !== exec.calls);
    const all = execs.reduce((sum, { calls }) => sum + calls, 0);
    const printed = execs.reduce((sum, exec) => sum + exec.printed, 0);
    kit.expect(!wrong, {
      text:
        wrong && wrong.printed > wrong.calls ? 'An execve was greeted more than once.' : 'An execve was not greeted.',
      expected: `One message for each of ${count(all, 'execve')}.`,
      actual: `${count(printed, 'message')} from them. ${wrong?.what} had ${count(wrong?.printed ?? 0, 'message')}.`,
      help: wrong?.missing ? 'failed-call' : 'once',
    });
  },

  async 'only-execs'(kit) {
    const { strays } = await watched(kit);
    // Nobody can make everything happen that might make a program speak.
    const elsewhere = (await kit.program(file).attach()).find(({ links }) =>
      links.some(({ target }) => target !== tracepoint),
    );
    kit.expect(!elsewhere, {
      text: 'A program of yours is attached to another event as well.',
      expected: `Programs at ${tracepoint} only.`,
      actual: elsewhere ? `${quote(elsewhere.program, 64)} has SEC(${quote(elsewhere.section)}).` : '',
    });
    kit.expect(strays.length === 0, {
      text: 'The program prints also when nobody calls execve.',
      expected: 'No message from processes that fork, start threads, open files, ask for their id or call execveat.',
      actual: `${count(strays.length, 'message')} from them, the first: ${quote(strays[0]?.text ?? '')}.`,
    });
  },
});
