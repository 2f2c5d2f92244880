import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../../../ops/commands/command.ts';
import type { RecordingRemote } from '../../../ops/recording.ts';
import { emptyRoot } from '../dev/folder.ts';

const PROD = `config:
  gatehouse:host: { kind: gcp, project: acme-trading, zone: us-west1-b }
  gatehouse:gateway: { dialect: gnzsnz, vncPort: 5900 }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;
const HOME = `config:
  gatehouse:host: { kind: local, dataDir: /srv/data, secretsDir: /etc/gatehouse/secrets }
  gatehouse:gateway: { dialect: gnzsnz }
  gatehouse:caddy: { tls: internal }
`;

/** A folder in place of a checkout, with a stack on Google Cloud and one on a host of one's own. */
export async function checkout(): Promise<string> {
  const root = await emptyRoot();
  await writeFile(join(root, 'Pulumi.prod.yaml'), PROD);
  await writeFile(join(root, 'Pulumi.home.yaml'), HOME);
  return root;
}

/** Everything a process list or a shell's history could have shown: programs and arguments, never standard input. */
export function seenByOthers({ commands }: RecordingRemote): string {
  return JSON.stringify(commands.map(({ program, args }) => [program, ...args]));
}

/** What was handed over by standard input. */
export function handedOver({ commands }: RecordingRemote): (string | undefined)[] {
  return commands.filter(({ stdin }) => stdin !== undefined).map(({ stdin }) => stdin);
}

/** gcloud, with a secret that has had two versions and gets a third. */
export function gcloud({ value = '' } = {}) {
  return ({ args }: Command) => {
    const [, , what] = args;
    if (what === 'add') return { stdout: 'projects/1/secrets/s/versions/3\n' };
    if (what === 'list') return { stdout: '3\tENABLED\n2\tenabled\n1\tdestroyed\n' };
    return { stdout: value };
  };
}
