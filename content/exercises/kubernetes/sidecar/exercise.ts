import { count, quote } from '../../../../grader/checks/expect.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { file, manifestOf, played, seen } from './workload.ts';

/** CAP_PERFMON is 38, CAP_BPF 39: include/uapi/linux/capability.h */
const wanted = (1n << 38n) | (1n << 39n);
const allowed = ['BPF', 'PERFMON'];

export default defineExercise({
  title: 'A sidecar that sees',
  summary: 'Write the Pod in which a sidecar watches the application\'s processes, with two capabilities and no more.',
  files: { [file]: { description: 'The manifest of your Pod.', maxBytes: 16 * 1024 } },
  needs: { kernel: '5.10', config: ['CONFIG_DEBUG_INFO_BTF'], tools: ['podman', 'crun', 'gcc', 'clang'] },
  starter: { fails: 'capabilities', because: 'Nothing is said of the sidecar\'s capabilities.' },
  wrong: {
    'context-is-a-list': { fails: 'valid', misconception: 'securityContext is a list, as containers is.' },
    'volumes-missing': { fails: 'valid', misconception: 'A volumeMount is enough to have a volume.' },
    'name-with-spaces': { fails: 'valid', misconception: 'A name is a description.' },
    'share-in-container': { fails: 'valid', misconception: 'Each container says for itself that it shares its processes.' },
    privileged: { fails: 'unprivileged', misconception: 'BPF needs a privileged container.' },
    'sys-admin': { fails: 'unprivileged', misconception: 'BPF needs CAP_SYS_ADMIN.' },
    'host-pid': { fails: 'unprivileged', misconception: 'To see another container\'s processes, one must see all of the node\'s.' },
    'kernel-headers': { fails: 'unprivileged', misconception: 'A BPF program needs the node\'s kernel headers.' },
    'defaults-kept': { fails: 'capabilities', misconception: 'What is added is all that there is.' },
    'nothing-added': { fails: 'capabilities', misconception: 'To drop all capabilities is always right.' },
    'not-shared': { fails: 'shares', misconception: 'The containers of a pod see each other\'s processes anyway.' },
  },
  checks: [
    {
      id: 'valid',
      title: `${file} is a valid Pod`,
      stage: 'compile',
      points: 2,
      hints: {
        nudge: 'Read the field that the message names from the left to the right: is each part where it belongs?',
        concept: 'A manifest is checked against a schema: every field has its place, its type and its spelling. A mapping has lines "name: value", a list has lines that begin with "-". Names have lower-case letters, digits and hyphens.',
        line: 'securityContext: and below it, indented, capabilities: – without a "-" in front.',
      },
      rationale: 'The workshop\'s own manifest was none: a list for a mapping, a mount without a volume, a name with spaces.',
      run: async (kit) => void manifestOf(kit),
    },
    {
      id: 'unprivileged',
      title: 'The pod asks for nothing of the node',
      stage: 'load',
      points: 2,
      hints: {
        nudge: 'Which line gives a container more than it needs?',
        concept: 'A privileged container is root on the node, with a detour. Since Linux 5.8, CAP_BPF loads programs and CAP_PERFMON lets them trace. The program brings its own types (CO-RE), so it needs no headers of the kernel.',
        line: 'No privileged, no hostPID, hostIPC or hostNetwork, no hostPath; add: ["BPF", "PERFMON"]',
      },
      rationale: 'Looked at before the pod runs: a manifest that asks for the node is not played at all.',
      async run(kit) {
        const { spec } = manifestOf(kit);
        const demands = [
          ...spec.containers.filter(({ securityContext }) => securityContext?.privileged).map(({ name }) => `${name} is privileged`),
          ...(['hostPID', 'hostIPC', 'hostNetwork'] as const).filter((field) => spec[field]).map((field) => `${field} is true`),
          ...(spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name, hostPath }) => `the volume ${name} is the node's ${quote(hostPath!.path, 100)}`),
          ...spec.containers.flatMap(({ name, securityContext }) =>
            (securityContext?.capabilities?.add ?? []).filter((capability) => name !== 'execsnoop' || !allowed.includes(capability)).map((capability) => `${name} gets CAP_${capability}`)),
        ];
        kit.expect(demands.length === 0, {
          text: 'The pod asks for more than it needs, so it is not run.',
          expected: 'No more than CAP_BPF and CAP_PERFMON, for execsnoop alone.',
          actual: `${demands.slice(0, 10).join('; ')}.`,
          help: 'Take it away: execsnoop does its work without it.',
        });
      },
    },
    {
      id: 'runs',
      title: 'The pod starts',
      stage: 'load',
      points: 1,
      hints: {
        nudge: 'The log has what podman said. Which container does it name?',
        concept: 'A valid manifest can still ask for what cannot be had: a folder to start in that is not there, a user that may not.',
        line: 'Keep image and command of the starter, and add only what the task asks for.',
      },
      rationale: 'The manifest is played, not only read.',
      run: async (kit) => void (await played(kit)),
    },
    {
      id: 'capabilities',
      title: 'The sidecar holds CAP_BPF and CAP_PERFMON, and nothing else',
      stage: 'limits',
      points: 2,
      after: ['runs'],
      hints: {
        nudge: 'What does a container hold about which nothing is said?',
        concept: 'A container starts with a dozen capabilities by default, among them the right to change any file\'s owner. drop takes away, add gives; drop: ["ALL"] first makes add the whole list.',
        line: 'capabilities: { drop: ["ALL"], add: ["BPF", "PERFMON"] } in the securityContext of execsnoop',
      },
      rationale: 'The kernel is asked what the process holds: that counts, whatever the manifest says.',
      async run(kit) {
        const { sidecar } = await played(kit);
        const held = sidecar.capabilities;
        kit.expect(held === wanted, {
          text: held & ~wanted ? 'The sidecar holds more capabilities than it needs.' : 'The sidecar holds less than it needs.',
          expected: `CapEff: ${hex(wanted)}, which is CAP_BPF and CAP_PERFMON.`,
          actual: `CapEff: ${hex(held)}: ${held & ~wanted ? `${count(bits(held & ~wanted), 'capability', 'capabilities')} too many` : `${count(bits(wanted & ~held), 'capability', 'capabilities')} missing`}.`,
          help: 'Drop ALL, add BPF and PERFMON; as root in the container, for another user does not get what is added.',
        });
      },
    },
    {
      id: 'shares',
      title: 'Both containers are in one PID namespace',
      stage: 'attach',
      points: 2,
      after: ['runs'],
      hints: {
        nudge: 'Which processes can the sidecar see?',
        concept: 'The containers of a pod share the network, but each has a PID namespace of its own: it sees its own processes only. One field of the pod changes that for all of its containers.',
        line: 'spec: shareProcessNamespace: true',
      },
      rationale: 'The kernel is asked which namespaces the two processes are in.',
      async run(kit) {
        const { shop, sidecar } = await played(kit);
        kit.expect(sidecar.pidNamespace !== '' && sidecar.pidNamespace === shop.pidNamespace, {
          text: 'The sidecar cannot see the processes of the shop: they are in another PID namespace.',
          expected: 'One namespace for both.',
          actual: `shop: ${quote(shop.pidNamespace || 'not running', 60)}, execsnoop: ${quote(sidecar.pidNamespace || 'not running', 60)}.`,
          help: 'Say in the spec of the pod, not in a container, that its containers share their process namespace.',
        });
      },
    },
    {
      id: 'events',
      title: 'The sidecar reports what the shop starts',
      stage: 'fires',
      points: 2,
      after: ['capabilities', 'shares'],
      hints: {
        nudge: 'Did the sidecar say that it is ready? What did it say in place of it?',
        concept: 'execsnoop loads a BPF program, which runs at every exec on the node, and reports those in its own PID namespace. Loading takes CAP_BPF, attaching takes CAP_PERFMON.',
        line: 'shareProcessNamespace: true in the spec; drop ["ALL"], add ["BPF", "PERFMON"] for execsnoop.',
      },
      rationale: 'All of it together: programs with random names are started in the shop and outside of the pod.',
      async run(kit) {
        const { started, reported, complaint, ready } = await seen(kit);
        kit.expect(ready, {
          text: 'execsnoop did not start to watch.',
          expected: 'It prints ready.',
          actual: complaint ? `It printed ${quote(complaint)}.` : 'It printed nothing.',
          help: 'Look at its capabilities, its user and its volumes.',
        });
        kit.expect(reported.join(' ') === started.join(' '), {
          text: 'The sidecar does not report exactly what the shop starts.',
          expected: started.map((name) => quote(name)).join(', '),
          actual: reported.map((name) => quote(name, 60)).join(', ').slice(0, 2000) || 'Nothing.',
          help: 'Both containers must share the process namespace of the pod, and not the node\'s.',
        });
      },
    },
  ],
});

function hex(capabilities: bigint): string {
  return capabilities.toString(16).padStart(16, '0');
}

function bits(set: bigint): number {
  return set.toString(2).replaceAll('0', '').length;
}
