/** Published files from a web server, through a proxy where the environment names one (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). */
import { EnvHttpProxyAgent, interceptors, request } from 'undici';
import { MachineUnavailable } from '../machine.ts';
import type { Part } from './manifest.ts';
import type { Opened, Source } from './source.ts';
import { buildRemedy, NotDownloaded } from './trouble.ts';

/** Without a byte for so long, a connection is given up, and made again. */
const silenceMs = 30_000;

export class HttpSource implements Source {
  readonly name: string;
  readonly #folder: string;
  readonly #namedBy: string | undefined;
  readonly #agent: EnvHttpProxyAgent;

  /** `namedBy`: the variable that names it, if it is not the course's own. */
  constructor(address: string, namedBy?: string, { patienceMs = silenceMs } = {}) {
    this.#folder = address.endsWith('/') ? address : `${address}/`;
    this.#namedBy = namedBy;
    this.name = new URL(this.#folder).host;
    const [httpProxy, httpsProxy] = [proxyOf('http_proxy', 'HTTP_PROXY'), proxyOf('https_proxy', 'HTTPS_PROXY')];
    this.#agent = new EnvHttpProxyAgent({
      headersTimeout: patienceMs,
      bodyTimeout: patienceMs,
      ...(httpProxy && { httpProxy }),
      ...(httpsProxy && { httpsProxy }),
    });
  }

  async open(part: Part, from: number, signal: AbortSignal): Promise<Opened> {
    const address = new URL(part.name, this.#folder);
    const { statusCode, headers, body } = await request(address, {
      dispatcher: this.#agent.compose(interceptors.redirect({ maxRedirections: 10 })),
      signal,
      // As they are: a server that packs them once more would change what is counted.
      headers: { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) },
    });
    if (statusCode === 200) return { from: 0, bytes: body };
    const range = /^bytes (\d+)-/.exec(String(headers['content-range'] ?? ''));
    if (statusCode === 206 && range && Number(range[1]) === from) return { from, bytes: body };
    await body.dump({ limit: 65_536 }).catch(() => {});
    // The file there ends before `from`, or the server answers something else: from the start, then.
    if (from > 0 && (statusCode === 416 || statusCode === 206)) return this.open(part, 0, signal);
    if ([404, 410, 401, 403].includes(statusCode)) throw this.#absent(address, statusCode);
    throw new Error(`the server answers ${statusCode}`);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #absent(address: URL, status: number): NotDownloaded {
    const why =
      status === 404 || status === 410
        ? 'It may have been deleted, or the repository may be private.'
        : 'The server does not give it to everyone; the repository may be private.';
    return new NotDownloaded(
      'absent',
      `${address.href} cannot be had: the server answers ${status}. ${why}`,
      `${
        this.#namedBy
          ? `${this.#namedBy} names this server. Put the published files there, or unset it.`
          : 'Bring the course up to date with git pull, then run the same command again.'
      }\n${buildRemedy}`,
    );
  }
}

/** What the first of these variables says, as a whole address: 'proxy:3128' is enough for curl, and so for us. */
function proxyOf(...variables: string[]): string | undefined {
  const variable = variables.find((name) => process.env[name]);
  if (variable === undefined) return undefined;
  const said = process.env[variable]!;
  const address = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(said) ? said : `http://${said}`);
  // What it says is not repeated: there may be a password in it.
  if (!address || !/^https?:$/.test(address.protocol))
    throw new MachineUnavailable(
      `The variable ${variable} does not name a proxy that can be used for downloads.`,
      `Write it as http://host:port, or leave it out: env -u ${variable} npx grade setup`,
    );
  const { username, password } = address;
  const login = username && `${username}${password && `:${password}`}@`;
  return `${address.protocol}//${login}${address.host}`;
}
