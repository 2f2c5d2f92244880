import { type AnswerName, type Answers, STAND_INS } from './answers.ts';

/** One thing `gatehouse init` has to know. */
export interface InitQuestion {
  readonly name: AnswerName;
  readonly message: string;
  /** The configuration key the answer becomes; undefined for the stack's own name. */
  readonly key?: string;
  readonly choices?: readonly string[];
  /** What it is when nobody says; undefined where somebody must. */
  readonly initial: (given: Partial<Answers>) => string | undefined;
  /** Whether it is asked at all, after what was answered before it. */
  readonly asked: (answers: Answers) => boolean;
}

const always = () => true;
const usual = (name: AnswerName) => () => STAND_INS[name];
const onGoogle = ({ host }: Answers) => host === 'gcp';
const underIbc = ({ dialect }: Answers) => dialect === 'gnzsnz' || dialect === 'extrange';

/** In the order they are asked: later ones depend on earlier ones. */
export const QUESTIONS: readonly InitQuestion[] = [
  { name: 'stack', message: 'Name of the stack', initial: usual('stack'), asked: always },
  {
    name: 'host',
    message: 'Where it runs: gcp makes a machine, local is one you have',
    key: 'host.kind',
    choices: ['gcp', 'local'],
    initial: usual('host'),
    asked: always,
  },
  {
    name: 'project',
    message: 'Google Cloud project',
    key: 'host.project',
    initial: () => undefined,
    asked: onGoogle,
  },
  { name: 'zone', message: 'Zone', key: 'host.zone', initial: usual('zone'), asked: onGoogle },
  {
    name: 'dialect',
    message: 'Gateway: an image, simulated (no account), external (runs already)',
    key: 'gateway.dialect',
    choices: ['gnzsnz', 'extrange', 'simulated', 'external'],
    initial: usual('dialect'),
    asked: always,
  },
  {
    name: 'image',
    message: 'Image of extrange/ibkr, by version',
    key: 'gateway.image',
    initial: () => undefined,
    asked: ({ dialect }) => dialect === 'extrange',
  },
  {
    name: 'gateway',
    message: 'Where that gateway listens, as a container sees it',
    key: 'gateway.host',
    initial: usual('gateway'),
    asked: ({ dialect }) => dialect === 'external',
  },
  {
    name: 'tradingMode',
    message: 'Account',
    key: 'gateway.tradingMode',
    choices: ['paper', 'live'],
    initial: usual('tradingMode'),
    asked: always,
  },
  {
    name: 'timeZone',
    message: 'Time zone of the restarts',
    key: 'gateway.timeZone',
    initial: usual('timeZone'),
    asked: underIbc,
  },
  {
    name: 'restart',
    message: 'Daily restart, without 2FA',
    key: 'gateway.dailyRestart',
    initial: usual('restart'),
    asked: underIbc,
  },
  {
    name: 'coldRestart',
    message: 'Full login on Sundays, when you can approve its 2FA',
    key: 'gateway.coldRestart',
    initial: usual('coldRestart'),
    asked: (answers) => underIbc(answers) && answers.tradingMode === 'live',
  },
  {
    name: 'tls',
    message: "Certificate: for a domain, for the address, or Caddy's own",
    key: 'caddy.tls',
    choices: ['domain', 'address', 'internal'],
    initial: ({ domain, address }) => (domain ? 'domain' : address ? 'address' : 'internal'),
    asked: always,
  },
  {
    name: 'domain',
    message: 'Domain',
    key: 'caddy.domain',
    initial: () => undefined,
    asked: ({ tls }) => tls === 'domain',
  },
  {
    name: 'address',
    message: 'Public address of the machine (pulumi up prints the one it makes)',
    key: 'caddy.address',
    initial: () => undefined,
    asked: ({ tls }) => tls === 'address',
  },
  {
    name: 'emails',
    message: 'E-mail addresses for alerts (a@x.org, b@x.org; or none)',
    key: 'alerts.emails',
    initial: () => '',
    asked: onGoogle,
  },
];

/** The option that answers a question: --time-zone for timeZone. */
export function flagOf({ name }: Pick<InitQuestion, 'name'>): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
