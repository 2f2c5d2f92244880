import { written } from '../../stacks.ts';
import type { Mistake } from '../mistake.ts';

/** Of the gateway. */
export const gateway: readonly Mistake[] = [
  [
    'an unknown key near a known one',
    written('simulated', { gateway: { tradingmode: 'live' } }),
    'gateway.tradingmode: is no key; did you mean tradingMode?; got "live"',
  ],
  [
    'an unknown key two levels down',
    written('gnzsnz', { gateway: { twoFactor: { onTimout: 'wait' } } }),
    'gateway.twoFactor.onTimout: is no key; did you mean onTimeout?; got "wait"',
  ],
  [
    'a key of another dialect',
    written('simulated', { gateway: { heapMb: 300 } }),
    'gateway.heapMb: is a key of dialect gnzsnz, not of simulated; got 300',
  ],
  [
    'a password in the configuration, which is not shown',
    written('gnzsnz', { gateway: { password: 'hunter2' } }),
    'gateway.password: is no key; got [hidden]',
  ],
  [
    'a dialect that is not supported',
    written('simulated', { gateway: { dialect: 'ibeam' } }),
    'gateway.dialect: must be one of gnzsnz, extrange, simulated, external; got "ibeam"',
  ],
  [
    'an image that is not named',
    written('extrange', { gateway: { image: undefined } }),
    'gateway.image: must be given; got nothing',
  ],
  [
    'a master client below 0',
    written('gnzsnz', { gateway: { masterClientId: -1 } }),
    'gateway.masterClientId: must be a whole number from 0 to 2147483647; got -1',
  ],
  [
    'a policy for an existing session that IBC does not know',
    written('gnzsnz', { gateway: { existingSession: 'steal' } }),
    'gateway.existingSession: must be one of primary, primaryoverride, secondary, manual; got "steal"',
  ],
  [
    'a second factor device without a name',
    written('gnzsnz', { gateway: { twoFactor: { device: '' } } }),
    'gateway.twoFactor.device: must be the name of a device; got ""',
  ],
  [
    'a policy for a missed 2FA that is none',
    written('extrange', { gateway: { twoFactor: { onTimeout: 'pray' } } }),
    'gateway.twoFactor.onTimeout: must be one of wait, retry; got "pray"',
  ],
  [
    'too little time for a 2FA',
    written('gnzsnz', { gateway: { twoFactor: { exitSeconds: 5 } } }),
    'gateway.twoFactor.exitSeconds: must be a whole number from 30 to 600 seconds; got 5',
  ],
  [
    'a login budget without a login',
    written('gnzsnz', { gateway: { loginBudget: 0 } }),
    'gateway.loginBudget: must be a whole number from 1 to 20 logins; got 0',
  ],
  [
    'debug that is no yes or no',
    written('gnzsnz', { gateway: { debug: 'verbose' } }),
    'gateway.debug: must be true or false; got "verbose"',
  ],
  [
    'a flag of the JVM that IBC drops',
    written('gnzsnz', { gateway: { jvmFlags: ['-Dsun.java2d.xrender=false'] } }),
    'gateway.jvmFlags.0: is never given to java: IBC drops -D lines; got "-Dsun.java2d.xrender=false"',
  ],
  [
    'a second garbage collector',
    written('gnzsnz', { gateway: { jvmFlags: ['-verbose:gc', '-XX:+UseZGC'] } }),
    'gateway.jvmFlags.1: would be a second garbage collector: the JVM would not start; got "-XX:+UseZGC"',
  ],
  [
    'a heap by two keys',
    written('gnzsnz', { gateway: { jvmFlags: ['-Xmx1g'] } }),
    'gateway.jvmFlags.0: is set by gateway.heapMb; got "-Xmx1g"',
  ],
  [
    'two flags in one',
    written('gnzsnz', { gateway: { jvmFlags: ['-Xss1m -Xint'] } }),
    'gateway.jvmFlags.0: must be one flag that starts with - and has no spaces; got "-Xss1m -Xint"',
  ],
  [
    'flags that are no list',
    written('gnzsnz', { gateway: { jvmFlags: '-Xint' } }),
    'gateway.jvmFlags: must be a list; got "-Xint"',
  ],
  [
    'a screen on the port of the edge',
    written('gnzsnz', { gateway: { vncPort: 443 } }),
    'gateway.vncPort: must differ from caddy.httpsPort; got 443',
  ],
  [
    'a screen on the port of the API',
    written('extrange', { gateway: { apiPort: 8888, vncPort: 8888 } }),
    'gateway.vncPort: must differ from gateway.apiPort; got 8888',
  ],
  [
    'a screen of the simulator',
    written('simulated', { gateway: { vncPort: 5900 } }),
    'gateway.vncPort: is a key of dialect gnzsnz, not of simulated; got 5900',
  ],
  [
    'a text for a switch',
    written('simulated', { gateway: { readOnly: 'yes' } }),
    'gateway.readOnly: must be true or false; got "yes"',
  ],
  [
    'a time zone by another name',
    written('gnzsnz', { gateway: { timeZone: 'Eastern' } }),
    'gateway.timeZone: must be a time zone of the IANA database, such as America/New_York; got "Eastern"',
  ],
  [
    'a restart time with AM',
    written('gnzsnz', { gateway: { dailyRestart: '11:45 PM' } }),
    'gateway.dailyRestart: must be a time of day as HH:MM, from 00:00 to 23:59; got "11:45 PM"',
  ],
  [
    'a moving tag',
    written('gnzsnz', { gateway: { image: 'ghcr.io/gnzsnz/ib-gateway:latest' } }),
    'gateway.image: must name a version or digest (name:1.2.3 or name@sha256:...), not a tag that moves; got "ghcr.io/gnzsnz/ib-gateway:latest"',
  ],
  [
    'a heap that does not fit its container',
    written('gnzsnz', { gateway: { heapMb: 512 } }),
    'gateway.memoryMb: must be at least 768 MB: the heap and 256 MB beside it; got 640',
  ],
  [
    'a stack too big for its machine',
    written('gnzsnz', { gateway: { memoryMb: 2000 } }),
    'gateway.memoryMb: memory limits and 320 MB for the system must fit 1024 MB and 1024 MB of swap; got 2000',
  ],
];
