import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { AGENT, anotherLook, applied, told } from './agent.ts';
import { type FakeHost, readyHost, SITE, SOON } from './fake-host.ts';
import { APPLIED, publish } from './releases.ts';

describe('the part of a release that touches the gateway', () => {
  async function pendingHost(until: 'window' | 'ask') {
    const host = await readyHost();
    const id = await publish(host, `[[ $* == *window* ]] && rm $site/pending.json; echo '${APPLIED}'`);
    host.start(AGENT);
    await told(host).toBe(`release ${APPLIED}`);
    await anotherLook(host);
    await writeFile(host.at(`${SITE}/pending.json`), JSON.stringify({ release: id, until }));
    return host;
  }
  const calls = (host: FakeHost) => expect.poll(() => applied(host), SOON);

  it('is applied when the window opens, and not before', async () => {
    const host = await pendingHost('window');
    await anotherLook(host);
    expect(await applied(host)).toHaveLength(1);
    await writeFile(host.fake('window-open'), '');
    await anotherLook(host);
    await calls(host).toEqual([
      expect.anything(),
      `--site ${host.at(SITE)} --by agent --verb window --only gateway --gateway window`,
    ]);
  });

  it('brought by a person leaves the release of the metadata as acted on', async () => {
    const host = await pendingHost('window');
    const seen = await host.read(`${SITE}/seen`);
    await writeFile(host.fake('window-open'), '');
    await anotherLook(host);
    await calls(host).toHaveLength(2);
    expect(await host.read(`${SITE}/seen`)).toBe(seen);
  });

  it('is tried once in a window', async () => {
    const host = await pendingHost('window');
    await writeFile(host.fake('window-open'), '');
    await anotherLook(host);
    await calls(host).toHaveLength(2);
    const pending = { release: (await host.read(`${SITE}/seen`)).split('\n')[0], until: 'window' };
    await writeFile(host.at(`${SITE}/pending.json`), JSON.stringify(pending));
    await anotherLook(host);
    expect(await applied(host)).toHaveLength(2);
  });

  it('waits for a person where the policy says so, and while the stack is stopped', async () => {
    const asking = await pendingHost('ask');
    await writeFile(asking.fake('window-open'), '');
    await anotherLook(asking);
    expect(await applied(asking)).toHaveLength(1);
    const stopped = await pendingHost('window');
    await writeFile(stopped.fake('window-open'), '');
    await writeFile(stopped.at(`${SITE}/stopped`), '{}');
    await anotherLook(stopped);
    expect(await applied(stopped)).toHaveLength(1);
  });
});
