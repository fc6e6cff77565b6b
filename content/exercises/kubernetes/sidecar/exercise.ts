import { count, defineChecks, type Manifest, quote } from '#kit';
import { manifestOf, played, seen } from './workload.ts';

/** CAP_PERFMON is 38, CAP_BPF 39: include/uapi/linux/capability.h */
const wanted = (1n << 38n) | (1n << 39n);
const allowed = ['BPF', 'PERFMON'];

export default defineChecks({
  valid: async (kit) => void manifestOf(kit),

  async unprivileged(kit) {
    const { spec } = manifestOf(kit);
    const demands = [
      ...spec.containers
        .filter(({ securityContext }) => securityContext?.privileged)
        .map(({ name }) => `${name} is privileged`),
      ...(['hostPID', 'hostIPC', 'hostNetwork', 'hostUsers'] as const)
        .filter((field) => spec[field])
        .map((field) => `${field} is true`),
      ...(spec.volumes ?? [])
        .filter(({ hostPath }) => hostPath)
        .map(({ name, hostPath }) => `the volume ${name} is the node's ${quote(hostPath!.path, 100)}`),
      ...spec.containers.flatMap(({ name, ports }) =>
        (ports ?? [])
          .filter(({ hostPort }) => hostPort)
          .map(({ hostPort }) => `${name} gets port ${hostPort} of the node`),
      ),
      ...spec.containers.flatMap(({ name, securityContext }) =>
        (securityContext?.capabilities?.add ?? [])
          .filter((capability) => name !== 'execsnoop' || !allowed.includes(capability))
          .map((capability) => `${name} gets CAP_${capability}`),
      ),
    ];
    kit.expect(demands.length === 0, {
      text: 'The pod asks for more than it needs, so it is not run.',
      expected: 'No more than CAP_BPF and CAP_PERFMON, for execsnoop alone.',
      actual: `${demands.slice(0, 10).join('; ')}.`,
    });
  },

  async runs(kit) {
    const { spec } = manifestOf(kit);
    const refused = spec.containers.find((container) => isNonRoot(spec, container) && !userOf(spec, container));
    kit.expect(!refused, {
      text: `Kubernetes does not start ${refused?.name}: it must not run as root, and its image does.`,
      expected: 'A user other than 0 where runAsNonRoot is true.',
      actual: 'runAsNonRoot without runAsUser.',
    });
    await played(kit);
  },

  async capabilities(kit) {
    const { spec } = manifestOf(kit);
    const user = userOf(
      spec,
      spec.containers.find(({ name }) => name === 'execsnoop')!,
    );
    kit.expect(user === 0, {
      text: 'The sidecar does not run as root, so Kubernetes does not give it what capabilities adds.',
      expected: 'User 0, with two capabilities and no more.',
      actual: `runAsUser: ${user}.`,
    });
    const { sidecar } = await played(kit);
    const held = sidecar.capabilities;
    kit.expect(held === wanted, {
      text:
        held & ~wanted ? 'The sidecar holds more capabilities than it needs.' : 'The sidecar holds less than it needs.',
      expected: `CapEff: ${hex(wanted)}, which is CAP_BPF and CAP_PERFMON.`,
      actual: `CapEff: ${hex(held)}: ${held & ~wanted ? `${count(bits(held & ~wanted), 'capability', 'capabilities')} too many` : `${count(bits(wanted & ~held), 'capability', 'capabilities')} missing`}.`,
    });
  },

  async shares(kit) {
    const { shop, sidecar } = await played(kit);
    kit.expect(sidecar.pidNamespace !== '' && sidecar.pidNamespace === shop.pidNamespace, {
      text: 'The sidecar cannot see the processes of the shop: they are in another PID namespace.',
      expected: 'One namespace for both.',
      actual: `shop: ${quote(shop.pidNamespace || 'not running', 60)}, execsnoop: ${quote(sidecar.pidNamespace || 'not running', 60)}.`,
    });
  },

  async events(kit) {
    const { started, reported, complaint, ready } = await seen(kit);
    kit.expect(ready, {
      text: 'execsnoop did not start to watch.',
      expected: 'It prints ready.',
      actual: complaint ? `It printed ${quote(complaint)}.` : 'It printed nothing.',
      help: 'not-ready',
    });
    kit.expect(reported.join(' ') === started.join(' '), {
      text: 'The sidecar does not report exactly what the shop starts.',
      expected: started.map((name) => quote(name)).join(', '),
      actual:
        reported
          .map((name) => quote(name, 60))
          .join(', ')
          .slice(0, 2000) || 'Nothing.',
      help: 'other-events',
    });
  },
});

type Spec = Manifest['spec'];

/** Root, unless somebody says otherwise: that is the image's user. */
function userOf(spec: Spec, { securityContext }: Spec['containers'][number]): number {
  return securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? 0;
}

function isNonRoot(spec: Spec, { securityContext }: Spec['containers'][number]): boolean {
  return securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot ?? false;
}

function hex(capabilities: bigint): string {
  return capabilities.toString(16).padStart(16, '0');
}

function bits(set: bigint): number {
  return set.toString(2).replaceAll('0', '').length;
}
