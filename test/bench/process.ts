import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ends a process with SIGTERM, and with SIGKILL when it takes more than eight seconds. */
export async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await ended;
  clearTimeout(timer);
}

/** The moment at which /health says ok. */
export function readyAt(url: string): Promise<number> {
  return answers(`${url}/health`, (health) => health.status === 'ok');
}

/** The moment at which an answer is as wanted. @throws Error when it never is */
export async function answers(
  url: string,
  wanted: (answer: { readonly status?: string }) => boolean = () => true,
): Promise<number> {
  for (let attempt = 0; attempt < 6_000; attempt++) {
    const answer = await fetch(url)
      .then((response) => response.json() as Promise<{ status?: string }>)
      .catch(() => undefined);
    if (answer && wanted(answer)) return performance.now();
    await sleep(5);
  }
  throw new Error(`${url} did not answer as it should in time`);
}

/** The ids of a process and its children. */
async function familyOf({ pid }: ChildProcess): Promise<string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return [`${pid}`, ...children.trim().split(' ').filter(Boolean)];
}

/** Microseconds of CPU a process and its children have had, all threads together. */
export async function cpu(child: ChildProcess): Promise<number> {
  const pids = await familyOf(child);
  const stats = await Promise.all(pids.map((each) => readFile(`/proc/${each}/stat`, 'utf8').catch(() => '')));
  // The 12th and 13th field after the name, which may have spaces: user and system time in ticks of 10 ms.
  const ticks = stats.map((text) => text.slice(text.lastIndexOf(')') + 2).split(' '));
  return ticks.reduce((sum, fields) => sum + Number(fields[11] ?? 0) + Number(fields[12] ?? 0), 0) * 10_000;
}

/** Resident megabytes of a process and its children. */
export async function memory(child: ChildProcess): Promise<number> {
  const pids = await familyOf(child);
  const statuses = await Promise.all(
    pids.map((each) => readFile(`/proc/${each}/status`, 'utf8').catch(() => '')),
  );
  return statuses.reduce((sum, text) => sum + Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0), 0) / 1_024;
}
