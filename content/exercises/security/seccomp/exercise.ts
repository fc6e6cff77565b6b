import { defineChecks, describeDecision, evidence, expect } from '#kit';
import { type Answered, built, judge } from './workload.ts';

const eperm = 1;

const judged = evidence(judge);

export default defineChecks({
  compiles: async (kit) => void (await built(kit)),

  async installs(kit) {
    const { installed } = await judged(kit);
    const { code, signal, filters } = installed;
    kit.expect(filters > 0, {
      text: 'After install_filter the kernel has no filter for the process.',
      expected: 'At least one seccomp filter.',
      actual: `None. ${signal ? `Signal ${signal} ended the process` : code === 0 ? 'install_filter returned 0 all the same' : 'install_filter says that it failed'}.`,
      help: 'none',
    });
    kit.expect(signal !== 0 || code === 0, {
      text: 'A filter is installed, but install_filter says that it failed.',
      expected: 'It returns 0.',
      actual: 'It returned something else.',
      help: 'says-failed',
    });
  },

  async denies(kit) {
    const { of } = await judged(kit);
    const wrong = of('denied').find(
      ({ decision }) => !(typeof decision === 'object' && 'errno' in decision && decision.errno === eperm),
    );
    expectRight(wrong, 'A packet socket is not denied as it should be.', 'Error 1, EPERM.');
  },

  async others(kit) {
    const { of } = await judged(kit);
    const wrong = of('other').find(({ decision }) => decision !== 'allowed');
    expectRight(wrong, 'The filter stops a call that it should let pass.', 'It is allowed.');
  },

  async 'upper-half'(kit) {
    const { of } = await judged(kit);
    const wrong = of('upper-half').find(({ decision }) => decision === 'allowed');
    expectRight(
      wrong,
      'A packet socket can be had by putting something into the upper half of the argument.',
      'It is denied: to the kernel this is AF_PACKET.',
    );
  },

  async 'other-doors'(kit) {
    const { of } = await judged(kit);
    const wrong = of('door').find(({ decision }) => decision === 'allowed');
    expectRight(
      wrong,
      'A packet socket can be had by another door into the kernel.',
      'It is denied, or ends the process.',
    );
  },
});

function expectRight(wrong: Answered | undefined, text: string, expected: string): void {
  expect(!wrong, { text, expected, actual: wrong ? `${wrong.what}: ${describeDecision(wrong.decision)}.` : '' });
}
