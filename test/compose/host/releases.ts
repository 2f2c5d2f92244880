import { releaseArchive } from '../../../compose/release/archive.ts';
import { type ReleaseFile, releaseId } from '../../../compose/release/files.ts';
import { type FakeHost, SITE } from './fake-host.ts';

export const APPLIED = '{"outcome":"applied"}';

/** A release whose apply notes how it was called in <site>/applied and then does what `apply` says, in bash. */
export async function publish(host: FakeHost, apply: string): Promise<string> {
  const files = releaseFiles(host, apply);
  const id = releaseId(files);
  host.google.objects.set(objectOf(id), await releaseArchive(files));
  host.google.set({ 'gatehouse-release': id, 'gatehouse-bucket': 'releases-bucket' });
  return id;
}

export const objectOf = (id: string) => `releases/${id}.tar.gz`;

export function releaseFiles(host: FakeHost, apply: string): ReleaseFile[] {
  const script = `#!/bin/bash\necho "$@" >>"${host.at(SITE)}/applied"\nsite=${host.at(SITE)}\n${apply}\n`;
  const window = '#!/bin/bash\n[[ $* == "UTC daily 03:00 60" && -e $FAKE/window-open ]]\n';
  const stack = { gateway: { window: { timeZone: 'UTC', day: 'daily', from: '03:00', minutes: 60 } } };
  return [
    { path: 'compose.yaml', mode: 0o444, bytes: Buffer.from('services: {}\n') },
    { path: 'host/apply', mode: 0o555, bytes: Buffer.from(script) },
    { path: 'host/window', mode: 0o555, bytes: Buffer.from(window) },
    { path: 'host/stack.json', mode: 0o444, bytes: Buffer.from(JSON.stringify(stack)) },
  ];
}
