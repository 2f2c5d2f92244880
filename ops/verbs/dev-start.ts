import { devApiKeys } from '../dev/api-key.ts';
import { banner } from '../dev/banner.ts';
import { devBridge } from '../dev/bridge.ts';
import { eventPrinter } from '../dev/event-printer.ts';
import { type DevFolder, devFolder, makeDevFolder } from '../dev/folder.ts';
import { devGateway, tellVerdict } from '../dev/gateway.ts';
import { devOptions } from '../dev/options.ts';
import { claimDevState, type DevClaim } from '../dev/state.ts';
import { listenForStop, type Stop } from '../dev/stop.ts';
import type { VerbContext } from '../verb.ts';

/** Exit status after a second Ctrl-C: 128 + SIGINT, as a shell counts. */
const CUT_SHORT = 130;

/** The simulated gateway and the bridge in one process, in the foreground, until Ctrl-C. */
export async function devStart(context: VerbContext): Promise<number> {
  const folder = devFolder(context.root);
  await makeDevFolder(folder);
  const stop = listenForStop(context.onStop);
  const claim = await claimDevState(folder.state, new Date());
  try {
    return await runUntilStopped(context, folder, claim, stop);
  } finally {
    await claim.release();
    stop.ignore();
  }
}

async function runUntilStopped(
  { options: given, out }: VerbContext,
  folder: DevFolder,
  claim: DevClaim,
  stop: Stop,
): Promise<number> {
  const options = devOptions(given);
  const keys = await devApiKeys(folder.apiKeys);
  const events = eventPrinter(out);
  const gateway = await devGateway(options, events.fromSimulator);
  const bridge = await devBridge({ options, folder, keys, gateway, onEvent: events.fromBridge }).catch(
    async (error: unknown) => {
      await gateway.close();
      throw error;
    },
  );
  const { url } = bridge;
  await claim.publish({ url, gateway: gateway.where });
  for (const line of banner({ url, gateway, keys, keysFile: folder.apiKeys })) out.line(line);
  events.begin();
  const told = gateway.where.simulated ? undefined : tellVerdict(gateway.where, out, stop.signal);
  await stop.first;
  events.end();
  out.note('Closing. Ctrl-C again to end at once.');
  const closed = Promise.all([told, bridge.close()]).then(() => gateway.close());
  return Promise.race([closed.then(() => 0), stop.second.then(() => CUT_SHORT)]);
}
