import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Actions, Check } from './check.ts';
import { type Edge, hostOf } from './edge.ts';
import { finding } from './findings.ts';

/** How a name becomes addresses: the system's resolver, as for any client. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

const lookupAll: Lookup = (name) => systemLookup(name, { all: true });

/** The stack's name has an address. */
export function dnsCheck(edge: Edge, actions: Actions, lookup = lookupAll): Check {
  const host = hostOf(edge);
  return {
    name: 'dns',
    title: 'DNS',
    plan: () => [`look up ${host}`],
    run: async () => {
      if (isIP(host)) return { kind: 'skipped', summary: `${host} is an address` };
      try {
        const found = await lookup(host);
        return { kind: 'passed', summary: `${host} is ${found.map(({ address }) => address).join(', ')}` };
      } catch (error) {
        const summary = `${host}: ${(error as Error).message}`;
        return { kind: 'failed', summary, finding: finding('name-unknown', actions.address) };
      }
    },
  };
}
