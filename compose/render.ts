import { stringify } from 'yaml';
import { type MountSpec, PATHS, type ServiceSpec, type StackSpec, type VolumeSpec } from './spec.ts';

/** Hash of what each service is made of (definition.ts), by service name. */
export type Definitions = Readonly<Record<string, string>>;

/** The label that says which definition a container was made from. */
export const DEFINITION_LABEL = 'gatehouse.definition';

const HEADER = `# Made by \`npm run release\` from the gatehouse: keys of the stack file. Read-only: to change it, change a key
# (docs/configuration.md lists them) and release again. An edit here breaks the hash of the release.
`;

/** The compose file of a stack, for Docker Compose 2.20 or later. The same spec gives the same text. */
export function composeFile(spec: StackSpec, definitions: Definitions): string {
  const content = {
    name: spec.name,
    services: byName(spec.services, (service) =>
      composeService(service, spec, definitions[service.name] ?? ''),
    ),
    networks: byName(spec.networks, ({ internal }) => (internal ? { internal } : {})),
    ...volumesOf(spec.volumes),
  };
  // Compose reads YAML with 1.1's idea of yes and no. In its texts $ starts a variable of the shell: none is meant.
  const text = stringify(content, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
  return HEADER + text.replaceAll('$', '$$$$');
}

/** One service as compose reads it, made from the definition named. */
export function composeService(service: ServiceSpec, spec: StackSpec, definition: string) {
  return {
    ...image(service, definition),
    labels: { [DEFINITION_LABEL]: definition },
    restart: 'unless-stopped',
    ...(service.user !== undefined && { user: `${service.user}:${service.user}` }),
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    environment: environment(service, definition),
    ...connections(service),
    ...mounts(service, spec),
    ...confinement(service),
    ...resources(service),
    stop_grace_period: `${service.stopGraceSeconds}s`,
    healthcheck: healthcheck(service),
    // Without it a log grows until the disk is full.
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    ...dependencies(service),
  };
}

function image({ image: spec }: ServiceSpec, definition: string) {
  if (spec.kind === 'pulled') return { image: spec.reference };
  return { image: `${spec.name}:${definition}`, build: { context: `./${spec.context}`, args: spec.args } };
}

function environment({ environment, definitionVariable }: ServiceSpec, definition: string) {
  const all = { ...environment, ...(definitionVariable && { [definitionVariable]: definition }) };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function connections({ publish, networks, hostNames }: ServiceSpec) {
  return {
    ...(publish.length > 0 && {
      ports: publish.map(({ bind, published, target }) => ({
        target,
        published: String(published),
        host_ip: bind,
        protocol: 'tcp',
      })),
    }),
    networks,
    ...(hostNames.length > 0 && { extra_hosts: hostNames.map((name) => `${name}:host-gateway`) }),
  };
}

function mounts({ mounts: all }: ServiceSpec, spec: StackSpec) {
  const volumes = all.filter((mount) => mount.kind !== 'tmpfs');
  const temporary = all.filter((mount) => mount.kind === 'tmpfs');
  return {
    ...(volumes.length > 0 && { volumes: volumes.map((mount) => volume(mount, spec)) }),
    ...(temporary.length > 0 && {
      tmpfs: temporary.map(({ target, sizeMb, mode }) => `${target}:size=${sizeMb}m,mode=${mode}`),
    }),
  };
}

function volume(mount: Exclude<MountSpec, { kind: 'tmpfs' }>, spec: StackSpec) {
  if (mount.kind === 'secrets') return bind(mount.source, PATHS.secrets, true);
  if (mount.kind === 'release') return bind(`./${mount.source}`, mount.target, true);
  const folder = spec.volumes.find(({ name }) => name === mount.volume)?.hostFolder;
  if (folder !== undefined) return bind(folder, mount.target, false);
  return { type: 'volume', source: mount.volume, target: mount.target };
}

/** A missing folder is an error here: Docker would make an empty one that belongs to root. */
function bind(source: string, target: string, readOnly: boolean) {
  const access = readOnly ? { read_only: true } : {};
  return { type: 'bind', source, target, ...access, bind: { create_host_path: false } };
}

function confinement({ readOnlyRoot, capabilities, init, pidsLimit, openFiles }: ServiceSpec) {
  return {
    ...(readOnlyRoot && { read_only: true }),
    ...(init && { init: true }),
    cap_drop: ['ALL'],
    ...(capabilities.length > 0 && { cap_add: capabilities }),
    security_opt: ['no-new-privileges'],
    pids_limit: pidsLimit,
    ...(openFiles !== undefined && { ulimits: { nofile: openFiles } }),
  };
}

function resources({ memoryMb, oomScore }: ServiceSpec) {
  return { mem_limit: `${memoryMb}m`, ...(oomScore !== 0 && { oom_score_adj: oomScore }) };
}

function healthcheck({ health }: ServiceSpec) {
  return {
    test: health.test,
    interval: `${health.intervalSeconds}s`,
    timeout: `${health.timeoutSeconds}s`,
    retries: health.retries,
    start_period: `${health.startPeriodSeconds}s`,
  };
}

function dependencies({ waitsFor }: ServiceSpec) {
  if (waitsFor.length === 0) return {};
  return { depends_on: Object.fromEntries(waitsFor.map((name) => [name, { condition: 'service_healthy' }])) };
}

function volumesOf(volumes: readonly VolumeSpec[]) {
  const named = volumes.filter(({ hostFolder }) => hostFolder === undefined);
  return named.length === 0 ? {} : { volumes: byName(named, () => ({})) };
}

function byName<T extends { readonly name: string }>(list: readonly T[], value: (item: T) => object) {
  return Object.fromEntries(list.map((item) => [item.name, value(item)]));
}
