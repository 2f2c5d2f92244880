import { describe, expect, test } from 'vitest';
import { readSigns, SIGNS } from '../../../ops/checks/ibc-signs.ts';

const meaning = (...lines: string[]) => readSigns(lines.join('\n')).means;

describe('what a log ends with', () => {
  test('nothing of a login', () => {
    expect(readSigns('hello\nworld\n')).toEqual({ means: undefined, line: '', readOnly: undefined });
  });

  test('the last of several', () => {
    expect(meaning('Login attempt: 1', 'Second Factor Authentication initiated')).toBe('2fa-pending');
    expect(meaning('Second Factor Authentication initiated', 'Login has completed')).toBe('in');
    expect(meaning('Login has completed', 'Cold restart in progress')).toBe('cold-restart');
    expect(meaning('Configuration tasks completed', 'autorestart file found')).toBeUndefined();
  });

  test('the particular word for a refusal, whichever comes first', () => {
    const [failed, locked] = ['Login failed', 'Login error message: your account has been locked'];
    expect(meaning(failed, locked)).toBe('account-locked');
    expect(meaning(locked, failed)).toBe('account-locked');
    expect(meaning(locked, failed, 'Exiting after error with exit code=1100')).toBe('account-locked');
    expect(meaning(failed)).toBe('login-refused');
  });

  test('a new attempt makes a failed one history, but not a budget that is spent', () => {
    expect(meaning('Login failed', 'Login attempt: 2')).toBe('login-running');
    expect(meaning('Login error message: Invalid username or password', 'Login attempt: 2')).toBe(
      'login-running',
    );
    expect(meaning('gatehouse: the login budget is spent: IBC is told to stop', 'Login attempt: 6')).toBe(
      'login-budget-spent',
    );
  });

  test('whether the API was set to Read-Only, whatever comes after', () => {
    const on = 'Read-Only API checkbox is now set to: true';
    expect(readSigns(`${on}\nLogin has completed`)).toMatchObject({ means: 'in', readOnly: true });
    expect(readSigns(`${on}\nRead-Only API checkbox is already set to: false`).readOnly).toBe(false);
  });
});

test('no line of IBC’s everyday talk is taken for trouble', () => {
  const talk = [
    'TWS has been configured to accept API connections',
    'CommandServer started and is ready to accept commands',
    'Setting ReadOnlyApi',
    'detected dialog entitled: IBKR Gateway; event=Opened',
    '.> Starting IBC',
    'gatehouse: stopping: IBC was told to log out',
  ];
  expect(talk.filter((line) => SIGNS.some(({ pattern }) => pattern.test(line)))).toEqual([]);
});
