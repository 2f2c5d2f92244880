export type Values = Readonly<Record<string, unknown>>;

/**
 * A container's inputs in the words of the compose file. Throws an Error for an input that has no word there: nothing of
 * a container is passed over.
 */
export function asCompose(container: Values, image: Values, folder: string): Values {
  const said = Object.entries(container).map(([input, value]) => {
    const inWords = WORDS[input];
    if (!inWords) throw new Error(`${input} has no word in a compose file`);
    return inWords(value as never, folder);
  });
  return given(Object.assign({}, ...said, imageOf(image, folder)));
}

const notSaid = () => ({});

/** By input. Compose leaves out what is empty or false. */
const WORDS: Readonly<Record<string, (value: never, folder: string) => Values>> = {
  name: notSaid,
  image: notSaid,
  wait: notSaid,
  waitTimeout: notSaid,
  destroyGraceSeconds: notSaid,
  restart: (restart: string) => ({ restart }),
  user: (user: string) => ({ user }),
  entrypoints: (entrypoint: string[]) => ({ entrypoint }),
  labels: (labels: Values[]) => ({
    labels: Object.fromEntries(labels.map(({ label, value }) => [label, value])),
  }),
  envs: (envs: string[]) => ({ environment: [...envs].sort() }),
  networksAdvanced: (networks: Values[]) => ({ networks: networks.map(({ name }) => ownName(name)) }),
  ports: (ports: Values[]) => ({ ports: full(ports.map(portOf)) }),
  hosts: (hosts: Values[]) => ({ extra_hosts: full(hosts.map(({ host, ip }) => `${host}:${ip}`)) }),
  mounts: (mounts: Values[], folder) => ({ volumes: full(mounts.map((mount) => mountOf(mount, folder))) }),
  tmpfs: (tmpfs: Values) => ({ tmpfs: full(pairs(tmpfs, ':')) }),
  readOnly: (readOnly: boolean) => ({ read_only: readOnly || undefined }),
  init: (init: boolean) => ({ init: init || undefined }),
  capabilities: ({ drops, adds }: { drops: string[]; adds: string[] }) => ({
    cap_drop: drops,
    cap_add: full(adds),
  }),
  securityOpts: (security_opt: string[]) => ({ security_opt }),
  ulimits: (ulimits: Values[]) => ({
    ulimits: Object.fromEntries(ulimits.map(({ name, soft, hard }) => [name, soft === hard ? soft : NaN])),
  }),
  memory: (megabytes: number) => ({ mem_limit: `${megabytes}m` }),
  stopTimeout: (seconds: number) => ({ stop_grace_period: `${seconds}s` }),
  healthcheck: ({ tests, startPeriod, ...times }: Values) => ({
    healthcheck: { ...times, test: tests, start_period: startPeriod },
  }),
  logDriver: notSaid,
  logOpts: (options: Values) => ({ logging: { driver: 'json-file', options } }),
};

function portOf({ internal, external, ip, protocol }: Values): Values {
  return { target: internal, published: String(external), host_ip: ip, protocol };
}

function imageOf({ name, build }: Values, folder: string): Values {
  if (build === undefined) return { image: name };
  const { context, buildArgs } = build as { context: string; buildArgs: Values };
  return { image: name, build: { context: context.replace(folder, '.'), args: buildArgs } };
}

function mountOf({ type, source, target, readOnly }: Values, folder: string): Values {
  if (type === 'volume') return { type, source: ownName(source), target };
  const access = readOnly ? { read_only: true } : {};
  const bind = { create_host_path: false };
  return { type, source: String(source).replace(folder, '.'), target, ...access, bind };
}

/** Compose puts the name of the project before that of a network or a volume. */
function ownName(name: unknown): string {
  return String(name).replace('gate_', '');
}

/** Names and values as texts, in the order of the names. */
export function pairs(values: Values, between: string): string[] {
  return Object.entries(values)
    .map(([key, value]) => `${key}${between}${value}`)
    .sort();
}

const full = <T>(list: readonly T[]) => (list.length > 0 ? list : undefined);

function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
