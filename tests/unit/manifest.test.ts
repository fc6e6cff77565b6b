import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CheckFailure } from '../../grader/verdict/failure.ts';
import { playable } from '../../grader/kit/pods/pods.ts';
import { readManifest } from '../../grader/kit/pods/manifest.ts';

const valid = await readFile(
  new URL('../../content/exercises/kubernetes/sidecar/solution/pod.yaml', import.meta.url),
  'utf8',
);

function complaint(text: string): CheckFailure['detail'] {
  try {
    readManifest('pod.yaml', text);
  } catch (error) {
    if (error instanceof CheckFailure) return error.detail;
    throw error;
  }
  throw new Error('It was taken.');
}

/** Behind these lines of the solution. */
const after = (line: string, more: string) => valid.replace(line, `${line}\n${more}`);
const [pod, named, shop] = ['spec:', '  name: happy-borg', '      command: ["/bin/shop"]'];

describe('readManifest', () => {
  test.each([
    ['a namespace', after(named, '  namespace: default')],
    ['dots in the name', valid.replace('happy-borg', 'happy.borg.v1')],
    ['a name that is to be made', valid.replace('name: happy-borg', 'generateName: happy-borg-')],
    ['labels with a prefix', after(named, '  labels: { app.kubernetes.io/name: shop, run: "1" }')],
    ['what kubectl writes', after(named, '  creationTimestamp: null').concat('status: {}\n')],
    ['yes for true', valid.replace('Namespace: true', 'Namespace: yes')],
    ['On for true', valid.replace('Namespace: true', 'Namespace: On')],
    [
      'anchors',
      valid
        .replace('image: localhost/tools:1', 'image: &tools localhost/tools:1')
        .replaceAll(/image: localhost.*/g, 'image: *tools'),
    ],
    ['merge keys', valid.replace('    - name: execsnoop', '    - <<: { tty: false }\n      name: execsnoop')],
    ['a field without a value', after(shop, '      args:\n      volumeMounts: ~')],
    ['no token', after(pod, '  automountServiceAccountToken: false\n  enableServiceLinks: false')],
    ['a time to end', after(pod, '  terminationGracePeriodSeconds: 0\n  dnsPolicy: ClusterFirst')],
    [
      'a security context of the pod',
      after(pod, '  securityContext: { seccompProfile: { type: RuntimeDefault }, fsGroup: 5 }'),
    ],
    [
      'a seccomp profile',
      valid.replace('securityContext:', 'securityContext:\n        seccompProfile: { type: RuntimeDefault }'),
    ],
    ['resources', after(shop, '      resources: { limits: { cpu: 500m, memory: 64Mi }, requests: { cpu: 0.1 } }')],
    ['ports', after(shop, '      ports: [{ name: http, containerPort: 8080, protocol: TCP }]')],
    [
      'a value from a field',
      after(shop, '      env: [{ name: IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }]'),
    ],
    ['a probe', after(shop, '      livenessProbe: { exec: { command: ["true"] }, periodSeconds: 5 }')],
    [
      'a volume in memory',
      `${valid}  volumes: [{ name: tmp, emptyDir: { medium: Memory, sizeLimit: 1Mi } }, { name: other, emptyDir: }]\n`,
    ],
    [
      'where to run',
      after(
        pod,
        '  nodeSelector: { kubernetes.io/os: linux }\n  tolerations: [{ operator: Exists }]\n  os: { name: linux }',
      ),
    ],
    ['capabilities in small letters', valid.replace('"ALL"', 'all').replace('"BPF"', 'bpf')],
  ])('takes %s', (_, text) => {
    expect(readManifest('pod.yaml', text).spec.shareProcessNamespace).toBe(true);
  });

  test.each([
    [
      'another kind of volume',
      `${valid}  volumes: [{ name: a, configMap: { name: a } }]\n`,
      'volumes of the kind emptyDir',
    ],
    ['a secret', after(shop, '      env: [{ name: A, valueFrom: { secretKeyRef: { name: a, key: b } } }]'), 'fieldRef'],
    ['initContainers', after(pod, '  initContainers: [{ name: a }]'), 'containers in the list containers'],
    ['a user namespace', after(pod, '  hostUsers: false'), 'pods without a user namespace of their own'],
    ['a runtime', after(pod, '  runtimeClassName: kata'), "the node's usual runtime"],
    ['a hook', after(shop, '      lifecycle: { preStop: { sleep: { seconds: 1 } } }'), 'containers that begin'],
  ])('says that %s is valid, and not for here', (_, text, said) => {
    expect(complaint(text).text).toContain(`is valid, but this exercise takes only ${said}`);
  });

  test('takes a valid Pod', () => {
    expect(readManifest('pod.yaml', valid).spec.shareProcessNamespace).toBe(true);
  });

  test.each([
    [
      'an unknown field',
      valid.replace('shareProcessNamespace', 'shareProcesses'),
      'spec.shareProcesses is no field of that place',
      6,
    ],
    [
      'a list for a mapping',
      valid.replace('        capabilities:', '        - capabilities:').replace(/ {10}(drop|add)/g, '            $1'),
      'securityContext must be a mapping',
      17,
    ],
    ['a name with spaces', valid.replace('happy-borg', 'happy borg'), 'metadata.name must be lower-case letters', 4],
    [
      'a mount without a volume',
      `${valid}      volumeMounts:\n        - { name: sys, mountPath: /sys }\n`,
      'names no volume: the pod has no volumes',
      21,
    ],
    ['another kind', valid.replace('kind: Pod', 'kind: Job'), 'kind must be "Pod"', 2],
    ['a missing field', valid.replace('kind: Pod\n', ''), 'kind is missing', 1],
    ['capabilities with CAP_', valid.replace('"BPF"', '"CAP_BPF"'), 'is written without CAP_', 19],
    [
      'a word for a truth value',
      valid.replace('shareProcessNamespace: true', 'shareProcessNamespace: "true"'),
      'must be true or false',
      6,
    ],
  ])('refuses %s, and says the line', (_, text, said, line) => {
    const { text: told, location } = complaint(text);
    expect(told).toContain(said);
    expect(location?.line).toBe(line);
  });

  test.each([
    [
      'a way out of a volume',
      `${valid}      volumeMounts:\n        - { name: sys, mountPath: /sys, subPath: a/../../b }\n  volumes:\n    - { name: sys, emptyDir: {} }\n`,
      "without '..'",
    ],
    [
      'many aliases',
      `a: &a [x, x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : 'a'}, *${i ? `b${i - 1}` : 'a'}]`).join('\n')}\n`,
      'aliases',
    ],
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
  const manifest = readManifest(
    'pod.yaml',
    valid.replace(
      '  name: happy-borg',
      '  name: happy-borg\n  annotations:\n    io.podman.annotations.privileged/shop: "TRUE"',
    ),
  );
  expect(JSON.stringify(playable(manifest))).not.toContain('annotations');
});
