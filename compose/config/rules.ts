import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** A whole number within bounds, with one sentence for every way of missing them. */
export function whole(least: number, most: number, unit = '') {
  const rule = `must be a whole number from ${least} to ${most}${unit && ` ${unit}`}`;
  return z.int(rule).min(least, rule).max(most, rule);
}

/** Host ports as docker publishes them. */
export const port = () => whole(1, 65_535);

/** A clock time; which zone it is in is said by the key that uses it. */
export const clockTime = () =>
  z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day as HH:MM, from 00:00 to 23:59');

/** An image reference that cannot move by itself: a release names what runs, and a moving tag unnames it. */
export const pinnedImage = () =>
  z
    .string()
    .regex(
      /^[a-z0-9][\w./:-]*(:(?!(latest|stable|edge|nightly)$)[\w.-]+|@sha256:[0-9a-f]{64})$/,
      'must name a version or digest (name:1.2.3 or name@sha256:...), not a tag that moves',
    );

export const absoluteFolder = () =>
  z.string().regex(/^(\/[\w.-]+)+$/, 'must be an absolute folder without spaces');

export const ipAddress = () => z.string().refine((text) => isIP(text) > 0, 'must be an IPv4 or IPv6 address');

/** An address or a CIDR range, as Caddy's remote_ip matcher takes them. */
export const addressRange = () =>
  z.string().refine(isAddressRange, 'must be an IP address or a range such as 203.0.113.0/24');

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  if (!/^\d{1,3}$/.test(bits)) return false;
  try {
    new BlockList().addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

/**
 * A line of ibgateway.vmoptions. IBC's ibcstart.sh splits them at spaces and drops every -D, and the JVM does not
 * start with two collectors: such flags would do nothing, or end it.
 */
export const jvmFlag = () =>
  z
    .string()
    .regex(/^-\S+$/, 'must be one flag that starts with - and has no spaces')
    .refine((flag) => !flag.startsWith('-D'), 'is never given to java: IBC drops -D lines')
    .refine((flag) => !/^-Xm[sx]|^-XX:(Max|Initial)HeapSize/.test(flag), 'is set by gateway.heapMb')
    .refine(
      (flag) => !/^-XX:[+-]?Use\w*GC$/.test(flag),
      'would be a second garbage collector: the JVM would not start',
    );

/** RFC 1123 names with at least one dot: certificates by domain exist for nothing else. */
export const domainName = () =>
  z
    .string()
    .regex(
      /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
      'must be a domain name in lower case, without https:// and without a path',
    );

/** A single label or a domain: what an internal certificate may be made for. */
export const hostName = () =>
  z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be a host name in lower case');

/** Zones are checked against the ICU data node carries, the same list the JVM's tzdata is made from. */
export const timeZone = () =>
  z.string().refine(isTimeZone, 'must be a time zone of the IANA database, such as America/New_York');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
