import { expect, test } from 'vitest';
import { createContext } from '../../../grader/cli/context.ts';
import { post } from '../../../grader/cli/post.ts';

test('outside of a job it says where it belongs', async () => {
  const job = { GITHUB_EVENT_PATH: '/dev/null', GITHUB_TOKEN: 'x' };
  const failure: unknown = await post(createContext({ json: true }), {}, job).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    message: expect.stringMatching(/^GITHUB_REPOSITORY is not set/),
    exitCode: 2,
    remedy: 'To grade here: npx grade',
  });
});
