/** GitHub's own description of its REST API: which operation a request is, and whether request and answer are as described. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: object;
}

interface Operation {
  operationId: string;
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

export interface Found {
  /** 'pulls/list' */
  id: string;
  /** 'GET /repos/{owner}/{repo}/pulls' */
  route: string;
  parameters: Record<string, string>;
}

const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
const description = JSON.parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { parameters: Record<string, Parameter>; examples: Record<string, { value: unknown }> };
};

// What OpenAPI 3.0 says its own way.
withNull(description);
const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, validateSchema: false });
formats.default(ajv);
ajv.addSchema(description, 'github');
const loose = new Ajv({ strict: false, coerceTypes: true, validateSchema: false });
formats.default(loose);
loose.addSchema(description, 'github');

/** A copy of one of the description's examples. */
export function example<T>(name: string): T {
  return structuredClone(description.components.examples[name]!.value) as T;
}

export function findOperation(method: string, path: string): Found | null {
  const parts = path.split('/').map(decodeURIComponent);
  const routes = Object.keys(description.paths).filter(
    (template) => description.paths[template]![method.toLowerCase()] && matches(template.split('/'), parts),
  );
  // The one with the fewest blanks: /pulls/comments is not pull request 'comments'.
  const template = routes.sort((a, b) => a.split('{').length - b.split('{').length)[0];
  if (template === undefined) return null;
  const names = template
    .split('/')
    .flatMap((part, i) => (part.startsWith('{') ? [[part.slice(1, -1), parts[i]!] as const] : []));
  return {
    id: operation(method, template).operationId,
    route: `${method} ${template}`,
    parameters: Object.fromEntries(names),
  };
}

/** What is wrong with a request. */
export function checkRequest({ route, parameters }: Found, query: URLSearchParams, body: unknown): string[] {
  const [method, template] = route.split(' ') as [string, string];
  const { parameters: described = [], requestBody } = operation(method, template);
  const known = described.map((one) =>
    '$ref' in one ? description.components.parameters[one.$ref.split('/').at(-1)!]! : one,
  );
  const problems: string[] = [];
  for (const { name, in: where, required, schema } of known) {
    const value = where === 'path' ? parameters[name] : where === 'query' ? query.get(name) : null;
    if (value === null || value === undefined) {
      if (required && where !== 'header') problems.push(`${name} is missing`);
    } else
      problems.push(
        ...complaints(loose.compile({ type: 'object', properties: { [name]: schema } }), { [name]: value }),
      );
  }
  for (const name of query.keys())
    if (!known.some((one) => one.in === 'query' && one.name === name)) problems.push(`there is no parameter ${name}`);
  if (Number(query.get('per_page') ?? 30) > 100) problems.push('per_page is at most 100');
  if (body === undefined) return problems;
  if (!requestBody) return [...problems, 'has a body'];
  const schema = requestBody.content['application/json']!.schema as { properties?: object };
  const unknown = Object.keys(body as object)
    .filter((name) => schema.properties && !(name in schema.properties))
    .map((name) => `there is no ${name} in its body`);
  return [...problems, ...unknown, ...complaints(compiled(`${template}/${method}/request`, schema), body)];
}

/** What is wrong with an answer of the stand-in: that would be a bug of the tests. Errors are of one shape everywhere. */
export function checkAnswer({ route }: Found, status: number, body: unknown): string[] {
  const [method, template] = route.split(' ') as [string, string];
  const described = operation(method, template).responses[status];
  if (!described && status < 400) return [`${status} is not an answer to it`];
  const schema =
    status >= 400
      ? { $ref: 'github#/components/schemas/basic-error' }
      : described?.content?.['application/json']?.schema;
  return schema ? complaints(compiled(`${template}/${method}/${status}`, schema), body) : [];
}

const cache = new Map<string, ValidateFunction>();

function compiled(key: string, schema: object): ValidateFunction {
  // References inside of the description are to the description.
  const whole = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/')) as object;
  const made = cache.get(key) ?? ajv.compile(whole);
  cache.set(key, made);
  return made;
}

function complaints(validate: ValidateFunction, value: unknown): string[] {
  return validate(value)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
      );
}

function operation(method: string, template: string): Operation {
  return description.paths[template]![method.toLowerCase()]!;
}

function matches(template: string[], parts: string[]): boolean {
  return template.length === parts.length && template.every((part, i) => part.startsWith('{') || part === parts[i]);
}

function withNull(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const schema = value as Record<string, unknown>;
  for (const inner of Object.values(schema)) withNull(inner);
  if (schema.nullable !== true) return;
  delete schema.nullable;
  if (typeof schema.type === 'string') {
    schema.type = [schema.type, 'null'];
    if (Array.isArray(schema.enum)) schema.enum.push(null);
    return;
  }
  const rest = { ...schema };
  for (const key of Object.keys(schema)) delete schema[key];
  schema.anyOf = [rest, { type: 'null' }];
}
