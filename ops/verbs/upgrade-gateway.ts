import { setStackKey } from '../../compose/config/edit-stack-file.ts';
import { type Config, readConfig, readStackFile } from '../../compose/config.ts';
import { dockerDigests, dockerPull } from '../commands/docker.ts';
import { deploy } from '../deploy/deploy.ts';
import { step } from '../deploy/step.ts';
import { opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import { atPlace } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';

/**
 * Brings another version of the gateway's image: pulls it on the host, pins it by its digest in the stack file, and
 * deploys that to the gateway alone. The image before stays for as long as a release that names it is kept.
 */
export function upgradeGateway(context: VerbContext): Promise<number> {
  const { root, stack, options, out } = context;
  return atPlace(context, async (place) => {
    const wanted = wantedImage(place.target.config, stack, context.args[0] ?? '');
    const looks = options.plan || options.dryRun;
    const image = looks ? wanted.reference : await pulled(place.site.host, wanted, context);
    const config = await withImage(root, stack, image);
    const write = async () => {
      await setStackKey(root, stack, ['gateway', 'image'], image);
      out.progress(`- Pulumi.${stack}.yaml names ${image}`);
    };
    const first = dockerPull(wanted.reference);
    return deploy({ name: 'upgrade-gateway', only: ['gateway'], config, first, onConsent: write }, context);
  });
}

interface Wanted {
  readonly repository: string;
  /** With the digest where one was given. */
  readonly reference: string;
}

/** A tag that moves would name another image tomorrow, and a release could not be told from the next. */
const VERSION = /^(?!(?:latest|stable|edge|nightly)$)\w[\w.-]{0,127}(@sha256:[0-9a-f]{64})?$/;

/** Throws gateway-image-none or version-invalid. */
function wantedImage({ gateway }: Config, stack: string, version: string): Wanted {
  if (!('image' in gateway)) throw opsError('gateway-image-none', stack, gateway.dialect);
  if (!VERSION.test(version)) throw opsError('version-invalid', version);
  const repository = gateway.image.replace(/@sha256:.*$/, '').replace(/:[^/:]*$/, '');
  return { repository, reference: `${repository}:${version}` };
}

/** Returns the reference with the digest it has. Throws image-differs, or as the pull does. */
async function pulled(
  host: Remote,
  { repository, reference }: Wanted,
  context: VerbContext,
): Promise<string> {
  await step(`pulling ${reference} on ${host.where}`, () => host.run(dockerPull(reference)), context);
  const { stdout } = await host.run(dockerDigests(reference));
  const found = stdout
    .split(/\s+/)
    .find((one) => one.startsWith(`${repository}@`))
    ?.split('@')[1];
  const [tagged = reference, asked] = reference.split('@');
  if (asked !== undefined && found !== undefined && asked !== found)
    throw opsError('image-differs', tagged, asked, found);
  return found === undefined ? reference : `${tagged}@${found}`;
}

async function withImage(root: string, stack: string, image: string): Promise<Config> {
  const written = await readStackFile(root, stack);
  const gateway = written.gateway as Record<string, unknown>;
  return readConfig({ ...written, gateway: { ...gateway, image } });
}
