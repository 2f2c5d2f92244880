import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Actions, Check, Outcome } from './check.ts';
import { type Edge, hostOf } from './edge.ts';
import { finding } from './findings.ts';

/** How a name becomes addresses: the system's resolver, as for any client. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

const lookupAll: Lookup = (name) => systemLookup(name, { all: true });

export interface DnsOptions {
  readonly lookup?: Lookup;
  /** The address the name should have; undefined where nobody can tell. */
  readonly expected?: () => Promise<string | undefined>;
}

/** The stack's name has an address, and it is the stack's. */
export function dnsCheck(edge: Edge, actions: Actions, options: DnsOptions = {}): Check {
  const { lookup = lookupAll, expected = async () => undefined } = options;
  const host = hostOf(edge);
  return {
    name: 'dns',
    title: 'DNS',
    plan: () => [`look up ${host}`],
    run: async () => {
      if (isIP(host)) return { kind: 'skipped', summary: `${host} is an address` };
      try {
        const addresses = (await lookup(host)).map(({ address }) => address);
        return judge(host, addresses, await expected(), actions);
      } catch (error) {
        const summary = `${host}: ${(error as Error).message}`;
        return { kind: 'failed', summary, finding: finding('name-unknown', actions.address) };
      }
    },
  };
}

function judge(
  host: string,
  addresses: readonly string[],
  expected: string | undefined,
  actions: Actions,
): Outcome {
  const summary = `${host} is ${addresses.join(', ')}`;
  if (expected === undefined || addresses.includes(expected)) return { kind: 'passed', summary };
  const evidence = [`the stack's address is ${expected}`];
  return { kind: 'failed', summary, evidence, finding: finding('name-elsewhere', actions.address) };
}
