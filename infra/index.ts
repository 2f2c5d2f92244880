import { join } from 'node:path';
import { getStack, runtime } from '@pulumi/pulumi';
import { type Config, ownKeysFromPulumi, readConfig } from '../compose/config.ts';
import { startupScript } from '../compose/host/startup.ts';
import { buildRelease, ROOT } from '../compose/release.ts';
import { writeArchive } from './gcp/deliver.ts';
import { GcpStack } from './gcp/stack.ts';
import { LocalStack } from './local/stack.ts';
import type { Outputs } from './outputs.ts';
import { withoutTrace } from './without-trace.ts';

/** Config -> StackSpec -> release -> the machine it runs on. Throws a RunError that lists every mistake at once. */
export async function program(): Promise<Outputs> {
  const config = configOfStack();
  const release = await buildRelease(config, { stack: getStack() });
  const { host, name } = config;
  if (host.kind === 'local') return (await LocalStack.of(name, { config, release })).outputs;
  const archive = await writeArchive(release, join(ROOT, 'out'));
  const onGcp = { ...config, host };
  return new GcpStack(name, { config: onGcp, release, archive, startupScript: startupScript(config) })
    .outputs;
}

/** All of `gatehouse:` at once: read key by key, only the first mistake would be told. */
function configOfStack(): Config {
  return withoutTrace(`Pulumi.${getStack()}.yaml`, () => readConfig(ownKeysFromPulumi(runtime.allConfig())));
}
