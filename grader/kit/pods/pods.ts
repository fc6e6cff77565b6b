/**
 * Pods, really run: by podman, which plays Kubernetes manifests, with its storage on a tmpfs and an image that the grader
 * makes on the spot. No registry, no network. What is played is the manifest that manifest.ts has read and checked.
 */
import { z } from 'zod';
import type { Machine, Running, RunResult } from '../../machine/machine.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import type { Manifest } from './manifest.ts';

export interface RunningContainer {
  name: string;
  /** Of its first process, as the machine numbers it. */
  pid: number;
  /** What it prints, one line of podman's own format each. */
  log: string;
  /** Effective capabilities of its first process, as the kernel has them; 0 if it has ended. */
  capabilities: bigint;
  /** Its PID namespace, such as 'pid:[4026532205]'; '' if it has ended. */
  pidNamespace: string;
}

const inspected = z
  .array(
    z.object({
      Name: z.string().max(300),
      State: z.object({ Pid: z.int().min(0) }),
      HostConfig: z.object({ LogConfig: z.object({ Path: z.string().max(1000) }) }),
    }),
  )
  .max(32);

const storage = (folder: string) => `[storage]
driver = "overlay"
graphroot = "${folder}/storage/graph"
runroot = "${folder}/storage/run"
`;

/** A pod has a container of its own that only waits; before 5.11 BPF's memory counts as locked. */
const containers = (image: string) => `[engine]
infra_image = "${image}"
events_logger = "none"
cgroup_manager = "cgroupfs"
[containers]
log_driver = "k8s-file"
default_ulimits = ["memlock=-1:-1"]
`;

/**
 * From the image to the pod's end, in one run: what watches a container (conmon) belongs to the run that started it, and
 * would end with it. Each step tells its failure by its own exit code; a line on standard input, or its end, ends the pod.
 */
const script = String.raw`
folder=$1 root=$2 image=$3 command=$4; shift 4
mkdir -p "$folder/storage" && mount -t tmpfs -o mode=711,size=256m tmpfs "$folder/storage" || exit 10
end() { podman pod rm --all --force --time 0; umount "$folder/storage"; } >/dev/null 2>&1
trap end EXIT
tar -C "$root" -cf "$folder/image.tar" . && podman import -q --change "CMD $command" "$folder/image.tar" "$image" >/dev/null || exit 10
podman kube play --network=none "$folder/pod.json" >/dev/null || exit 11
found=$(podman inspect "$@") || exit 12
printf %s "$found" | tr -d '\n'; echo
for pid in $(printf '%s\n' "$found" | sed -n 's/.*"Pid": \([0-9]*\),/\1/p'); do
  echo "$pid $(sed -n 's/^CapEff:\t//p' "/proc/$pid/status") $(readlink "/proc/$pid/ns/pid")"
done 2>/dev/null
echo
read -r end`;

export interface Image {
  name: string;
  /** Folder on the machine with all that it is to hold. */
  root: string;
  /** What the pod itself, and a container that says no command, runs: it must wait. */
  command: readonly string[];
}

export class Pod {
  readonly containers: readonly RunningContainer[];
  readonly #machine: Machine;
  readonly #process: Running;

  private constructor(machine: Machine, process: Running, containers: readonly RunningContainer[]) {
    this.#machine = machine;
    this.#process = process;
    this.containers = containers;
  }

  /** In a folder of its own. CheckFailure with podman's words if the pod does not start. */
  static async play(machine: Machine, folder: string, image: Image, manifest: Manifest): Promise<Pod> {
    await machine.put(`${folder}/storage.conf`, storage(folder));
    await machine.put(`${folder}/containers.conf`, containers(image.name));
    await machine.put(`${folder}/pod.json`, JSON.stringify(playable(manifest)));
    const names = manifest.spec.containers.map(({ name }) => `${podName}-${name}`);
    const process = machine.start(
      ['sh', '-c', script, 'sh', folder, image.root, image.name, JSON.stringify(image.command), ...names],
      {
        env: {
          PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          HOME: '/root',
          LC_ALL: 'C.UTF-8',
          CONTAINERS_STORAGE_CONF: `${folder}/storage.conf`,
          CONTAINERS_CONF: `${folder}/containers.conf`,
        },
        timeoutMs: 600_000,
      },
    );
    const json = await process.line(240_000);
    if (json === null) throw didNotStart(await process.done);
    const facts: string[] = [];
    for (let line = await process.line(); line; line = await process.line()) facts.push(line);
    return new Pod(
      machine,
      process,
      manifest.spec.containers.map(({ name }, index) => containerOf(name, names[index]!, json, facts)),
    );
  }

  /** Lines that a container prints, from its first on, for as long as the caller reads. */
  follow({ log }: RunningContainer): Running {
    return this.#machine.start(['tail', '-n', '+1', '-F', log], { timeoutMs: 300_000, maxOutputBytes: 4 * 2 ** 20 });
  }

  async end(): Promise<void> {
    this.#process.end();
    await this.#process.done;
  }
}

/** Its name here: Kubernetes may have one made, and a host's name is shorter than a pod's may be. */
const podName = 'pod';

/**
 * What has to do with processes, files and rights, and nothing else: podman and crun take orders from annotations, such as to be
 * privileged, that are only notes to Kubernetes. The user that the pod names is that of each container that names none.
 */
export function playable({ spec }: Manifest): unknown {
  const { runAsUser, runAsGroup } = spec.securityContext ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName },
    spec: {
      hostIPC: spec.hostIPC,
      hostNetwork: spec.hostNetwork,
      hostPID: spec.hostPID,
      restartPolicy: spec.restartPolicy,
      shareProcessNamespace: spec.shareProcessNamespace,
      volumes: spec.volumes?.map(({ name, hostPath }) => (hostPath ? { name, hostPath } : { name, emptyDir: {} })),
      containers: spec.containers.map((container) => ({
        name: container.name,
        image: container.image,
        imagePullPolicy: container.imagePullPolicy,
        command: container.command,
        args: container.args,
        env: container.env?.filter(({ valueFrom }) => !valueFrom),
        volumeMounts: container.volumeMounts?.map(({ name, mountPath, readOnly, subPath }) => ({
          name,
          mountPath,
          readOnly,
          subPath,
        })),
        workingDir: container.workingDir,
        securityContext: {
          allowPrivilegeEscalation: container.securityContext?.allowPrivilegeEscalation,
          capabilities: container.securityContext?.capabilities,
          privileged: container.securityContext?.privileged,
          readOnlyRootFilesystem: container.securityContext?.readOnlyRootFilesystem,
          runAsUser: container.securityContext?.runAsUser ?? runAsUser,
          runAsGroup: container.securityContext?.runAsGroup ?? runAsGroup,
        },
      })),
    },
  };
}

function didNotStart({ code, stderr, timedOut }: RunResult): Error {
  const played = 11;
  if (code !== played)
    return new Error(
      `The pod's image cannot be made, or the pod not be looked at (${timedOut ? 'timeout' : `code ${code}`}): ${stderr.slice(-2000)}`,
    );
  return new CheckFailure({
    text: 'The manifest is valid, but the pod does not start.',
    expected: 'A pod whose containers run.',
    actual: stderr.trim().split('\n').at(-1)?.slice(0, 2000) ?? '',
    help: 'The log has what podman said.',
    wholeLog: stderr,
  });
}

function containerOf(name: string, podmanName: string, json: string, facts: readonly string[]): RunningContainer {
  let found: z.output<typeof inspected>;
  try {
    found = inspected.parse(JSON.parse(json));
  } catch (error) {
    throw new Error(`podman does not tell of the containers: ${(error as Error).message.slice(0, 500)}`);
  }
  const about = found.find((container) => container.Name === podmanName);
  if (!about) throw new Error(`podman does not know the container ${name}.`);
  const [, capabilities = '', pidNamespace = ''] =
    facts.find((line) => line.startsWith(`${about.State.Pid} `))?.split(' ') ?? [];
  return {
    name,
    pid: about.State.Pid,
    log: about.HostConfig.LogConfig.Path,
    capabilities: /^[0-9a-f]{1,16}$/.test(capabilities) ? BigInt(`0x${capabilities}`) : 0n,
    pidNamespace,
  };
}

/** '2026-11-22T19:07:11.123456789+00:00 stdout F text' -> text; null for standard error and for what is no such line. */
export function printed(line: string): string | null {
  return /^\S{1,64} stdout [FP] (.*)$/.exec(line)?.[1] ?? null;
}
