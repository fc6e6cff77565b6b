/** Which native accelerator each computer has, and what is said where none can be used. */
import { arch, platform } from 'node:os';
import { expect, test } from 'vitest';
import { type Facts, nativeAccelerator } from '../../../grader/machine/system/native.ts';
import { system } from '../../../grader/machine/system/index.ts';
import { unfitComputer } from '../../../grader/machine/vm/vm.ts';

const kvm = (access: 'usable' | 'denied' | 'absent') => async () => access;
const hvf = (offered: boolean) => async () => offered;

test.each<[string, Facts, string, string | undefined]>([
  ['Linux with KVM', { platform: 'linux', arch: 'x64', kvm: kvm('usable') }, 'kvm', undefined],
  [
    'Linux without the right',
    { platform: 'linux', arch: 'x64', kvm: kvm('denied') },
    'kvm',
    'you may not use /dev/kvm',
  ],
  ['Linux without KVM', { platform: 'linux', arch: 'x64', kvm: kvm('absent') }, 'kvm', 'there is no /dev/kvm'],
  ['Linux on arm64', { platform: 'linux', arch: 'arm64', kvm: kvm('usable') }, 'kvm', 'this is not an x86-64 machine'],
  [
    'a Mac with Intel',
    { platform: 'darwin', arch: 'x64', hvf: hvf(true) },
    'hvf',
    'guests are not started with hvf yet',
  ],
  [
    'a Mac in a virtual machine',
    { platform: 'darwin', arch: 'x64', hvf: hvf(false) },
    'hvf',
    'macOS does not offer its hypervisor here',
  ],
  [
    'a Mac with Apple silicon',
    { platform: 'darwin', arch: 'arm64', hvf: hvf(true) },
    'hvf',
    'this is not an x86-64 machine',
  ],
  ['Windows', { platform: 'win32', arch: 'x64' }, 'whpx', 'guests are not started with whpx yet'],
])('%s', async (_, facts, name, problem) => {
  expect(await nativeAccelerator(facts)).toEqual({ name, ...(problem && { problem }) });
});

test('this computer is one of these', async () => {
  const { name } = await system.native();
  expect(name).toBe({ linux: 'kvm', darwin: 'hvf', win32: 'whpx' }[platform() as string]);
  expect(await system.processor()).toBeTypeOf('string');
});

test.each([
  ['linux', 'x64', undefined],
  ['linux', 'arm64', 'this is linux on arm64'],
  ['darwin', 'arm64', 'this is darwin on arm64'],
  ['win32', 'x64', 'this is win32 on x64'],
])('guests on %s, %s: %s', (os, processor, said) => {
  const unfit = unfitComputer(os, processor);
  expect(unfit?.message.endsWith(`${said}.`)).toBe(said === undefined ? undefined : true);
  expect(unfit?.remedy.includes('WSL 2')).toBe(said === undefined ? undefined : true);
});

test('of this computer the same is said without being told', () => {
  expect(unfitComputer()?.message).toBe(unfitComputer(platform(), arch())?.message);
});
