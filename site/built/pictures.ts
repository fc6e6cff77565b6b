/** Pictures for where a link to a page is shown, one for each page that has something to say, and the site's icons. Made here, so that nobody draws them. */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import satori from 'satori';
import sharp from 'sharp';
import type { Course } from '../course/course.ts';
import { otherPages, pictureSize } from '../course/pictures.ts';
import { titleOf } from './content.ts';

interface Picture {
  /** Of the page, without slashes at the ends; '' is the first one. */
  path: string;
  above: string;
  title: string;
  below: string;
}

/** `root`: of the repository. `dist`: the built site. */
export async function writePictures(course: Course, root: string, dist: string, description: string): Promise<void> {
  const logo = await readFile(join(root, 'site/public/favicon.svg'));
  await writeIcons(logo, dist);
  const { resolve } = createRequire(import.meta.url);
  const fonts = await Promise.all(
    ([400, 700] as const).map(async (weight) => ({
      name: 'Bricolage Grotesque',
      weight,
      data: await readFile(
        resolve(`@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-${weight}-normal.woff`),
      ),
    })),
  );
  const mark = `data:image/svg+xml;base64,${logo.toString('base64')}`;
  const pictures = [
    ...picturesOf(course),
    ...(await Promise.all(
      otherPages.map(async (path) => ({ path, above: 'A free course', ...(await titleOf(dist, path)) })),
    )),
    { path: '', above: 'A free course', title: 'eBPF, graded by a real kernel', below: description },
  ];
  await Promise.all(
    pictures.map(async (picture) => {
      const file = join(dist, picture.path === '' ? 'og/hookpoint.png' : `og/${picture.path}.png`);
      await mkdir(dirname(file), { recursive: true });
      const svg = await satori(drawn(picture, mark), { ...pictureSize, fonts });
      await sharp(Buffer.from(svg)).png({ palette: true, colours: 64, effort: 1 }).toFile(file);
    }),
  );
}

function picturesOf({ chapters }: Course): Picture[] {
  return chapters.flatMap(({ title: chapter, lessons, exercises }) => [
    ...lessons.map(({ slug, title, description }, i) => ({
      path: slug,
      above: `${chapter} · lesson ${i + 1} of ${lessons.length}`,
      title,
      below: description,
    })),
    ...exercises.map(({ id, title, summary }) => ({
      path: `exercises/${id}`,
      above: `${chapter} · exercise`,
      title,
      below: summary,
    })),
  ]);
}

const colours = { ground: '#14181a', title: '#f6f4ef', text: '#c9cdca', above: '#6fd0c2', line: '#e8743b' };

/** In satori's words: what React would make of JSX. */
function drawn({ above, title, below }: Picture, mark: string): Parameters<typeof satori>[0] {
  const box = (style: Record<string, unknown>, children: unknown) => ({
    type: 'div',
    props: { style: { display: 'flex', ...style }, children },
  });
  return box(
    {
      flexDirection: 'column',
      boxSizing: 'border-box',
      ...pictureSize,
      padding: '64px 72px 56px',
      background: colours.ground,
      borderLeft: `16px solid ${colours.line}`,
      fontFamily: 'Bricolage Grotesque',
      color: colours.text,
    },
    [
      box({ fontSize: 32, color: colours.above }, above),
      box(
        {
          marginTop: 20,
          fontSize: title.length > 28 ? 72 : 88,
          fontWeight: 700,
          lineHeight: 1.05,
          letterSpacing: -2,
          color: colours.title,
        },
        title,
      ),
      box({ marginTop: 28, fontSize: 34, lineHeight: 1.35 }, below),
      box({ marginTop: 'auto', alignItems: 'center', fontSize: 34, fontWeight: 700, color: colours.title }, [
        { type: 'img', props: { src: mark, width: 52, height: 52, style: { marginRight: 20 } } },
        'Hookpoint',
      ]),
    ],
  ) as Parameters<typeof satori>[0];
}

/** As manifest.webmanifest says. */
const ground = '#faf9f5';

/** The logo on a ground of its own, with room around it for systems that cut icons to a shape. */
async function writeIcons(logo: Buffer, dist: string): Promise<void> {
  for (const [name, size] of [
    ['icon-192.png', 192],
    ['icon-512.png', 512],
    ['apple-touch-icon.png', 180],
  ] as const) {
    const inner = Math.round(size * 0.6);
    const margin = Math.floor((size - inner) / 2);
    await sharp(logo, { density: (72 * inner) / 32 })
      .resize(inner, inner)
      .extend({
        top: margin,
        left: margin,
        bottom: size - inner - margin,
        right: size - inner - margin,
        background: ground,
      })
      .flatten({ background: ground })
      .png()
      .toFile(join(dist, name));
  }
}
