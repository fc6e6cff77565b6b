/** Results for tests of reports. */
import type { CheckResult, Result } from '../../../grader/verdict/result.ts';

export const passed: CheckResult = { id: 'compiles', title: 'The program compiles', stage: 'compile', outcome: 'pass', points: 1, maxPoints: 1, durationMs: 300, rationale: 'Only what compiles can be loaded.' };
export const failed: CheckResult = {
  id: 'loads', title: 'The verifier accepts it', stage: 'load', outcome: 'fail', points: 0, maxPoints: 3, durationMs: 40,
  rationale: 'Only the verifier can say what it accepts.', hint: 'Which line does the message name?',
  message: {
    text: 'The value is used before the lookup was tested for NULL. bpf_map_lookup_elem returns NULL for a key that is not in the map.',
    expected: 'a program that the verifier accepts',
    actual: "R0 invalid mem access 'map_value_or_null'",
    help: 'Test it before you use it:\n  if (!value)\n      return 0;',
    location: { file: 'hello.bpf.c', line: 17, column: 10, source: '\treturn *value;' },
    logFile: '.grade/logs/programs/hello/loads.log',
    log: '0: (b7) r1 = 0',
  },
};
export const skipped: CheckResult = { id: 'fires', title: 'One line for each call', stage: 'fires', outcome: 'skipped', points: 0, maxPoints: 2, durationMs: 0, rationale: 'Loaded is not yet run.', waitsFor: 'loads', message: { text: 'Not run.' } };

export function result(changes: Partial<Result> = {}): Result {
  return {
    exercise: 'programs/hello', title: 'Say hello from the kernel', submission: 'submissions/me/programs/hello', digest: 'sha256:0',
    outcome: 'fail', points: 1, maxPoints: 6, seed: '8f3a61', startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1234,
    machine: { kind: 'vm', accelerator: 'kvm', kernel: '6.12.117', arch: 'x86_64', image: null },
    checks: [passed, failed, skipped], ...changes,
  };
}

export const pass = result({ outcome: 'pass', points: 6, checks: [passed] });
