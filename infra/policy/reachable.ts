import { eachResource, group, type Inputs, list, type Rule, TYPES } from './rule.ts';

/** Where IAP's tunnels come from (cloud.google.com/iap/docs/using-tcp-forwarding). */
const IAP_RANGE = '35.235.240.0/20';

const PUBLIC = [80, 443];
const SSH = 22;

/** A range this wide is the world: nobody owns eight bits less than a /8. */
const WORLD_BITS = 8;

const publicPorts = eachResource(
  {
    name: 'public-ports',
    description: 'The world reaches ports 80 and 443 and no other.',
    remedy: "Publish nothing but Caddy's 80 and 443, and reach the rest by `pulumi stack output tunnel`",
  },
  function* ({ type, props }) {
    if (type !== TYPES.firewall || !letsIn(props) || !sourcesOf(props).some(isWorld)) return;
    const others = openOf(props).filter(({ from, to }) => !PUBLIC.includes(from) || from !== to);
    if (others.length > 0) yield `the world reaches ${others.map(({ words }) => words).join(', ')}`;
  },
);

const sshByIap = eachResource(
  {
    name: 'ssh-by-iap',
    description: `Port ${SSH} is reached through Identity-Aware Proxy alone (${IAP_RANGE}).`,
    remedy: `Let port ${SSH} in from ${IAP_RANGE} only, and use \`pulumi stack output ssh\``,
  },
  function* ({ type, props }) {
    if (type !== TYPES.firewall || !letsIn(props)) return;
    if (!openOf(props).some(({ from, to }) => from <= SSH && SSH <= to)) return;
    const others = sourcesOf(props).filter((range) => range !== IAP_RANGE);
    if (others.length > 0) yield `ssh is let in from ${others.join(', ')}`;
  },
);

function letsIn({ direction, disabled, allows }: Inputs): boolean {
  return (direction ?? 'INGRESS') === 'INGRESS' && disabled !== true && list(allows).length > 0;
}

/** A rule that names no source at all lets in everybody. */
function sourcesOf({ sourceRanges, sourceTags, sourceServiceAccounts }: Inputs): string[] {
  const ranges = list(sourceRanges).map(String);
  const others = [...list(sourceTags), ...list(sourceServiceAccounts)];
  return ranges.length === 0 && others.length === 0 ? ['0.0.0.0/0'] : ranges;
}

function isWorld(range: string): boolean {
  const bits = range.split('/')[1];
  return bits !== undefined && Number(bits) < WORLD_BITS;
}

interface OpenPorts {
  readonly from: number;
  readonly to: number;
  /** For a person: tcp 8080. */
  readonly words: string;
}

/** What the rule opens. Without a list of ports it is all of them; protocols without ports count as all too. */
function openOf({ allows }: Inputs): OpenPorts[] {
  return list(allows)
    .map(group)
    .flatMap(({ protocol, ports }) => {
      const all = list(ports).length === 0 ? ['0-65535'] : list(ports).map(String);
      return all.map((text) => {
        const [from, to = from] = text.split('-').map(Number);
        return { from: from ?? 0, to: to ?? 65_535, words: `${protocol} ${text}` };
      });
    });
}

export const REACHABLE: readonly Rule[] = [publicPorts, sshByIap];
