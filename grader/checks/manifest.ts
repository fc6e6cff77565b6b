/**
 * Reads a Pod manifest as hostile input: YAML with bounds, then the part of Kubernetes' schema that the course uses. A field of
 * Kubernetes that is not in this part is refused, too, for only what is known here is played.
 */
import { LineCounter, parseDocument, isNode, type Document } from 'yaml';
import { z } from 'zod';
import type { Location } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { locate } from '../explain/source.ts';
import { CheckFailure } from './failure.ts';

const maxBytes = 16 * 1024;

const label = z.string().max(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens, at most 63, as in "event-watcher"');
const labels = z.record(z.string().max(317), z.string().max(63));
const path = z.string().max(4096).startsWith('/', 'must be an absolute path');
const below = z.string().max(4096).refine((text) => !text.startsWith('/') && !text.split('/').includes('..'), "must be a path below the volume, without '..'");
const image = z.string().min(1).max(255).regex(/^\S+$/, 'must have no spaces');
const words = z.array(z.string().max(1024)).max(64);
const capability = z.string().max(40).regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of a capability without CAP_, as in BPF').refine((name) => !name.startsWith('CAP_'), 'is written without CAP_');

const securityContext = z.strictObject({
  allowPrivilegeEscalation: z.boolean().optional(),
  capabilities: z.strictObject({ add: z.array(capability).max(64).optional(), drop: z.array(capability).max(64).optional() }).optional(),
  privileged: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  runAsGroup: z.int().min(0).max(2 ** 31 - 1).optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.int().min(0).max(2 ** 31 - 1).optional(),
});

const container = z.strictObject({
  name: label,
  image,
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  command: words.optional(),
  args: words.optional(),
  env: z.array(z.strictObject({ name: z.string().min(1).max(255), value: z.string().max(4096).optional() })).max(64).optional(),
  securityContext: securityContext.optional(),
  volumeMounts: z.array(z.strictObject({ name: label, mountPath: path, readOnly: z.boolean().optional(), subPath: below.optional() })).max(32).optional(),
  workingDir: path.optional(),
});

const volume = z.strictObject({
  name: label,
  emptyDir: z.strictObject({}).optional(),
  hostPath: z.strictObject({ path, type: z.enum(['', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket', 'CharDevice', 'BlockDevice']).optional() }).optional(),
}).refine(({ emptyDir, hostPath }) => (emptyDir === undefined) !== (hostPath === undefined), 'needs exactly one kind of volume');

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/, in part; any other field is an error. */
export const manifestSchema = z
  .strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Pod'),
    metadata: z.strictObject({ name: label, labels: labels.optional(), annotations: labels.optional() }),
    spec: z.strictObject({
      containers: z.array(container).min(1).max(8),
      hostIPC: z.boolean().optional(),
      hostNetwork: z.boolean().optional(),
      hostPID: z.boolean().optional(),
      restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).optional(),
      shareProcessNamespace: z.boolean().optional(),
      volumes: z.array(volume).max(32).optional(),
    }),
  })
  .superRefine(({ spec }, context) => {
    const volumes = (spec.volumes ?? []).map(({ name }) => name);
    const names = spec.containers.map(({ name }) => name);
    for (const [i, { name, volumeMounts = [] }] of spec.containers.entries()) {
      if (names.indexOf(name) < i) context.addIssue({ code: 'custom', path: ['spec', 'containers', i, 'name'], message: 'is the name of another container, too' });
      for (const [j, mount] of volumeMounts.entries())
        if (!volumes.includes(mount.name))
          context.addIssue({ code: 'custom', path: ['spec', 'containers', i, 'volumeMounts', j, 'name'], message: `names no volume: ${volumes.length ? `the pod has ${volumes.join(', ')}` : 'the pod has no volumes'}` });
    }
    if (spec.hostPID && spec.shareProcessNamespace) context.addIssue({ code: 'custom', path: ['spec', 'shareProcessNamespace'], message: 'cannot be true together with hostPID' });
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
  if (Buffer.byteLength(text) > maxBytes) refuse(`${file} is too large.`, { expected: `At most ${maxBytes} bytes.`, help: 'A pod\'s manifest is a page of text.' });

  const lines = new LineCounter();
  // Deeper than any manifest, and shallow enough for a parser that calls itself.
  if (deepest(text) > 100) refuse(`${file} is nested too deeply.`, { help: 'A Pod is some ten levels deep.' });
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', merge: false, strict: true, uniqueKeys: true, prettyErrors: false, logLevel: 'error' });
  const error = document.errors[0];
  if (error) refuse(`${file} is no YAML that can be read.`, { actual: plainLine(error.message, 500), help: 'Look at the indentation and the colons; a tab is no indentation in YAML.', line: lines.linePos(error.pos[0]).line });
  let value: unknown;
  try {
    // No aliases: they let a small file stand for a huge one, and a manifest needs none.
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return refuse(`${file} uses anchors and aliases of YAML (& and *).`, { expected: 'Plain YAML.', help: 'Write out what the alias stands for.' });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  const line = lineOf(document, lines, field);
  return refuse(`${file} is no valid Pod: ${describePath(field)} ${valueAt(value, field) === undefined ? 'is missing' : explain(issue)}.`, {
    help: 'Compare it with the Pod in the Kubernetes reference: each field has its place, its type and its spelling.',
    ...(line !== undefined && { line }),
  });
}

/** An upper bound of the levels in a YAML text: brackets, dashes in a row, and indentation. */
function deepest(text: string): number {
  const levels = text.split('\n').map((line) => (/^[\s?:-]*/.exec(line)?.[0].length ?? 0) / 2);
  return Math.max(...levels) + (text.match(/[[{]/g)?.length ?? 0);
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'is no field of that place, or none that the course needs';
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return plainLine(issue.message, 300);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key) ? (inner as Record<PropertyKey, unknown>)[key] : undefined), value);
}

const kinds: Record<string, string> = { object: 'a mapping (name: value), not a list or a word', array: 'a list (lines that begin with -)', string: 'text', boolean: 'true or false', int: 'a whole number', number: 'a number' };

function describePath(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('').replace(/^\./, '');
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
