/**
 * The fields of a Pod, each with its form: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/; any other
 * field is an error. What the API server says of fields together is in rules.ts.
 */
import { z } from 'zod';
import {
  address,
  annotations,
  below,
  capability,
  id,
  image,
  label,
  labels,
  labelValue,
  path,
  port,
  qualified,
  quantities,
  quantity,
  subdomain,
  text,
  words,
} from './forms.ts';

/** Known to Kubernetes, and taken as it is: it plays no part here. */
const anything = z.looseObject({});
const things = z.array(anything).max(64);

export const valid = 'is valid, but this exercise takes only ';
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
    name: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[ -<>-~]+$/, 'must be printable ASCII without "="'),
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

const handlerPort = z.union([port, z.string().max(15)]);
const seconds = z.int().min(1, 'must be 1 at least').optional();
/** A question that the kubelet asks of a container. */
const probe = z
  .strictObject({
    exec: z.strictObject({ command: words.min(1, 'needs a command') }).optional(),
    failureThreshold: seconds,
    grpc: z.strictObject({ port, service: text.optional() }).optional(),
    httpGet: z
      .strictObject({
        host: text.optional(),
        httpHeaders: things.optional(),
        path: text.optional(),
        port: handlerPort,
        scheme: z.enum(['HTTP', 'HTTPS']).optional(),
      })
      .optional(),
    initialDelaySeconds: z.int().min(0).optional(),
    periodSeconds: seconds,
    successThreshold: seconds,
    tcpSocket: z.strictObject({ host: text.optional(), port: handlerPort }).optional(),
    terminationGracePeriodSeconds: seconds,
    timeoutSeconds: seconds,
  })
  .refine(
    ({ exec, grpc, httpGet, tcpSocket }) => [exec, grpc, httpGet, tcpSocket].filter(Boolean).length === 1,
    'needs exactly one of exec, grpc, httpGet and tcpSocket',
  );

/** A name of a port, as IANA has them. */
const portName = z
  .string()
  .max(15)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be at most 15 lower-case letters, digits and single hyphens, as in "http"')
  .regex(/[a-z]/, 'must have a letter in it');

const container = z.strictObject({
  name: label,
  image,
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  command: words.optional(),
  args: words.optional(),
  env: z.array(variable).max(64).optional(),
  envFrom: z.array(anything).max(0, `${valid}env, with names`).optional(),
  lifecycle: only('containers that begin with their command'),
  livenessProbe: probe.optional(),
  ports: z
    .array(
      z.strictObject({
        containerPort: port,
        hostIP: address.optional(),
        hostPort: port.optional(),
        name: portName.optional(),
        protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(),
      }),
    )
    .max(64)
    .optional(),
  readinessProbe: probe.optional(),
  resizePolicy: z
    .array(
      z.strictObject({
        resourceName: z.enum(['cpu', 'memory']),
        restartPolicy: z.enum(['NotRequired', 'RestartContainer']),
      }),
    )
    .optional(),
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
  startupProbe: probe.optional(),
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
        path: path.refine((name) => !name.split('/').includes('..'), "must be a path without '..'"),
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
      .refine(
        (prefix) => subdomain.safeParse(`${prefix}x`).success,
        'must be lower-case letters, digits, hyphens and dots, as in "event-watcher-"',
      )
      .optional(),
    generation: z.int().optional(),
    labels: labels.optional(),
    managedFields: things.optional(),
    namespace: label.optional(),
    ownerReferences: without,
    resourceVersion: text
      .refine((version) => version === '', 'must not be set for a Pod that is to be created')
      .optional(),
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
  dnsConfig: z
    .strictObject({
      nameservers: z.array(address).max(3, 'may have 3 name servers at most').optional(),
      options: things.optional(),
      searches: z.array(text).max(32).optional(),
    })
    .optional(),
  dnsPolicy: z.enum(['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']).optional(),
  enableServiceLinks: z.boolean().optional(),
  ephemeralContainers: only('containers in the list containers'),
  hostAliases: z
    .array(z.strictObject({ hostnames: z.array(subdomain).optional(), ip: address }))
    .max(64)
    .optional(),
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
  imagePullSecrets: z
    .array(z.strictObject({ name: subdomain.optional() }))
    .max(64)
    .optional(),
  initContainers: z.array(anything).max(0, `${valid}containers in the list containers`).optional(),
  nodeName: subdomain.optional(),
  nodeSelector: labels.optional(),
  os: z.strictObject({ name: z.enum(['linux', 'windows']).refine((os) => os === 'linux', `${valid}linux`) }).optional(),
  overhead: quantities.optional(),
  preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).optional(),
  priority: z.int().optional(),
  priorityClassName: subdomain.optional(),
  readinessGates: z
    .array(z.strictObject({ conditionType: qualified }))
    .max(64)
    .optional(),
  resourceClaims: without,
  resources: z.strictObject({ limits: quantities.optional(), requests: quantities.optional() }).optional(),
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).optional(),
  runtimeClassName: only("the node's usual runtime"),
  schedulerName: text.optional(),
  schedulingGates: without,
  securityContext: podSecurityContext.optional(),
  serviceAccount: subdomain.optional(),
  serviceAccountName: subdomain.optional(),
  setHostnameAsFQDN: z.boolean().optional(),
  shareProcessNamespace: z.boolean().optional(),
  subdomain: label.optional(),
  terminationGracePeriodSeconds: z.int().min(0).optional(),
  tolerations: z
    .array(
      z.strictObject({
        effect: z.enum(['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
        key: qualified.or(z.literal('')).optional(),
        operator: z.enum(['Equal', 'Exists']).optional(),
        tolerationSeconds: z.int().optional(),
        value: labelValue.optional(),
      }),
    )
    .max(64)
    .optional(),
  topologySpreadConstraints: z
    .array(
      z.looseObject({
        maxSkew: z.int().min(1, 'must be 1 at least'),
        topologyKey: qualified,
        whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
      }),
    )
    .max(64)
    .optional(),
  volumes: z.array(volume).max(32).optional(),
});

/** Each field by itself. */
export const podSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Pod'),
  metadata,
  spec,
  // `kubectl run --dry-run -o yaml` writes it, empty.
  status: anything.optional(),
});

export type Manifest = z.output<typeof podSchema>;
