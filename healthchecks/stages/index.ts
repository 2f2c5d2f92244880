import type { StageMaker } from '../stage.ts';
import type { Level, StageName } from '../verdict.ts';
import { account } from './account.ts';
import { connect } from './connect.ts';
import { data } from './data.ts';
import { hello } from './hello.ts';
import { orders } from './orders.ts';
import { session } from './session.ts';

export const STAGES: Readonly<Record<StageName, StageMaker>> = {
  connect,
  hello,
  session,
  account,
  data,
  orders,
};

const TO_SESSION = ['connect', 'hello', 'session'] as const;

/** The stages of each level. Market data may lack a subscription, which says nothing about orders. */
export const STAGES_OF: Readonly<Record<Level, readonly StageName[]>> = {
  connect: ['connect'],
  hello: ['connect', 'hello'],
  session: TO_SESSION,
  account: [...TO_SESSION, 'account'],
  data: [...TO_SESSION, 'account', 'data'],
  orders: [...TO_SESSION, 'account', 'orders'],
  all: [...TO_SESSION, 'account', 'data', 'orders'],
};
