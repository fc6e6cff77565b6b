/** What can be found, read out of the pages as they were built: lessons, tasks and terms; no page that only leads to others. */
import type { Course } from '../course/course.ts';
import type { SearchPage, SearchSection } from '../search/engine.ts';
import { classed, type Element, elementsOf, tagged, textOf } from '../slides/tree.ts';
import { contentOf } from './content.ts';

/** Sections of an exercise that say the same on every page, and of lessons what leads away. */
const ofEveryPage = new Set(['start', 'try', 'files', 'checks', 'verified', 'further-reading']);
/** Of a question, the wrong answers. */
const unsaid = classed('meaning', 'wrong', 'lesson-end', 'exercise-card', 'sr-only', 'copy', 'exercise-facts');

/** `dist`: the built site. Throws if a page is missing or has no text. */
export async function searchPages(course: Course, dist: string): Promise<SearchPage[]> {
  const read = (path: string) => contentOf(dist, path);
  const pages = course.chapters.flatMap(({ title: chapter, lessons, exercises }) => [
    ...lessons.map(async ({ slug, title, description, objectives }): Promise<SearchPage> => {
      const sections = sectionsOf(await read(slug));
      sections[0]!.text = `${description} ${sections[0]!.text}`;
      // Once as words to be found, without a place of their own.
      sections[0]!.code += ` ${objectives.join('. ')}.`;
      return { kind: 'Lesson', chapter, title, path: `/${slug}/`, sections };
    }),
    ...exercises.map(async ({ id, title, summary }): Promise<SearchPage> => {
      const [first, ...sections] = sectionsOf(await read(`exercises/${id}`));
      return {
        kind: 'Exercise',
        chapter,
        title,
        path: `/exercises/${id}/`,
        sections: [{ ...first!, text: summary, code: id }, ...sections],
      };
    }),
  ]);
  return [...(await Promise.all(pages)), ...termsOf(course), explain];
}

const explain: SearchPage = {
  kind: 'Tool',
  chapter: '',
  title: 'Explain a verifier log',
  path: '/explain/',
  sections: [
    {
      heading: '',
      anchor: '',
      text: 'Paste what the verifier, libbpf or clang says, and read in plain words what it means. It stays in your browser.',
      code: 'error message rejected program',
    },
  ],
};

function termsOf({ glossary }: Course): SearchPage[] {
  return Object.entries(glossary).map(([id, { term, meaning }]) => ({
    kind: 'Term',
    chapter: '',
    title: term,
    path: '/glossary/',
    sections: [{ heading: '', anchor: id, text: meaning.replaceAll('`', ''), code: '' }],
  }));
}

function sectionsOf(content: Element): SearchSection[] {
  const sections: SearchSection[] = [{ heading: '', anchor: '', text: '', code: '' }];
  for (const element of elementsOf(content)) {
    const [heading] = [element, ...elementsOf(element)].filter(tagged('h2', 'h3'));
    const anchor = heading?.attrs.find(({ name }) => name === 'id')?.value;
    if (heading && anchor !== undefined) sections.push({ heading: textOf(heading), anchor, text: '', code: '' });
    else {
      const section = sections.at(-1)!;
      section.text = squeezed(`${section.text} ${saidIn(element, false)}`);
      section.code = squeezed(`${section.code} ${saidIn(element, true)}`);
    }
  }
  return sections.filter(({ anchor }) => !ofEveryPage.has(anchor));
}

/** Found, but no text that an excerpt should begin with. */
const isCode = (element: Element) => tagged('pre')(element) || classed('quiz')(element);
const isBlock = tagged('p', 'li', 'td', 'th', 'div', 'figcaption', 'text', 'dt', 'dd');

/** The text outside of code, or the code. */
function saidIn(element: Element, code: boolean, inside = false): string {
  if (unsaid(element) || tagged('script', 'style', 'button')(element)) return '';
  const within = inside || isCode(element);
  const own = element.childNodes.map((child) => {
    if ('tagName' in child) return saidIn(child, code, within);
    return code === within ? textOf(child) : '';
  });
  return isBlock(element) ? `${own.join('')} ` : own.join('');
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
