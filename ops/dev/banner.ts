import type { ApiKey } from '../../compose/bridge/src/http/keys.ts';
import { PORTS } from '../../compose/spec.ts';
import type { DevGateway } from './gateway.ts';

/** What is told once both listen. */
export interface Running {
  readonly url: string;
  readonly gateway: Pick<DevGateway, 'where' | 'controlPort'>;
  readonly keys: readonly ApiKey[];
  readonly keysFile: string;
}

/** What a stranger needs to know, with lines to try that work as they stand. */
export function banner({ url, gateway, keys, keysFile }: Running): string[] {
  const { where, controlPort } = gateway;
  const address = `${where.host}:${where.port}`;
  const apiKey = (keys.find(({ scopes }) => scopes.includes('trade')) ?? keys[0])?.key ?? '';
  return [
    `Gatehouse bridge   ${url}`,
    `TWS API            ${address} (${where.simulated ? 'simulated: paper account, nothing is real' : 'your gateway'})`,
    ...(controlPort ? [`Faults to set      http://127.0.0.1:${controlPort}/faults`] : []),
    `API key            ${keysFile} (in the lines below)`,
    '',
    'To try in another terminal:',
    ...curlLines(url, apiKey).map((line) => `  ${line}`),
    ...(where.simulated ? [] : ['', `An order to ${address} is as real as the account it is logged in to.`]),
    '',
    'Ctrl-C ends it. What happens from here on:',
  ];
}

/** The endpoints, each as a line to paste. */
export function curlLines(url: string, apiKey: string): string[] {
  const key = `-H 'X-API-KEY: ${apiKey}'`;
  // Not curl's --json: it is from 2022, and many systems have an older curl.
  const json = "-H 'Content-Type: application/json'";
  const order = (body: object) => `curl -s ${key} ${json} -d '${JSON.stringify(body)}' ${url}/order`;
  const buy = { symbol: 'AAPL', action: 'BUY', quantity: 1 };
  return [
    `curl -s ${url}/ping`,
    `curl -s ${url}/health`,
    order({ ...buy, orderType: 'LMT', limitPrice: 1 }),
    order({ ...buy, orderType: 'MKT' }),
    `curl -s ${key} ${url}/executions`,
    `curl -s ${key} '${url}/options/chain?symbol=AMZN'`,
  ];
}

/** Ports to offer when the ones asked for are taken. */
export const NEXT_PORTS = { bridge: 8789, gateway: PORTS.api.paper + 10 };
