import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { recordingRemote } from '../../../ops/recording.ts';
import { run } from '../around.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '../certificate.ts';
import { emptyRoot } from '../dev/folder.ts';
import { listening } from '../helpers.ts';

/** What `gatehouse init --yes` writes: no name that the world resolves, so that Pulumi alone knows where it is. */
async function checkout(httpsPort: number, host = '{ kind: gcp, project: acme-trading }'): Promise<string> {
  const root = await emptyRoot();
  const text = `config:
  gatehouse:host: ${host}
  gatehouse:gateway: { dialect: simulated }
  gatehouse:caddy: { tls: internal, httpsPort: ${httpsPort} }
`;
  await writeFile(join(root, 'Pulumi.prod.yaml'), text);
  return root;
}

/** Answers under the name localhost alone, by TLS and by header, as Caddy does. */
async function edge(): Promise<number> {
  const ours = ({ socket, headers }: IncomingMessage) =>
    (socket as TLSSocket & { servername?: string | false }).servername === 'localhost' &&
    headers.host === 'localhost';
  const server = createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, (request, response) => {
    if (!ours(request)) response.writeHead(421).end('this host name is not served here');
    else response.end(JSON.stringify({ ok: true, status: 'ok', state: 'ready', accounts: ['DU…1'] }));
  });
  onTestFinished(() => server.closeAllConnections());
  return listening(server);
}

test('a machine with a certificate of its own is asked by its address, under the name it serves', async () => {
  const root = await checkout(await edge());
  const local = recordingRemote(() => ({ stdout: '127.0.0.1\n' }));
  const { stdout } = await run(root, ['--prod-diagnostics', '--json', '--ssh', 'gate'], { local });
  const { checks } = JSON.parse(stdout.join('')) as { checks: { name: string; result: string }[] };
  const outcomes = Object.fromEntries(checks.map(({ name, result }) => [name, result]));
  expect(outcomes).toMatchObject({ tcp: 'passed', tls: 'passed', ping: 'passed', health: 'passed' });
  expect(local.lines).toEqual(['npx pulumi stack output address --stack prod']);
});

test('a dry run says so', async () => {
  const { stdout } = await run(await checkout(8443), ['--prod-diagnostics', '--dry-run']);
  expect(stdout).toContain('GET https://stack-address:8443/ping as localhost (10 s)');
});

test('an address given by hand is asked under that name too, and a name as it is', async () => {
  const asked = async (url: string) =>
    (await run(await checkout(8443), ['--prod-diagnostics', '--dry-run', '--url', url])).stdout;
  expect(await asked('https://[2001:db8::7]')).toContain(
    'GET https://[2001:db8::7]/ping as localhost (10 s)',
  );
  expect(await asked('https://gate.lan')).toContain('GET https://gate.lan/ping (10 s)');
});

test('a machine of one’s own is asked where ssh connects to, and not at the localhost of whoever asks', async () => {
  const root = await checkout(await edge(), '{ kind: local }');
  const local = recordingRemote(() => ({ stdout: 'user ada\nhostname 127.0.0.1\nport 22\n' }));
  const argv = ['--prod-diagnostics', '--ssh', 'ada@gate'];
  const { stdout } = await run(root, [...argv, '--json'], { local });
  expect(local.lines).toEqual(['ssh -G -- gate']);
  expect(JSON.parse(stdout.join('')).checks[0]).toMatchObject({ summary: '127.0.0.1 is an address' });
  const { stdout: dry } = await run(root, [...argv, '--dry-run']);
  expect(dry.join('\n')).toMatch(/^GET https:\/\/gate:\d+\/ping as localhost \(10 s\)$/m);
});

test('what only loopback has is asked there, through whatever tunnel ends there', async () => {
  const root = await checkout(8443, '{ kind: local }');
  const file = join(root, 'Pulumi.prod.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('internal,', 'internal, bind: 127.0.0.1,'));
  const { stdout } = await run(root, ['--prod-diagnostics', '--ssh', 'gate', '--dry-run']);
  expect(stdout).toContain('GET https://localhost:8443/ping (10 s)');
});
