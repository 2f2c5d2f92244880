import { type Catalogue, entry } from './entry.ts';

/** Errors of npm start and of the verbs on it. */
export const DEV_ERRORS = {
  'port-taken': (what: string, where: string, hint: string) =>
    entry(2, `the port for ${what}, ${where}, is taken`, hint),
  'dev-running': (url: string, pid: number) =>
    entry(2, `it runs already: ${url}, process ${pid}`, `use that one, or end it first: kill ${pid}`),
  'dev-starting': () =>
    entry(2, 'another npm start is just starting here', 'wait a moment: its terminal says where it listens'),
  'dev-not-ending': (pid: number, seconds: number) =>
    entry(1, `process ${pid} of npm start did not end within ${seconds} s`, `end it at once: kill -9 ${pid}`),
  'dev-not-running': () => entry(2, 'npm start does not run here', 'npm start'),
} as const satisfies Catalogue;
