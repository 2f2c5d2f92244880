import { type Edge, get, jsonOf } from '../checks/edge.ts';
import type { Tried } from './rotate.ts';

/** Answered from the journal, without the gateway. */
const PATH = '/orders';

/** What a bridge answers to a key it knows, when the key has no right to look. */
const KNOWN_WITHOUT_SCOPE = 'scope-missing';

/** Shows a key to the bridge of a stack as its clients do. Never throws. */
export async function tryKey(edge: () => Promise<Edge>, key: string): Promise<Tried> {
  try {
    const answer = await get(await edge(), PATH, { 'x-api-key': key });
    const code = jsonOf(answer)?.code;
    if (answer.status === 200 || code === KNOWN_WITHOUT_SCOPE) return 'taken';
    if (code === 'api-key-unknown') return 'refused';
    return { unreachable: `${PATH} answers ${answer.status}${code === undefined ? '' : ` ${code}`}` };
  } catch (error) {
    return { unreachable: (error as Error).message };
  }
}
