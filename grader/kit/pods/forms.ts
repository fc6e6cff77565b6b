/** Forms of the values in a Pod, as Kubernetes checks them: apimachinery's pkg/util/validation. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** RFC 1123 label. */
export const label = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    'must be lower-case letters, digits and hyphens, at most 63, as in "event-watcher"',
  );
/** RFC 1123 subdomain. */
export const subdomain = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'must be lower-case letters, digits, hyphens and dots, at most 253, as in "event-watcher"',
  );
export const text = z.string().max(4096);
/** 'team', 'example.org/team': the key of a label, an annotation or a resource. */
const isQualified = (key: string): boolean => {
  const parts = key.split('/');
  const [prefix, name] = parts.length === 2 ? parts : [null, key];
  return isWord.test(name!) && (prefix === null || subdomain.safeParse(prefix).success);
};
/** At most 63 letters, digits, '-', '_' and '.', with a letter or a digit at both ends. */
const isWord = /^[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;
const key = z
  .string()
  .max(317)
  .refine(isQualified, 'has a name that Kubernetes refuses: it must be like "app" or "example.org/app"');
export const labelValue = z
  .string()
  .refine(
    (value) => value === '' || isWord.test(value),
    'must be at most 63 letters, digits, "-", "_" and ".", with a letter or a digit at both ends, as in "v1.2"',
  );
export const qualified = z.string().refine(isQualified, 'must be like "app" or "example.org/app"');
export const labels = z.record(key, labelValue);
export const annotations = z.record(
  // Upper-case letters count as lower-case ones here, and only here.
  z
    .string()
    .max(317)
    .refine(
      (name) => isQualified(name.toLowerCase()),
      'has a name that Kubernetes refuses: it must be like "app" or "example.org/app"',
    ),
  z.string(),
);
export const path = text.startsWith('/', 'must be an absolute path');
export const below = text.refine(
  (text) => !text.startsWith('/') && !text.split('/').includes('..'),
  "must be a path below the volume, without '..'",
);
export const image = z.string().min(1).max(255).regex(/^\S+$/, 'must have no spaces');
export const words = z.array(z.string().max(1024)).max(64);
export const capability = z
  .string()
  .max(40)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be the name of a capability without CAP_, as in BPF')
  .transform((name) => name.toUpperCase())
  .refine((name) => !name.startsWith('CAP_'), 'is written without CAP_');
export const id = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
export const port = z.int().min(1).max(65_535);
/** '500m', '64Mi', 2 */
export const quantity = z.union([
  z.number().min(0),
  z.string().regex(/^\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+|[numkMGTPE]|[KMGTPE]i)?$/, 'must be a quantity, as in "64Mi"'),
]);
export const quantities = z.record(z.string().max(317), quantity);
/** Of an address, in either family. */
export const address = z.string().refine((text) => isIP(text) !== 0, 'must be an IP address');
