import { expect, test } from 'vitest';
import { complaint, missing, virtmeNeeds } from '../../bench/peers/needs.ts';

test('what is missing is named, with why and the command that installs it', () => {
  const lacking = missing(virtmeNeeds, (proof) => proof === 'vng' || proof === '/usr/libexec/virtiofsd');
  expect(lacking.map(({ name }) => name)).toEqual(['udev', 'e2fsprogs']);
  expect(complaint(lacking)).toContain('sudo apt-get install --no-install-recommends udev e2fsprogs');
  expect(complaint(lacking)).toContain('--without-virtme');
});

test('nothing is said where nothing is missing', () => {
  expect(complaint(missing(virtmeNeeds, () => true))).toBeUndefined();
});
