// Requests that go on from an earlier answer, and answers that later requests may go on from: what the request stage does with
// the store. What a dialect's request and answer look like is the dialect's own affair (dialects/resumption.ts).

import type { ClientDialect } from '../contract/dialect.ts';
import type { RequestHead, Respond } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import type { Resumption } from '../dialects/resumption.ts';
import { type ReadBody, readBody } from '../plan/read-body.ts';
import {
  type Conversation,
  type ConversationStore,
  StoreUnavailableError,
} from '../store/conversation-store.ts';
import { DIALECT_MODULES } from '../translate/dialect-modules.ts';
import { respondJson } from './answers.ts';
import { keyOf } from './caller-identity.ts';
import type { KeptEndpoint } from './endpoints.ts';

export interface Resumed {
  readonly body: ReadBody;
  /** Everything that came before is in the body's input. */
  readonly resumed: boolean;
}

export class Conversations {
  private readonly store: ConversationStore | undefined;
  private readonly maxBodyBytes: number;

  /** @param store undefined where nothing is kept */
  constructor(store: ConversationStore | undefined, maxBodyBytes: number) {
    this.store = store;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** As it came, where it goes on from no answer that was kept here for this caller. */
  resume(head: RequestHead, dialect: ClientDialect, body: ReadBody): Resumed | Promise<Resumed> {
    const { resumption } = DIALECT_MODULES[dialect];
    const previous = resumption?.previousOf(body.value);
    const asItIs = { body, resumed: false };
    if (resumption === undefined || this.store === undefined) return asItIs;
    const referred = resumption.referredBy(body);
    if (referred.length > 0) return this.restore(head, resumption, body, referred);
    if (previous === undefined || !resumption.isOurs(previous)) return asItIs;
    return this.find(keyOf(head, previous)).then((earlier) =>
      earlier === undefined ? asItIs : { body: this.read(resumption.resume(body, earlier)), resumed: true },
    );
  }

  /** Of items that were kept here for this caller the request has only the names. */
  private async restore(
    head: RequestHead,
    resumption: Resumption,
    body: ReadBody,
    ids: readonly string[],
  ): Promise<Resumed> {
    const found = await Promise.all(ids.map((id) => this.find(keyOf(head, id))));
    const answers = new Map<string, Conversation>();
    for (const [index, id] of ids.entries()) {
      const answer = found[index];
      if (answer !== undefined) answers.set(id, answer);
    }
    if (answers.size === 0) return { body, resumed: false };
    return { body: this.read(resumption.restore(body, answers)), resumed: true };
  }

  private read(bytes: Buffer): ReadBody {
    if (bytes.length <= this.maxBodyBytes) return readBody(bytes);
    const message = `the conversation of ${bytes.length} bytes is above the limit of ${this.maxBodyBytes}`;
    throw new GatewayError('payload-too-large', message);
  }

  /** The key under which the answer of an exchange is kept; undefined where it is not to be kept. */
  keyFor(head: RequestHead, dialect: ClientDialect, body: ReadBody, seed: string): string | undefined {
    const { resumption } = DIALECT_MODULES[dialect];
    if (this.store === undefined || resumption?.mayKeep(body.value) !== true) return undefined;
    return keyOf(head, resumption.idOf(seed));
  }

  /** GET and DELETE of an answer that was kept here, and of what was asked for it. */
  async serve(head: RequestHead, { dialect, id, part, deletes }: KeptEndpoint): Promise<Respond> {
    const { resumption } = DIALECT_MODULES[dialect];
    if (resumption === undefined) throw new Error(`${dialect} keeps no answers`);
    const key = keyOf(head, id);
    if (deletes) {
      if (!(await this.remove(key))) throw notFound(id);
      return respondJson(JSON.stringify(resumption.wordDeleted(id)), 'pointsman_deleted');
    }
    const query = new URLSearchParams(head.path.split('?')[1]);
    if (query.get('stream') === 'true') {
      const message = "'stream' is not supported here: an answer that was kept comes whole";
      throw new GatewayError('invalid-request', message, 'stream');
    }
    const kept = await this.find(key);
    if (kept === undefined) throw notFound(id);
    return respondJson(bodyOf(resumption, id, kept, part, query.get('order')), 'pointsman_kept');
  }

  private find(key: string): Promise<Conversation | undefined> {
    return this.store === undefined ? Promise.resolve(undefined) : available(this.store.find(key));
  }

  private remove(key: string): Promise<boolean> {
    return this.store === undefined ? Promise.resolve(false) : available(this.store.remove(key));
  }
}

function bodyOf(
  resumption: Resumption,
  id: string,
  { input, answer }: Conversation,
  part: KeptEndpoint['part'],
  order: string | null,
): string {
  return part === 'answer'
    ? answer.toString()
    : JSON.stringify(resumption.listInput(id, input, order !== 'asc'));
}

function notFound(id: string): GatewayError {
  return new GatewayError('answer-not-found', `Response with id '${id}' not found.`);
}

async function available<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (thrown) {
    if (!(thrown instanceof StoreUnavailableError)) throw thrown;
    const message = 'the store of earlier answers does not answer; try again, or send the whole input';
    throw new GatewayError('unavailable', message);
  }
}
