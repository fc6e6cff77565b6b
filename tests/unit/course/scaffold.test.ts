import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addDraft, kindsOfExercises, scaffold } from '../../../grader/course/scaffold.ts';
import { repository } from '../../support/clone.ts';
import { temporaryFolder } from '../temporary.ts';

const course = `{
  "chapters": [
    { "name": "programs", "title": "Programs", "exercises": ["hello"] }
  ]
}
`;

async function copyOfCourse(): Promise<string> {
  const root = await temporaryFolder({ 'content/exercises/course.json': '{\n  "chapters": []\n}\n' });
  await cp(join(repository, 'content/templates'), join(root, 'content/templates'), { recursive: true });
  return root;
}

describe('a draft in course.json', () => {
  test('is added, and the rest stays as it was written', () => {
    const once = addDraft(course, 'networking/drop');
    expect(once).toBe(course.replace('  ]\n}', '  ],\n  "drafts": ["networking/drop"]\n}'));
    expect(addDraft(once, 'maps/new')).toBe(once.replace('["networking/drop"]', '["networking/drop", "maps/new"]'));
  });

  test('is not added twice, nor if a chapter has it', () => {
    expect(() => addDraft(course, 'programs/hello')).toThrow('has programs/hello already');
    expect(() => addDraft(addDraft(course, 'maps/new'), 'maps/new')).toThrow('has maps/new already');
    const renamed = JSON.stringify({ ...JSON.parse(course), formerly: { 'intro/hi': 'programs/hello' } });
    expect(() => addDraft(renamed, 'intro/hi')).toThrow('intro/hi was once the name of programs/hello');
  });
});

describe('scaffold', async () => {
  test.each(['echo', 'networking/', 'a/b/c', 'networking/Drop', '../x', 'networking/..'])(
    '%s is no name',
    async (id) => {
      await expect(scaffold(repository, { id, kind: 'xdp' })).rejects.toThrow('cannot be the name of an exercise');
    },
  );

  test('an unknown kind is refused, and nothing is written', async () => {
    const root = await copyOfCourse();
    await expect(scaffold(root, { id: 'a/b', kind: '../templates' })).rejects.toThrow('There is no kind');
    expect(await readdir(root)).toEqual(['content']);
  });

  test('a title that nobody can read is refused', async () => {
    await expect(scaffold(await copyOfCourse(), { id: 'a/b', kind: 'xdp', title: ' ' })).rejects.toThrow(
      'The title is empty',
    );
  });

  test('what is there stays as it is', async () => {
    const root = await copyOfCourse();
    await cp(join(repository, 'docs'), join(root, 'content/exercises/a/b'), { recursive: true });
    await expect(scaffold(root, { id: 'a/b', kind: 'xdp' })).rejects.toThrow('is there already');
    expect(await readFile(join(root, 'content/exercises/course.json'), 'utf8')).not.toContain('a/b');
  });

  test.each(await kindsOfExercises(repository))(
    '%s: whole, with its title, and without the marks that documents quote by',
    async (kind) => {
      const root = await copyOfCourse();
      const folder = await scaffold(root, { id: 'a/new-one', kind });
      const text = await readFile(join(folder, 'exercise.yaml'), 'utf8');
      expect(await readFile(join(folder, 'exercise.ts'), 'utf8')).not.toContain('#region');
      expect(text).toContain('title: "New one"');
      expect(text).not.toContain('#region');
      expect(JSON.parse(await readFile(join(root, 'content/exercises/course.json'), 'utf8'))).toEqual({
        chapters: [],
        drafts: ['a/new-one'],
      });
      expect(await readdir(join(root, '.grade/staging'))).toEqual([]);
    },
  );
});
