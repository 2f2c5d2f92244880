import { BlockList, isIP } from 'node:net';
import { BridgeError } from '../errors.ts';

/**
 * The address a request came from, by that of its connection and its X-Forwarded-For; `unknown` where there is no
 * connection, as in a test.
 */
export type AddressReader = (connection: string | undefined, forwardedFor: string | undefined) => string;

/**
 * Believes X-Forwarded-For from the proxies named and from nobody else: any client may write one. Each proxy adds
 * the address it saw at the end, so the last that is not a proxy's is the client's.
 * @param proxies addresses, or networks such as 172.16.0.0/12
 * @throws BridgeError `environment-invalid` for what is neither.
 */
export function addressReader(proxies: readonly string[]): AddressReader {
  const trusted = listOf(proxies);
  return (connection, forwardedFor) => {
    const peer = plain(connection ?? '');
    if (!isTrusted(trusted, peer)) return peer || 'unknown';
    const forwarded = (forwardedFor ?? '').split(',').map((each) => plain(each.trim()));
    const client = forwarded.findLast((each) => isIP(each) !== 0 && !isTrusted(trusted, each));
    return client ?? peer;
  };
}

function listOf(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const width = family === 'ipv6' ? 128 : 32;
    const prefix = bits === undefined ? width : Number(bits);
    if (isIP(address) === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > width) {
      throw new BridgeError('environment-invalid', `trusted proxy: an address or a network; got "${proxy}"`);
    }
    list.addSubnet(address, prefix, family);
  }
  return list;
}

function isTrusted(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** A socket that listens for both families names IPv4 peers as IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
