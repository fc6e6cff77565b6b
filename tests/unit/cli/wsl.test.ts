import { expect, test } from 'vitest';
import { type WslFacts, wslFindings } from '../../../grader/cli/wsl.ts';

const facts = (changes: Partial<WslFacts> = {}): WslFacts => ({
  kernel: '6.6.87.2-microsoft-standard-WSL2',
  distribution: 'Debian',
  course: '/home/ada/hookpoint',
  home: '/home/ada',
  ...changes,
});

test('a Linux that is not on Windows hears nothing of it, wherever the course is', () => {
  expect(wslFindings(facts({ kernel: '6.12.118+deb13-amd64', course: '/mnt/c/hookpoint' }))).toEqual([]);
});

test('WSL 2 works', () => {
  expect(wslFindings(facts())).toEqual([{ what: 'WSL', state: 'works', detail: 'WSL 2' }]);
  // A folder that has been mounted below /mnt by hand is not a Windows drive.
  expect(wslFindings(facts({ course: '/mnt/data/hookpoint' }))).toHaveLength(1);
  expect(wslFindings(facts({ course: '/mnt/data/hookpoint' }))[0]).not.toHaveProperty('remedy');
});

test('WSL 1 has no kernel, and PowerShell makes a WSL 2 of it', () => {
  expect(wslFindings(facts({ kernel: '4.4.0-22621-Microsoft' }))).toMatchObject([
    { state: 'broken', remedy: 'In PowerShell: wsl --set-version Debian 2' },
  ]);
});

test.each(['/mnt/c/Users/ada/hookpoint', '/mnt/d', '/mnt/c/'])('a clone in %s should be elsewhere', (course) => {
  const [finding] = wslFindings(facts({ course }));
  expect(finding).toMatchObject({ state: 'works', remedy: 'Clone it into /home/ada instead, and work there' });
  expect(finding!.detail).toContain(course);
});
