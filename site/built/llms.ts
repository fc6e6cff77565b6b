/** The course for language models (llmstxt.org): llms.txt says what there is, llms-full.txt has all lessons as Markdown. */
import { fromParse5 } from 'hast-util-from-parse5';
import { toMdast } from 'hast-util-to-mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { toMarkdown } from 'mdast-util-to-markdown';
import type { Course } from '../course/course.ts';
import { all, classed, type Element, replace, tagged } from '../slides/tree.ts';
import { contentOf } from './content.ts';

/** `at`: where the site is published, without a slash at the end. */
export function llmsIndex({ chapters }: Course, description: string, at: string): string {
  const lists = chapters.map(({ title, lessons, exercises }) =>
    [
      `## ${title}`,
      '',
      ...lessons.map((lesson) => `- [${lesson.title}](${at}/${lesson.slug}/): ${lesson.description}`),
      ...exercises.map(({ id, title: name, summary }) => `- [Exercise: ${name}](${at}/exercises/${id}/): ${summary}`),
    ].join('\n'),
  );
  const all = `## Optional\n\n- [All lessons in one file](${at}/llms-full.txt)\n- [Glossary](${at}/glossary/)`;
  return `${[`# Hookpoint`, `> ${description}`, ...lists, all].join('\n\n')}\n`;
}

/** `dist`: the built site. Throws if the page of a lesson is missing. */
export async function llmsFull({ chapters }: Course, dist: string): Promise<string> {
  const lessons = await Promise.all(
    chapters
      .flatMap((chapter) => chapter.lessons)
      .map(
        async ({ slug, title, description }) =>
          `# ${title}\n\n> ${description}\n\n${markdownOf(await contentOf(dist, slug))}`,
      ),
  );
  return lessons.join('\n');
}

/** What is there for a screen or a mouse. */
const unsaid = classed('sl-anchor-link', 'copy', 'meaning', 'sr-only', 'lesson-end');

function markdownOf(content: Element): string {
  for (const element of all(content, (one) => unsaid(one) || tagged('svg', 'script', 'link')(one)))
    replace(element, 'nothing');
  for (const pre of all(content, tagged('pre'))) {
    const language = pre.attrs.find(({ name }) => name === 'data-language')?.value;
    if (language)
      for (const code of all(pre, tagged('code'))) code.attrs.push({ name: 'class', value: `language-${language}` });
  }
  const tree = toMdast(fromParse5(content as Parameters<typeof fromParse5>[0]));
  const markdown = toMarkdown(tree as Parameters<typeof toMarkdown>[0], { bullet: '-', extensions: [gfmToMarkdown()] });
  // An empty line of code is a block, and has a line break in it.
  return markdown.replaceAll(/\n{3,}/g, '\n\n');
}
