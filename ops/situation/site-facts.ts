import { z } from 'zod';
import { dockerContainers } from '../commands/docker.ts';
import { siteFacts } from '../commands/host-site.ts';
import type { Site } from '../deploy/site.ts';
import type { Target } from '../target.ts';

const marked = z.object({
  by: z.string(),
  since: z.string(),
  until: z.string().optional(),
  /** The verb that wrote it. */
  what: z.string().optional(),
});
const SOMEBODY = { by: 'somebody', since: 'an unknown time' };
const pending = z.object({
  release: z.string(),
  since: z.string(),
  by: z.string(),
  cost: z.string().optional(),
});
const verdict = z.object({
  healthy: z.boolean(),
  level: z.string(),
  stage: z.string(),
  cause: z.string(),
  message: z.string().optional(),
  at: z.string().optional(),
});
const lock = z.object({
  owner: z.string(),
  verb: z.string(),
  since: z.string(),
  expires: z.string().optional(),
});
const audit = z.object({ at: z.string(), who: z.string(), what: z.string(), outcome: z.string() });

/** How a site stands, as far as its files tell; what is missing or cannot be read is undefined. */
export interface SiteFacts {
  /** Id of the release applied last. */
  readonly release: string | undefined;
  /** A person stopped the stack. */
  readonly stopped: z.infer<typeof marked> | undefined;
  /** The gateway's session was lent. */
  readonly lent: z.infer<typeof marked> | undefined;
  /** A change of the gateway that waits. */
  readonly pending: z.infer<typeof pending> | undefined;
  /** What the timer's probe said last. */
  readonly verdict: z.infer<typeof verdict> | undefined;
  readonly lock: z.infer<typeof lock> | undefined;
  /** The last line of the audit file. */
  readonly audit: z.infer<typeof audit> | undefined;
}

/** A container of the stack, and what it was made from. */
export interface StackContainer {
  readonly service: string;
  readonly definition: string;
  /** The release folder on the host. */
  readonly folder: string;
  readonly name: string;
  readonly image: string;
  /** running, exited, restarting, ... */
  readonly state: string;
  /** In docker's words: `Up 3 days (healthy)`. */
  readonly status: string;
}

/** Reads how a site stands. Throws what the remote threw. */
export async function readSite({ host, folder }: Site): Promise<SiteFacts> {
  return factsIn((await host.run(siteFacts(folder))).stdout);
}

/** Reads which containers a stack has. Throws what the remote threw. */
export async function readContainers({ host }: Site, { project }: Target): Promise<StackContainer[]> {
  const { stdout } = await host.run(dockerContainers(project));
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as StackContainer);
}

/** Reads what siteFacts printed. */
export function factsIn(text: string): SiteFacts {
  const sections = new Map(
    text.split(/^== /m).map((section) => {
      const [name = '', ...lines] = section.split('\n');
      return [name, lines.join('\n').trim()];
    }),
  );
  const read = <T>(name: string, schema: z.ZodType<T>) => schema.safeParse(parsed(sections.get(name))).data;
  // A marker made by hand still says that a person wanted it: its being there is what counts.
  const mark = (name: string) => read(name, marked) ?? (sections.has(name) ? SOMEBODY : undefined);
  return {
    release: sections.get('current')?.split('/').at(-1) || undefined,
    stopped: mark('stopped'),
    lent: mark('lent'),
    pending: read('pending.json', pending),
    verdict: read('verdict.json', verdict),
    lock: read('lock/owner', lock),
    audit: read('audit', audit),
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
