/**
 * What the API server says of a Pod's fields together, after each had its form: duplicates, fields that exclude or need one another.
 * Kubernetes 1.34, pkg/apis/core/validation/validation.go.
 */
import type { Manifest } from './schema.ts';

type Path = readonly (string | number)[];
type Refuse = (path: Path, message: string) => void;
type Spec = Manifest['spec'];
type Container = Spec['containers'][number];

export function checkRules({ spec }: Manifest, refuse: Refuse): void {
  const volumes = (spec.volumes ?? []).map(({ name }) => name);
  refuseTwice(volumes, (i) => refuse(['spec', 'volumes', i, 'name'], 'is the name of another volume, too'));
  refuseTwice(
    spec.containers.map(({ name }) => name),
    (i) => refuse(['spec', 'containers', i, 'name'], 'is the name of another container, too'),
  );
  spec.containers.forEach((container, i) => {
    const within: Refuse = (path, message) => refuse(['spec', 'containers', i, ...path], message);
    checkMounts(container, volumes, within);
    checkPorts(container, within);
    checkEnvironment(container, within);
    checkResources(container.resources, (path, message) => within(['resources', ...path], message));
    checkSecurity(container, spec, within);
    checkProbes(container, within);
  });
  checkResources(spec.resources, (path, message) => refuse(['spec', 'resources', ...path], message));
  checkProfiles(spec.securityContext, (path, message) => refuse(['spec', 'securityContext', ...path], message));
  checkTolerations(spec, refuse);
  if (spec.dnsPolicy === 'None' && !spec.dnsConfig?.nameservers?.length)
    refuse(['spec', 'dnsPolicy'], 'needs a name server in dnsConfig, because it says None');
  if (spec.hostPID && spec.shareProcessNamespace)
    refuse(['spec', 'shareProcessNamespace'], 'cannot be true together with hostPID');
}

/** Calls for each that equals one before it. */
function refuseTwice(names: readonly (string | undefined)[], refuse: (index: number) => void): void {
  names.forEach((name, i) => name !== undefined && names.indexOf(name) < i && refuse(i));
}

function checkMounts({ volumeMounts = [], securityContext }: Container, volumes: string[], refuse: Refuse): void {
  volumeMounts.forEach((mount, i) => {
    const at = (field: string, message: string) => refuse(['volumeMounts', i, field], message);
    if (!volumes.includes(mount.name))
      at('name', `names no volume: ${volumes.length ? `the pod has ${volumes.join(', ')}` : 'the pod has no volumes'}`);
    if (mount.mountPropagation === 'Bidirectional' && !securityContext?.privileged)
      at('mountPropagation', 'is Bidirectional, which only a privileged container may ask for');
    const { recursiveReadOnly = 'Disabled', readOnly, mountPropagation = 'None' } = mount;
    if (recursiveReadOnly !== 'Disabled' && !(readOnly && mountPropagation === 'None'))
      at('recursiveReadOnly', 'needs readOnly: true, and no propagation');
  });
  refuseTwice(
    volumeMounts.map(({ mountPath }) => mountPath),
    (i) => refuse(['volumeMounts', i, 'mountPath'], 'is the place of another mount, too'),
  );
}

function checkPorts({ ports = [] }: Container, refuse: Refuse): void {
  refuseTwice(
    ports.map(({ name }) => name),
    (i) => refuse(['ports', i, 'name'], 'is the name of another port, too'),
  );
}

const fields =
  /^(?:metadata\.(?:name|namespace|uid|labels\['[^']+'\]|annotations\['[^']+'\])|spec\.(?:nodeName|serviceAccountName)|status\.(?:hostIPs?|podIPs?))$/;
const resources = /^(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)$/;

function checkEnvironment({ env = [] }: Container, refuse: Refuse): void {
  env.forEach(({ valueFrom }, i) => {
    if (!valueFrom) return;
    const { fieldRef, resourceFieldRef } = valueFrom;
    const at = (path: Path, message: string) => refuse(['env', i, 'valueFrom', ...path], message);
    if (!fieldRef === !resourceFieldRef) at([], 'needs exactly one place to take the value from');
    if (fieldRef && !fields.test(fieldRef.fieldPath))
      at(['fieldRef', 'fieldPath'], 'must be a field that a container can be told, as in "status.podIP"');
    if (fieldRef?.apiVersion !== undefined && fieldRef.apiVersion !== 'v1')
      at(['fieldRef', 'apiVersion'], 'must be "v1"');
    if (resourceFieldRef && !resources.test(resourceFieldRef.resource))
      at(['resourceFieldRef', 'resource'], 'must be a limit or a request, as in "limits.memory"');
  });
}

type Resources = NonNullable<Container['resources']> | NonNullable<Spec['resources']>;
const standard = /^(?:cpu|memory|ephemeral-storage|hugepages-.+)$/;

function checkResources({ limits = {}, requests = {} }: Resources = {}, refuse: Refuse): void {
  for (const [kind, amounts] of Object.entries({ limits, requests }))
    for (const name of Object.keys(amounts))
      if (!standard.test(name) && !name.includes('/'))
        refuse([kind, name], 'is no resource that Kubernetes knows: cpu, memory and ephemeral-storage are');
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && amountOf(request) > amountOf(limit))
      refuse(['requests', name], `is more than the limit of ${limit}`);
  }
}

const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** '64Mi' is 67108864, '500m' is 0.5. */
function amountOf(quantity: string | number): number {
  const [, digits, suffix] = /^\+?([\d.]+(?:[eE][-+]?\d+)?)(.*)$/.exec(String(quantity)) ?? [];
  return Number(digits) * (factors[suffix ?? ''] ?? NaN);
}

function checkSecurity({ securityContext = {} }: Container, spec: Spec, refuse: Refuse): void {
  const at: Refuse = (path, message) => refuse(['securityContext', ...path], message);
  const { allowPrivilegeEscalation, privileged, capabilities, procMount } = securityContext;
  checkProfiles(securityContext, at);
  if (allowPrivilegeEscalation === false && privileged)
    at(['allowPrivilegeEscalation'], 'cannot be false in a privileged container');
  if (allowPrivilegeEscalation === false && capabilities?.add?.includes('SYS_ADMIN'))
    at(['allowPrivilegeEscalation'], 'cannot be false together with the capability SYS_ADMIN');
  if (procMount === 'Unmasked' && spec.hostUsers !== false)
    at(['procMount'], 'is Unmasked, which needs a user namespace (hostUsers: false)');
}

function checkProfiles(context: Spec['securityContext'] | Container['securityContext'], refuse: Refuse): void {
  for (const field of ['seccompProfile', 'appArmorProfile'] as const)
    if (context?.[field]?.type === 'Localhost') refuse([field, 'localhostProfile'], 'is missing: Localhost needs it');
}

function checkProbes(container: Container, refuse: Refuse): void {
  for (const kind of ['livenessProbe', 'startupProbe'] as const)
    if ((container[kind]?.successThreshold ?? 1) !== 1) refuse([kind, 'successThreshold'], 'must be 1');
  if (container.readinessProbe?.terminationGracePeriodSeconds !== undefined)
    refuse(['readinessProbe', 'terminationGracePeriodSeconds'], 'is for the other kinds of probes');
}

function checkTolerations({ tolerations = [] }: Spec, refuse: Refuse): void {
  tolerations.forEach(({ effect = '', key = '', operator = 'Equal', tolerationSeconds, value = '' }, i) => {
    const at = (path: Path, message: string) => refuse(['spec', 'tolerations', i, ...path], message);
    if (key === '' && operator !== 'Exists') at([], 'needs a key, or the operator Exists');
    if (operator === 'Exists' && value !== '') at(['value'], 'must be empty where the operator is Exists');
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      at([], 'needs the effect NoExecute where there is tolerationSeconds');
  });
}
