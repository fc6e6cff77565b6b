/** lab.json: what a built lab consists of (grader/machine/lab/page-files.ts makes it). The page has it from the site's build. */
import { z } from 'zod';

export const descriptionSchema = z.object({
  /** `uname -r` and `uname -m` of the guest, and the name of its saved state. */
  kernel: z.string(),
  arch: z.string(),
  state: z.string(),
  files: z.array(
    z.object({
      name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
      bytes: z.int().positive(),
      /** Hexadecimal, of the file as it is published. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      part: z.enum(['machine', 'compiler', 'home', 'sources']),
      gzip: z.boolean().default(false),
    }),
  ),
});

export type Description = z.infer<typeof descriptionSchema>;
export type LabFile = Description['files'][number];
/** What a run needs: the machine, and to compile a compiler as well; the home page has objects that were compiled before. */
export type Part = 'machine' | 'compiler' | 'home';

/** Of the home page's two programs, compiled before: which file has which. */
export const homeObjects = { fires: 'home-fires.o', refused: 'home-refused.o' };
export type HomeProgram = keyof typeof homeObjects;

/** What the home page downloads: a compiler only where no objects were made. */
export function partsForHome({ files }: Description): Part[] {
  const hasObjects = Object.values(homeObjects).every((name) => files.some((file) => file.name === name));
  return hasObjects ? ['machine', 'home'] : ['machine', 'compiler'];
}

/** Those to be downloaded for some parts, and how many bytes that is. */
export function filesFor({ files }: Description, parts: readonly Part[]): { files: LabFile[]; bytes: number } {
  const wanted = files.filter(({ part }) => parts.includes(part as Part));
  return { files: wanted, bytes: wanted.reduce((sum, { bytes }) => sum + bytes, 0) };
}
