/** The browser that tests/site drives: `--yes` or CI=true installs it by apt-get, else it only says how. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's, Ubuntu's wrapper of it, and what else people have. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a browser, or undefined. CHROMIUM names another one. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, ...places].find((path) => path !== undefined && existsSync(path));
}

export const installCommand = 'apt-get install -y --no-install-recommends chromium';

if (process.argv[1] === import.meta.filename && !findChromium()) {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  if (process.env.CI !== 'true' && !process.argv.includes('--yes')) {
    console.error(`The tests of the site need Chromium. Install it with: ${sudo}${installCommand}`);
    process.exit(3);
  }
  console.error('Installing Chromium, for the tests of the site …');
  const apt = (command: string) =>
    spawnSync('sh', ['-c', `${sudo}env DEBIAN_FRONTEND=noninteractive ${command}`], {
      stdio: ['inherit', 'ignore', 'inherit'],
    }).status;
  // An update that fails for one source may still do for what is wanted.
  apt('apt-get update');
  if (apt(installCommand) !== 0 || !findChromium()) {
    console.error(`Chromium could not be installed. Try: ${sudo}${installCommand}`);
    process.exit(3);
  }
}
