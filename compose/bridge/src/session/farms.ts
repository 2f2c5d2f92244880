import type { IbMessage } from '../errors.ts';

/** One of IBKR's data services, as its last notice described it. */
export interface Farm {
  readonly name: string;
  readonly kind: 'market' | 'history' | 'definition';
  readonly state: 'ok' | 'inactive' | 'broken';
  /** ISO 8601, UTC: when this state began. */
  readonly since: string;
}

const NOTICES: Readonly<Record<number, Pick<Farm, 'kind' | 'state'>>> = {
  2103: { kind: 'market', state: 'broken' },
  2104: { kind: 'market', state: 'ok' },
  2105: { kind: 'history', state: 'broken' },
  2106: { kind: 'history', state: 'ok' },
  2107: { kind: 'history', state: 'inactive' },
  2108: { kind: 'market', state: 'inactive' },
  2157: { kind: 'definition', state: 'broken' },
  2158: { kind: 'definition', state: 'ok' },
};

const RESTORED = 1102;

/** `All data farms are connected: usfarm; usfarm.nj; ushmds.` and the same with `not connected`. */
const LISTED = /farms are (not )?connected:\s*([\w-]+(?:\.\w+)*(?:;\s*[\w-]+(?:\.\w+)*)*)/g;

/** The farms of one connection, kept from its notices. Inactive is normal: the farm wakes on demand. */
export class Farms {
  readonly #farms = new Map<string, Farm>();
  #list: readonly Farm[] = [];

  /** @returns whether the message was about farms. */
  take(message: IbMessage, at: string): boolean {
    if (message.code === RESTORED) return this.#takeList(message.message, at);
    const notice = NOTICES[message.code];
    if (!notice) return false;
    this.#set(farmName(message.message), notice, at);
    return true;
  }

  /** 1102 may say how all farms are, and then no notice comes for each. */
  #takeList(text: string, at: string): boolean {
    const lists = [...text.matchAll(LISTED)];
    for (const [, not, names = ''] of lists) {
      for (const name of names.split(/;\s*/)) {
        const kind = this.#farms.get(name)?.kind ?? kindByName(name);
        this.#set(name, { kind, state: not ? 'broken' : 'ok' }, at);
      }
    }
    return lists.length > 0;
  }

  #set(name: string, notice: Pick<Farm, 'kind' | 'state'>, at: string): void {
    if (this.#farms.get(name)?.state === notice.state) return;
    this.#farms.set(name, { name, ...notice, since: at });
    this.#list = [...this.#farms.values()];
  }

  /** Another array as soon as something in it is different, and the same until then. */
  get list(): readonly Farm[] {
    return this.#list;
  }

  get broken(): boolean {
    return this.list.some((farm) => farm.state === 'broken');
  }
}

/** The name stands last and may have dots: `...connection is OK:usfarm.nj`, `...upon demand.ushmds`. */
function farmName(message: string): string {
  return /(?::|demand\.)\s*([\w.-]+)\s*$/.exec(message)?.[1] ?? 'unnamed';
}

/** As IBKR names them: ushmds, secdefnj; whatever else is market data. */
function kindByName(name: string): Farm['kind'] {
  if (name.includes('hmds')) return 'history';
  return name.startsWith('secdef') ? 'definition' : 'market';
}
