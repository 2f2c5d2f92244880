import type { Definitions } from '../../compose/render.ts';
import { currentManifest } from '../commands/host-site.ts';
import type { Place } from '../runbook/place.ts';
import { readContainers, readSite, type SiteFacts, type StackContainer } from '../situation/site-facts.ts';
import { type Row, span } from './row.ts';

/** What the files of a site tell. */
export async function siteRows({ site }: Place, now: Date): Promise<Row[]> {
  const facts = await readSite(site);
  return [release(facts, now), ...marks(facts), pending(facts, now), verdict(facts, now), lock(facts, now)];
}

function release({ release, audit }: SiteFacts, now: Date): Row {
  const last = audit && `; last: ${audit.what} by ${audit.who}, ${ago(audit.at, now)}: ${audit.outcome}`;
  return {
    name: 'release',
    title: 'release',
    text: `${release ?? 'none yet'}${last ?? ''}`,
    bad: release === undefined,
  };
}

function marks({ stopped, lent }: SiteFacts): Row[] {
  const row = (name: string, text: string): Row => ({ name, title: name, text, bad: true });
  return [
    ...(stopped ? [row('stopped', `by ${stopped.by}, since ${stopped.since}`)] : []),
    ...(lent ? [row('lent', `by ${lent.by}${lent.until ? `, until ${lent.until}` : ''}`)] : []),
  ];
}

function pending({ pending }: SiteFacts, now: Date): Row {
  const text = pending
    ? `a change of ${pending.release} waits for ${span(new Date(pending.since), now)} (${pending.cost ?? pending.by})`
    : 'nothing';
  return { name: 'pending', title: 'gateway waits', text };
}

function verdict({ verdict }: SiteFacts, now: Date): Row {
  const title = 'last verdict';
  if (verdict === undefined) return { name: 'verdict', title, text: 'none: no timer probes there' };
  const { healthy, level, stage, cause, at } = verdict;
  const came = healthy ? `healthy, level ${level}` : `${stage}: ${cause}`;
  return { name: 'verdict', title, text: `${came}${at ? `, ${ago(at, now)}` : ''}`, bad: !healthy };
}

function lock({ lock }: SiteFacts, now: Date): Row {
  const text = lock ? `${lock.owner}: ${lock.verb}, ${ago(lock.since, now)}` : 'free';
  return { name: 'lock', title: 'lock', text };
}

const ago = (time: string, now: Date) => `${span(new Date(time), now)} ago`;

/** What the engine tells of the stack, and whether that is what the current release is made of. */
export async function containerRows(place: Place): Promise<Row[]> {
  const { site, target } = place;
  const found = await readContainers(site, target);
  const { stdout } = await site.host.run(currentManifest(site.folder));
  return [containers(found, target.services), drift(found, definitionsIn(stdout))];
}

function containers(found: readonly StackContainer[], services: readonly string[]): Row {
  const words = services.map((service) => {
    const container = found.find((one) => one.service === service);
    return `${service} ${container?.status ?? 'missing'}`;
  });
  const well = (service: string) =>
    found.some(
      (one) => one.service === service && one.state === 'running' && !one.status.includes('unhealthy'),
    );
  return { name: 'containers', title: 'containers', text: words.join(', '), bad: !services.every(well) };
}

/** A gateway whose change waits is another on purpose; it is told in its own row. */
function drift(found: readonly StackContainer[], definitions: Definitions | undefined): Row {
  const row = (text: string, bad = false): Row => ({ name: 'drift', title: 'drift', text, bad });
  if (definitions === undefined) return row('unknown: no current release there');
  const other = found.filter(({ service, definition }) => definitions[service] !== definition);
  if (other.length === 0) return row('none: what runs is the current release');
  return row(
    `not of the current release: ${other.map(({ service }) => service).join(', ')}`,
    other.some(({ service }) => service !== 'gateway'),
  );
}

function definitionsIn(text: string): Definitions | undefined {
  try {
    return (JSON.parse(text) as { services?: Definitions }).services;
  } catch {
    return undefined;
  }
}
