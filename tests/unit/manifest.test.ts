import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CheckFailure } from '../../grader/checks/failure.ts';
import { withoutAnnotations } from '../../grader/checks/pods.ts';
import { readManifest } from '../../grader/checks/manifest.ts';

const valid = await readFile(new URL('../../content/exercises/kubernetes/sidecar/solution/pod.yaml', import.meta.url), 'utf8');

function complaint(text: string): CheckFailure['detail'] {
  try {
    readManifest('pod.yaml', text);
  } catch (error) {
    if (error instanceof CheckFailure) return error.detail;
    throw error;
  }
  throw new Error('It was taken.');
}

describe('readManifest', () => {
  test('takes a valid Pod', () => {
    expect(readManifest('pod.yaml', valid).spec.shareProcessNamespace).toBe(true);
  });

  test.each([
    ['an unknown field', valid.replace('shareProcessNamespace', 'shareProcesses'), 'spec.shareProcesses is no field of that place, or none that the course needs', 6],
    ['a list for a mapping', valid.replace('        capabilities:', '        - capabilities:').replace(/ {10}(drop|add)/g, '            $1'), 'securityContext must be a mapping', 17],
    ['a name with spaces', valid.replace('happy-borg', 'happy borg'), 'metadata.name must be lower-case letters', 4],
    ['a mount without a volume', `${valid}      volumeMounts:\n        - { name: sys, mountPath: /sys }\n`, 'names no volume: the pod has no volumes', 21],
    ['another kind', valid.replace('kind: Pod', 'kind: Job'), 'kind must be "Pod"', 2],
    ['a missing field', valid.replace('kind: Pod\n', ''), 'kind is missing', 1],
    ['capabilities with CAP_', valid.replace('"BPF"', '"CAP_BPF"'), 'is written without CAP_', 19],
    ['a word for a truth value', valid.replace('shareProcessNamespace: true', 'shareProcessNamespace: "true"'), 'must be true or false', 6],
  ])('refuses %s, and says the line', (_, text, said, line) => {
    const { text: told, location } = complaint(text);
    expect(told).toContain(said);
    expect(location?.line).toBe(line);
  });

  test.each([
    ['a way out of a volume', `${valid}      volumeMounts:\n        - { name: sys, mountPath: /sys, subPath: a/../../b }\n  volumes:\n    - { name: sys, emptyDir: {} }\n`, "without '..'"],
    ['aliases', 'a: &a [1]\nb: *a\n', 'aliases'],
    ['many aliases', `a: &a [x, x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : 'a'}, *${i ? `b${i - 1}` : 'a'}]`).join('\n')}\n`, 'aliases'],
    ['two documents', `${valid}---\n${valid}`, 'no YAML that can be read'],
    ['a field twice', `${valid}kind: Pod\n`, 'no YAML that can be read'],
    ['bad indentation', valid.replace('    - name: shop', '\t- name: shop'), 'no YAML that can be read'],
    ['too much', `# ${'x'.repeat(20_000)}\n${valid}`, 'too large'],
    ['nothing but a word', 'Pod', 'must be a mapping'],
    ['__proto__', `${valid}__proto__:\n  polluted: true\n`, '__proto__'],
    ['deep nesting', `${'['.repeat(8000)}${']'.repeat(8000)}`, 'nested too deeply'],
    ['deep nesting by dashes', '- '.repeat(8000), 'nested too deeply'],
    ['deep nesting by keys', '? '.repeat(8000), 'nested too deeply'],
  ])('refuses %s', (_, text, said) => {
    expect(complaint(text).text).toContain(said);
  });
});

test('what podman would take for orders is not played', () => {
  const manifest = readManifest('pod.yaml', valid.replace('  name: happy-borg', '  name: happy-borg\n  annotations:\n    io.podman.annotations.privileged/shop: "TRUE"'));
  expect(withoutAnnotations(manifest).metadata).toEqual({ name: 'happy-borg' });
});
