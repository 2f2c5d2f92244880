/** What `gatehouse init` is told, by the names of its options. */
export interface Answers {
  readonly stack: string;
  readonly host: 'gcp' | 'local';
  readonly project: string;
  readonly zone: string;
  readonly dialect: 'gnzsnz' | 'extrange' | 'simulated' | 'external';
  readonly image: string;
  readonly gateway: string;
  readonly tradingMode: 'paper' | 'live';
  readonly timeZone: string;
  readonly restart: string;
  readonly coldRestart: string;
  readonly tls: 'domain' | 'address' | 'internal';
  readonly domain: string;
  readonly address: string;
  /** With commas between them. */
  readonly emails: string;
}

export type AnswerName = keyof Answers;

/** Stand where nothing was answered yet, so that one answer can be checked by itself. Each is valid. */
export const STAND_INS: Answers = {
  stack: 'prod',
  host: 'gcp',
  project: 'my-project',
  zone: 'us-west1-b',
  dialect: 'gnzsnz',
  image: 'ghcr.io/extrange/ibkr:10.37.1o',
  gateway: 'host.docker.internal',
  tradingMode: 'paper',
  timeZone: 'America/New_York',
  restart: '23:45',
  coldRestart: '10:00',
  tls: 'internal',
  domain: 'gateway.example.com',
  address: '203.0.113.7',
  emails: '',
};

/** Where a machine of one's own keeps data and secrets: the folders of docs/deploy.md. */
const OWN_MACHINE = { dataDir: '/var/lib/gatehouse/data', secretsDir: '/etc/gatehouse/secrets' };

/** The keys of a stack file that the answers come to; what has a good default is left to it. Pure. */
export function sectionsOf(answers: Answers): Record<string, object | string> {
  const emails = emailsOf(answers);
  return {
    ...(answers.stack === STAND_INS.stack ? {} : { name: `gatehouse-${answers.stack}` }),
    host: hostOf(answers),
    gateway: gatewayOf(answers),
    caddy: caddyOf(answers),
    ...(emails.length > 0 && { alerts: { emails } }),
  };
}

function hostOf({ host, project, zone }: Answers): object {
  return host === 'gcp' ? { kind: 'gcp', project, zone } : { kind: 'local', ...OWN_MACHINE };
}

function gatewayOf(answers: Answers): object {
  const { dialect, tradingMode, timeZone, restart, coldRestart } = answers;
  if (dialect === 'simulated') return { dialect, tradingMode };
  if (dialect === 'external') return { dialect, tradingMode, host: answers.gateway };
  return {
    dialect,
    ...(dialect === 'extrange' && { image: answers.image }),
    tradingMode,
    timeZone,
    dailyRestart: restart,
    ...(tradingMode === 'live' && { coldRestart }),
  };
}

function caddyOf({ tls, domain, address }: Answers): object {
  if (tls === 'domain') return { tls, domain };
  return tls === 'address' ? { tls, address } : { tls };
}

function emailsOf({ emails }: Answers): string[] {
  return emails.split(/[\s,]+/).filter(Boolean);
}
