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
    ['labels of every form', after(named, '  labels: { a: "", A.b_c-1: v1.2_x-Y, example.org/x: "1" }')],
    ['annotations with capitals', after(named, '  annotations: { Example.org/Owner: "me and you" }')],
    ['a name of a variable that no shell takes', after(shop, '      env: [{ name: my.var-1, value: "" }]')],
    ['the same number of a port twice', after(shop, '      ports: [{ containerPort: 80 }, { containerPort: 80 }]')],
    [
      'requests at the limit',
      after(shop, '      resources: { limits: { memory: 1Gi }, requests: { memory: 1024Mi } }'),
    ],
    ['a device', after(shop, '      resources: { limits: { example.org/gpu: 1 } }')],
    ['a toleration of a key', after(pod, '  tolerations: [{ key: a, value: b, effect: NoSchedule }]')],
    ['name servers of its own', after(pod, '  dnsPolicy: None\n  dnsConfig: { nameservers: [10.0.0.10, "fd00::1"] }')],
    [
      'a probe by the name of a port',
      after(shop, '      readinessProbe: { httpGet: { port: http }, successThreshold: 2 }'),
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

  // pkg/apis/core/validation/validation.go, and apimachinery's pkg/util/validation
  test.each([
    [
      'a label with a space',
      after(named, '  labels: { app: "my shop" }'),
      'metadata.labels.app must be at most 63 letters',
    ],
    ['a label that ends in a hyphen', after(named, '  labels: { app: shop- }'), 'must be at most 63 letters'],
    ['a label of 64 letters', after(named, `  labels: { app: ${'a'.repeat(64)} }`), 'must be at most 63 letters'],
    ['a key with two slashes', after(named, '  labels: { a/b/c: d }'), 'a name that Kubernetes refuses'],
    [
      'a key with an upper-case prefix',
      after(named, '  labels: { Example.org/a: d }'),
      'a name that Kubernetes refuses',
    ],
    ['an annotation with a space', after(named, '  annotations: { "an owner": me }'), 'a name that Kubernetes refuses'],
    ['a selector that is no label', after(pod, '  nodeSelector: { disk: "very fast" }'), 'must be at most 63 letters'],
    [
      'a name that ends in a dot',
      valid.replace('name: happy-borg', 'generateName: happy-.'),
      'must be lower-case letters',
    ],
    [
      'a version of another Pod',
      after(named, '  resourceVersion: "12"'),
      'must not be set for a Pod that is to be created',
    ],
    ['a variable with =', after(shop, '      env: [{ name: "a=b" }]'), 'must be printable ASCII without "="'],
    ['a variable from nowhere', after(shop, '      env: [{ name: a, valueFrom: {} }]'), 'needs exactly one place'],
    [
      'a variable from two places',
      after(
        shop,
        '      env: [{ name: a, valueFrom: { fieldRef: { fieldPath: status.podIP }, resourceFieldRef: { resource: limits.cpu } } }]',
      ),
      'needs exactly one place',
    ],
    [
      'a field that nobody is told',
      after(shop, '      env: [{ name: a, valueFrom: { fieldRef: { fieldPath: spec.hostname } } }]'),
      'must be a field that a container can be told',
    ],
    [
      'two ports of one name',
      after(shop, '      ports: [{ name: a, containerPort: 80 }, { name: a, containerPort: 81 }]'),
      'spec.containers[0].ports[1].name is the name of another port, too',
    ],
    ['a port with digits only', after(shop, '      ports: [{ name: "80", containerPort: 80 }]'), 'must have a letter'],
    ['a port with two hyphens', after(shop, '      ports: [{ name: a--b, containerPort: 80 }]'), 'single hyphens'],
    [
      'a request above its limit',
      after(shop, '      resources: { limits: { memory: 64Mi }, requests: { memory: 0.1Gi } }'),
      'requests.memory is more than the limit of 64Mi',
    ],
    [
      'an unknown resource',
      after(shop, '      resources: { limits: { ram: 64Mi } }'),
      'is no resource that Kubernetes knows',
    ],
    [
      'two volumes of one name',
      `${valid}  volumes: [{ name: a, emptyDir: {} }, { name: a, emptyDir: {} }]\n`,
      'is the name of another volume, too',
    ],
    [
      'two mounts at one place',
      `${valid}      volumeMounts: [{ name: a, mountPath: /a }, { name: a, mountPath: /a }]\n  volumes: [{ name: a }]\n`,
      'is the place of another mount, too',
    ],
    [
      'mounts that go to the node from a container without privileges',
      `${valid}      volumeMounts: [{ name: a, mountPath: /a, mountPropagation: Bidirectional }]\n  volumes: [{ name: a }]\n`,
      'only a privileged container',
    ],
    [
      'a profile without its name',
      after(pod, '  securityContext: { seccompProfile: { type: Localhost } }'),
      'spec.securityContext.seccompProfile.localhostProfile is missing',
    ],
    [
      'a privileged container that must not become one',
      after(shop, '      securityContext: { privileged: true, allowPrivilegeEscalation: false }'),
      'cannot be false in a privileged container',
    ],
    ['all of /proc', after(shop, '      securityContext: { procMount: Unmasked }'), 'needs a user namespace'],
    ['a probe of nothing', after(shop, '      livenessProbe: { periodSeconds: 5 }'), 'needs exactly one of exec'],
    [
      'a probe that must succeed twice',
      after(shop, '      livenessProbe: { exec: { command: ["true"] }, successThreshold: 2 }'),
      'livenessProbe.successThreshold must be 1',
    ],
    [
      'a probe with another field',
      after(shop, '      startupProbe: { http: { port: 80 } }'),
      'is no field of that place',
    ],
    [
      'a toleration of nothing',
      after(pod, '  tolerations: [{ value: a }]'),
      'spec.tolerations[0] needs a key, or the operator Exists',
    ],
    [
      'a toleration of any value',
      after(pod, '  tolerations: [{ key: a, operator: Exists, value: b }]'),
      'must be empty',
    ],
    ['no names at all', after(pod, '  dnsPolicy: None'), 'needs a name server in dnsConfig'],
    [
      'a name server by its name',
      after(pod, '  dnsConfig: { nameservers: [dns.example.org] }'),
      'must be an IP address',
    ],
    ['processes shared with the node', after(pod, '  hostPID: true'), 'cannot be true together with hostPID'],
  ])('refuses %s, as the API server does', (_, text, said) => {
    expect(complaint(text).text).toContain(said);
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
