/**
 * Reads a Pod manifest as hostile input: YAML as Kubernetes reads it (1.1, where yes is true), with bounds, then its schema of a Pod.
 * What is valid there and plays no part here is taken, or refused in words that say so; what is played is for pods.ts to pick.
 */
import { LineCounter, parseDocument, isNode, type Document } from 'yaml';
import { z } from 'zod';
import type { Location } from '../../verdict/result.ts';
import { plainLine } from '../../verdict/text.ts';
import { locate } from '../../explain/source.ts';
import { CheckFailure } from '../../verdict/failure.ts';

const maxBytes = 16 * 1024;

const label = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    'must be lower-case letters, digits and hyphens, at most 63, as in "event-watcher"',
  );
const subdomain = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'must be lower-case letters, digits, hyphens and dots, at most 253, as in "event-watcher"',
  );
const text = z.string().max(4096);
const labels = z.record(z.string().max(317), z.string().max(63));
const annotations = z.record(z.string().max(317), z.string().max(maxBytes));
const path = text.startsWith('/', 'must be an absolute path');
const below = text.refine(
  (text) => !text.startsWith('/') && !text.split('/').includes('..'),
  "must be a path below the volume, without '..'",
);
const image = z.string().min(1).max(255).regex(/^\S+$/, 'must have no spaces');
const words = z.array(z.string().max(1024)).max(64);
const capability = z
  .string()
  .max(40)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be the name of a capability without CAP_, as in BPF')
  .transform((name) => name.toUpperCase())
  .refine((name) => !name.startsWith('CAP_'), 'is written without CAP_');
const id = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const port = z.int().min(1).max(65_535);
/** '500m', '64Mi', 2 */
const quantity = z.union([
  z.number().min(0),
  z.string().regex(/^\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+|[numkMGTPE]|[KMGTPE]i)?$/, 'must be a quantity, as in "64Mi"'),
]);
const quantities = z.record(z.string().max(317), quantity);
/** Known to Kubernetes, and taken as it is: it plays no part here. */
const anything = z.looseObject({});
const things = z.array(anything).max(64);

const valid = 'is valid, but this exercise takes only ';
/** A field that Kubernetes knows and the exercise has no use for. */
const only = (what: string) =>
  z
    .unknown()
    .refine((value) => value === undefined, valid + what)
    .optional();
const without = only('pods without it');

const profile = z.strictObject({
  type: z.enum(['RuntimeDefault', 'Unconfined', 'Localhost']),
  localhostProfile: only('profiles that the node brings'),
});
const identity = {
  appArmorProfile: profile.optional(),
  runAsGroup: id.optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: id.optional(),
  seLinuxOptions: anything.optional(),
  seccompProfile: profile.optional(),
  windowsOptions: only('containers of Linux'),
};

const securityContext = z.strictObject({
  ...identity,
  allowPrivilegeEscalation: z.boolean().optional(),
  capabilities: z
    .strictObject({ add: z.array(capability).max(64).optional(), drop: z.array(capability).max(64).optional() })
    .optional(),
  privileged: z.boolean().optional(),
  procMount: z.enum(['Default', 'Unmasked']).optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
});

const podSecurityContext = z.strictObject({
  ...identity,
  fsGroup: id.optional(),
  fsGroupChangePolicy: z.enum(['OnRootMismatch', 'Always']).optional(),
  seLinuxChangePolicy: z.enum(['MountOption', 'Recursive']).optional(),
  supplementalGroups: z.array(id).max(64).optional(),
  supplementalGroupsPolicy: z.enum(['Merge', 'Strict']).optional(),
  sysctls: z.array(anything).max(0, `${valid}pods without sysctls`).optional(),
});

const variable = z
  .strictObject({
    name: z.string().min(1).max(255),
    value: text.optional(),
    valueFrom: z
      .strictObject({
        fieldRef: z.strictObject({ apiVersion: text.optional(), fieldPath: text }).optional(),
        resourceFieldRef: z
          .strictObject({ containerName: text.optional(), divisor: quantity.optional(), resource: text })
          .optional(),
        configMapKeyRef: only('fieldRef and resourceFieldRef here'),
        secretKeyRef: only('fieldRef and resourceFieldRef here'),
        fileKeyRef: only('fieldRef and resourceFieldRef here'),
      })
      .optional(),
  })
  .refine(({ value, valueFrom }) => !value || !valueFrom, 'has a value, or takes it from elsewhere, not both');

const container = z.strictObject({
  name: label,
  image,
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  command: words.optional(),
  args: words.optional(),
  env: z.array(variable).max(64).optional(),
  envFrom: z.array(anything).max(0, `${valid}env, with names`).optional(),
  lifecycle: only('containers that begin with their command'),
  livenessProbe: anything.optional(),
  ports: z
    .array(
      z.strictObject({
        containerPort: port,
        hostIP: text.optional(),
        hostPort: port.optional(),
        name: label.max(15).optional(),
        protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(),
      }),
    )
    .max(64)
    .optional(),
  readinessProbe: anything.optional(),
  resizePolicy: things.optional(),
  resources: z
    .strictObject({
      claims: z.array(anything).max(0, `${valid}limits and requests here`).optional(),
      limits: quantities.optional(),
      requests: quantities.optional(),
    })
    .optional(),
  restartPolicy: only('the restartPolicy of the whole pod'),
  restartPolicyRules: only('the restartPolicy of the whole pod'),
  securityContext: securityContext.optional(),
  startupProbe: anything.optional(),
  stdin: z.boolean().optional(),
  stdinOnce: z.boolean().optional(),
  terminationMessagePath: path.optional(),
  terminationMessagePolicy: z.enum(['File', 'FallbackToLogsOnError']).optional(),
  tty: z.boolean().optional(),
  volumeDevices: only('volumeMounts'),
  volumeMounts: z
    .array(
      z.strictObject({
        name: label,
        mountPath: path,
        mountPropagation: z.enum(['None', 'HostToContainer', 'Bidirectional']).optional(),
        readOnly: z.boolean().optional(),
        recursiveReadOnly: z.enum(['Disabled', 'IfPossible', 'Enabled']).optional(),
        subPath: below.optional(),
        subPathExpr: only('subPath'),
      }),
    )
    .max(32)
    .optional(),
  workingDir: path.optional(),
});

const otherVolumes = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'configMap',
  'csi',
  'downwardAPI',
  'ephemeral',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'image',
  'iscsi',
  'nfs',
  'persistentVolumeClaim',
  'photonPersistentDisk',
  'portworxVolume',
  'projected',
  'quobyte',
  'rbd',
  'scaleIO',
  'secret',
  'storageos',
  'vsphereVolume',
];

const volume = z
  .strictObject({
    ...Object.fromEntries(otherVolumes.map((kind) => [kind, only('volumes of the kind emptyDir')])),
    name: label,
    emptyDir: z
      .strictObject({
        medium: z
          .enum(['', 'Memory'])
          .or(z.string().regex(/^HugePages/, 'must be "" or "Memory"'))
          .optional(),
        sizeLimit: quantity.optional(),
      })
      .optional(),
    hostPath: z
      .strictObject({
        path,
        type: z
          .enum(['', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket', 'CharDevice', 'BlockDevice'])
          .optional(),
      })
      .optional(),
  })
  .refine(({ emptyDir, hostPath }) => !(emptyDir && hostPath), 'needs exactly one kind of volume');

const metadata = z
  .strictObject({
    name: subdomain.optional(),
    annotations: annotations.optional(),
    creationTimestamp: text.optional(),
    deletionGracePeriodSeconds: without,
    deletionTimestamp: without,
    finalizers: without,
    generateName: z
      .string()
      .max(253)
      .regex(/^[a-z0-9][-a-z0-9.]*$/, 'must be lower-case letters, digits, hyphens and dots, as in "event-watcher-"')
      .optional(),
    generation: z.int().optional(),
    labels: labels.optional(),
    managedFields: things.optional(),
    namespace: label.optional(),
    ownerReferences: without,
    resourceVersion: text.optional(),
    selfLink: text.optional(),
    uid: text.optional(),
  })
  .refine(({ name, generateName }) => name !== undefined || generateName !== undefined, {
    path: ['name'],
    message: 'is missing',
  });

const spec = z.strictObject({
  activeDeadlineSeconds: z.int().min(1).optional(),
  affinity: anything.optional(),
  automountServiceAccountToken: z.boolean().optional(),
  containers: z.array(container).min(1).max(8),
  dnsConfig: anything.optional(),
  dnsPolicy: z.enum(['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']).optional(),
  enableServiceLinks: z.boolean().optional(),
  ephemeralContainers: only('containers in the list containers'),
  hostAliases: things.optional(),
  hostIPC: z.boolean().optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostUsers: z
    .boolean()
    .refine(
      (own) => own,
      `${valid}pods without a user namespace of their own, for BPF's capabilities count for nothing in one`,
    )
    .optional(),
  hostname: label.optional(),
  hostnameOverride: subdomain.optional(),
  imagePullSecrets: things.optional(),
  initContainers: z.array(anything).max(0, `${valid}containers in the list containers`).optional(),
  nodeName: subdomain.optional(),
  nodeSelector: labels.optional(),
  os: z.strictObject({ name: z.enum(['linux', 'windows']).refine((os) => os === 'linux', `${valid}linux`) }).optional(),
  overhead: quantities.optional(),
  preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).optional(),
  priority: z.int().optional(),
  priorityClassName: text.optional(),
  readinessGates: things.optional(),
  resourceClaims: without,
  resources: z.strictObject({ limits: quantities.optional(), requests: quantities.optional() }).optional(),
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).optional(),
  runtimeClassName: only("the node's usual runtime"),
  schedulerName: text.optional(),
  schedulingGates: without,
  securityContext: podSecurityContext.optional(),
  serviceAccount: text.optional(),
  serviceAccountName: text.optional(),
  setHostnameAsFQDN: z.boolean().optional(),
  shareProcessNamespace: z.boolean().optional(),
  subdomain: label.optional(),
  terminationGracePeriodSeconds: z.int().min(0).optional(),
  tolerations: things.optional(),
  topologySpreadConstraints: things.optional(),
  volumes: z.array(volume).max(32).optional(),
});

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/; any other field is an error. */
export const manifestSchema = z
  .strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Pod'),
    metadata,
    spec,
    // `kubectl run --dry-run -o yaml` writes it, empty.
    status: anything.optional(),
  })
  .superRefine(({ spec }, context) => {
    const volumes = (spec.volumes ?? []).map(({ name }) => name);
    const names = spec.containers.map(({ name }) => name);
    for (const [i, { name, volumeMounts = [] }] of spec.containers.entries()) {
      if (names.indexOf(name) < i)
        context.addIssue({
          code: 'custom',
          path: ['spec', 'containers', i, 'name'],
          message: 'is the name of another container, too',
        });
      for (const [j, mount] of volumeMounts.entries())
        if (!volumes.includes(mount.name))
          context.addIssue({
            code: 'custom',
            path: ['spec', 'containers', i, 'volumeMounts', j, 'name'],
            message: `names no volume: ${volumes.length ? `the pod has ${volumes.join(', ')}` : 'the pod has no volumes'}`,
          });
    }
    if (spec.hostPID && spec.shareProcessNamespace)
      context.addIssue({
        code: 'custom',
        path: ['spec', 'shareProcessNamespace'],
        message: 'cannot be true together with hostPID',
      });
  });

export type Manifest = z.output<typeof manifestSchema>;

/** CheckFailure with the line that is wrong. */
export function readManifest(file: string, text: string): Manifest {
  const sources = new Map([[file, text]]);
  const refuse = (said: string, more: { expected?: string; actual?: string; help: string; line?: number }): never => {
    const { line, ...rest } = more;
    const location: Location | null = line === undefined ? null : locate(sources, file, line);
    throw new CheckFailure({ text: said, ...rest, ...(location && { location }) });
  };
  if (Buffer.byteLength(text) > maxBytes)
    refuse(`${file} is too large.`, {
      expected: `At most ${maxBytes} bytes.`,
      help: "A pod's manifest is a page of text.",
    });

  const lines = new LineCounter();
  // Deeper than any manifest, and shallow enough for a parser that calls itself.
  if (deepest(text) > 100) refuse(`${file} is nested too deeply.`, { help: 'A Pod is some ten levels deep.' });
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.1',
    // As in Kubernetes a date is text, and so is 12:30. Sets and such are not for a manifest.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || known(tag)),
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const error = document.errors[0];
  if (error)
    refuse(`${file} is no YAML that can be read.`, {
      actual: plainLine(error.message, 500),
      help: 'Look at the indentation and the colons; a tab is no indentation in YAML.',
      line: lines.linePos(error.pos[0]).line,
    });
  let value: unknown;
  try {
    // As many as a manifest may need: more let a small file stand for a huge one.
    value = withoutNulls(document.toJS({ maxAliasCount: 100 }));
  } catch {
    return refuse(`${file} has too many aliases of YAML (*).`, {
      expected: 'A manifest that is no larger than it looks.',
      help: 'Write out what the aliases stand for.',
    });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  const line = lineOf(document, lines, field);
  if (issue.message.startsWith(valid))
    return refuse(`${file}: ${describePath(field)} ${plainLine(issue.message, 300)}.`, {
      help: 'It is no mistake, but leave it out here.',
      ...(line !== undefined && { line }),
    });
  return refuse(
    `${file} is no valid Pod: ${describePath(field)} ${valueAt(value, field) === undefined ? 'is missing' : explain(issue)}.`,
    {
      help: 'Compare it with the Pod in the Kubernetes reference: each field has its place, its type and its spelling.',
      ...(line !== undefined && { line }),
    },
  );
}

function known({ tag, format }: { tag: string; format?: string }): boolean {
  return format !== 'TIME' && /:(?:map|seq|str|null|bool|int|float|merge)$/.test(tag);
}

/** To Kubernetes a field without a value is one that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

/** An upper bound of the levels in a YAML text: brackets, dashes in a row, and indentation. */
function deepest(text: string): number {
  const levels = text.split('\n').map((line) => (/^[\s?:-]*/.exec(line)?.[0].length ?? 0) / 2);
  return Math.max(...levels) + (text.match(/[[{]/g)?.length ?? 0);
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'is no field of that place';
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return plainLine(issue.message, 300);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

const kinds: Record<string, string> = {
  object: 'a mapping (name: value), not a list or a word',
  array: 'a list (lines that begin with -)',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

function describePath(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'the document' : plainLine(text, 300);
}

/** Of the field, or of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
