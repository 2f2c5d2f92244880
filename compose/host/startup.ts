import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import { type Endpoints, GOOGLE, hostEnvironment } from './environment.ts';
import { HOST_FOLDER, siteFolder } from './folders.ts';
import { type KitFile, kitFiles } from './kit.ts';
import { hostTimes } from './times.ts';

/** Google's limit for one value of an instance's metadata, in bytes. */
const LONGEST = 256 * 1024;

/** Ends each file inside the script; no file of the kit has it as a line. */
const END = 'GATEHOUSE_END_OF_FILE';

/**
 * The startup script of a host on Google Cloud: a bash script that puts the kit in place and runs it. The same
 * configuration and checkout give the same text. Throws an Error for another kind of host, or past 256 KB.
 */
export function startupScript(config: Config, endpoints: Endpoints = GOOGLE): string {
  const text = scriptOf(hostFiles(config, endpoints).map(put).join('\n'));
  if (Buffer.byteLength(text) >= LONGEST)
    throw new Error(`the startup script is longer than ${LONGEST} bytes`);
  return text;
}

/** What a startup script puts on the host of a configuration, host.env last. Throws like startupScript. */
export function hostFiles(config: Config, endpoints: Endpoints = GOOGLE): KitFile[] {
  const { host, name } = config;
  if (host.kind !== 'gcp') throw new Error(`a host of kind ${host.kind} has no startup script`);
  const values = {
    HOST_FOLDER,
    SITE: siteFolder(name),
    SECRETS_DIR: host.secretsDir,
    ...hostTimes(config, host),
  };
  const text = hostEnvironment(config, host, endpoints);
  return [...kitFiles(values), { path: '/etc/gatehouse/host.env', mode: '644', text }];
}

/** The id lets the agent on the host tell whether a script is the one that ran, wherever either is kept. */
function scriptOf(body: string): string {
  const text = HEAD + body + TAIL;
  const id = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return text.replace('@ID@', id);
}

const HEAD = `#!/bin/bash
# Made by pulumi up from compose/host and the configuration of the stack; to change it, change one of those.
# Puts the kit of a Gatehouse host in place and runs it. Any number of times: it runs at every boot.
set -Eeuo pipefail
umask 022
export GATEHOUSE_STARTUP_ID=@ID@

# One run at a time; the lock goes over to what is executed at the end.
mkdir -p "\${GATEHOUSE_ROOT-}/run/gatehouse"
exec 9>"\${GATEHOUSE_ROOT-}/run/gatehouse/startup.lock"
flock 9

# A disk without room is seen from here only: nothing of the kit may be there yet.
failed() {
  printf '{"step":"files","at":"%s","ok":false,"detail":"line %s of the startup script failed"}\\n' \\
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" >>"\${GATEHOUSE_ROOT-}/run/gatehouse/startup"
}
trap 'failed "$LINENO"' ERR

# Whole or not at all, and only where it differs: put PATH MODE, and the file on standard input.
put() {
  local file="\${GATEHOUSE_ROOT-}$1" text old=''
  IFS= read -r -d '' text || true
  if [[ -f $file ]]; then IFS= read -r -d '' old <"$file" || true; fi
  [[ $text != "$old" ]] || return 0
  [[ -d \${file%/*} ]] || mkdir -p "\${file%/*}"
  printf '%s' "$text" >"$file.new"
  chmod "$2" "$file.new"
  mv -T "$file.new" "$file"
}

`;

const TAIL = `
systemctl daemon-reload
exec "\${GATEHOUSE_ROOT-}/usr/local/lib/gatehouse/startup.sh"
`;

function put({ path, mode, text }: KitFile): string {
  if (`\n${text}`.includes(`\n${END}`) || !text.endsWith('\n')) throw new Error(`${path} cannot be embedded`);
  return `put ${path} ${mode} <<'${END}'\n${text}${END}\n`;
}
