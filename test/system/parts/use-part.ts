import { afterAll, beforeAll, beforeEach } from 'vitest';
import { MissingPart } from './missing-part.ts';

/** What a part may offer beside its own: its log is printed when a test fails, and it is closed after the last test. */
interface Manners {
  log?: () => string;
  close?: () => Promise<void>;
}

const LOG_LINES = 200;

/**
 * Makes a part ready before the tests of the surrounding file or `describe`. Where it is missing they are skipped with
 * the line that says why; with CI=true they fail with it.
 * @returns reads the part, within a test or hook.
 */
export function usePart<T extends object>(ensure: () => Promise<T>): () => T {
  let part: (T & Manners) | undefined;
  let failure: unknown;

  beforeAll(async () => {
    try {
      part = await ensure();
    } catch (error) {
      failure = error;
    }
    if (skippable(failure)) console.warn(`skipped: ${failure.message}`); // reporters may not show why a test was
  });

  beforeEach(({ skip, onTestFailed }) => {
    if (skippable(failure)) skip(failure.message);
    if (failure) throw failure;
    onTestFailed(() => console.error(part?.log?.().split('\n').slice(-LOG_LINES).join('\n') ?? ''));
  });

  afterAll(() => part?.close?.());

  return () => {
    if (!part) throw failure ?? new Error('the part is there only within tests and hooks');
    return part;
  };
}

function skippable(failure: unknown): failure is MissingPart {
  return failure instanceof MissingPart && process.env.CI !== 'true';
}
