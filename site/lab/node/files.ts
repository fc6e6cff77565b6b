/** node:fs and node:fs/promises: a page has no files. Nothing that runs here calls these. */

function refuse(): never {
  throw new Error('A page has no files: the grader’s own code should not look for one here.');
}

export {
  refuse as readdirSync,
  refuse as readFile,
  refuse as readFileSync,
  refuse as rename,
  refuse as rm,
  refuse as stat,
  refuse as writeFile,
};
