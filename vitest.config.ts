import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const patience = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } };

export default defineConfig({
  test: {
    // Kernel tests take minutes: say each as it ends.
    reporters: process.env.CI ? ['verbose'] : ['default'],
    projects: [
      // No limit here says anything of what is tested: each is what a machine with much else to do needs.
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], ...patience } },
      { test: { name: 'github', include: ['tests/github/**/*.test.ts'], ...patience } },
      {
        test: {
          name: 'lab',
          include: ['tests/lab/**/*.test.ts'],
          // Each machine keeps a processor busy, and to compile takes it a minute when nobody else wants it.
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: 'site',
          include: ['tests/site/**/*.test.ts'],
          // One build for all of them.
          globalSetup: ['tests/site/built.ts'],
          // Lighthouse measures: nothing else may run meanwhile, neither of these files nor of the other projects.
          fileParallelism: false,
          // Pages of a file that says so, in one browser: more at once starve each other on two processors.
          maxConcurrency: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'kernel',
          sequence: { groupOrder: 2 },
          include: ['tests/kernel/**/*.test.ts'],
          // Guests are restored side by side; two that boot would starve each other, and wait for a lock (machine/vm/vm.ts).
          maxWorkers: availableParallelism(),
          // Of the cases in a file that says so.
          maxConcurrency: availableParallelism(),
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // As for submissions (grader/cli/grading.ts): QEMU's emulation at times runs code that the kernel is just patching.
          retry: { count: 2, condition: /the guest's kernel (?:gave up|is stuck)/ },
        },
      },
    ],
  },
});
