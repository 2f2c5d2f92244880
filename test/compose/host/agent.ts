import { expect } from 'vitest';
import { type FakeHost, SITE, SOON } from './fake-host.ts';

/** Where a host has it. */
export const AGENT = 'usr/local/lib/gatehouse/agent';

/** The last outcome that was told outside. */
export const told = (host: FakeHost) =>
  expect.poll(() => host.google.guest.filter((line) => line.startsWith('release ')).at(-1) ?? '', SOON);

/** How the apply of each release was called, one line a call. */
export const applied = async (host: FakeHost) =>
  (await host.read(`${SITE}/applied`).catch(() => '')).split('\n').filter(Boolean);

/** Until the agent has finished what it was at, and then looked at everything once more. */
export async function anotherLook(host: FakeHost): Promise<void> {
  const looks = () => host.google.requests.filter((request) => request.includes('last_etag')).length;
  for (const _round of [1, 2]) {
    const before = looks();
    host.google.set({});
    await expect.poll(looks, SOON).toBeGreaterThan(before);
  }
}
