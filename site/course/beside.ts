/** Files beside an exercise's task that the task links to: 'program/thermometer.go'. They are shown on the exercise's page. */

const relative = /^[a-z0-9][\w-]*(\/[\w.-]+)*\.\w+$/i;

export function isBeside(href: string): boolean {
  return relative.test(href);
}

/** Each of them, once. */
export function filesBeside(task: string): string[] {
  return [...new Set([...task.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!).filter(isBeside))];
}

export function fileAnchor(path: string): string {
  return `file-${path.replace(/[^\w]+/g, '-').toLowerCase()}`;
}
