// Content blocks of Messages as a property test needs them: every kind that the vendor's SDK knows, breakpoints of the cache
// wherever they may be, and members that nobody knows.

import fc from 'fast-check';
import type { JsonObject } from '../../src/json/json-value.ts';

export const text: fc.Arbitrary<string> = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((words) => words.trim() !== '' && words === words.trimEnd());
export const name: fc.Arbitrary<string> = fc.stringMatching(/^[a-z]{1,8}$/);
export const id: fc.Arbitrary<string> = fc.stringMatching(/^toolu_[a-zA-Z0-9_-]{1,6}$/);
export const count: fc.Arbitrary<number> = fc.nat(100_000);
/** Names that no version of the dialect knows, so that they are the vendor's own. */
const own = fc.dictionary(
  fc.stringMatching(/^x_[a-z]{1,4}$/),
  fc.constantFrom(1, 'a', false, [null], { b: 2 }),
  { maxKeys: 2 },
);
export const object: fc.Arbitrary<JsonObject> = fc
  .dictionary(
    name,
    fc.oneof(text, count, fc.boolean(), fc.constant(null), fc.array(count, { maxLength: 2 })),
    {
      maxKeys: 2,
    },
  )
  .map((members) => ({ ...members }) as JsonObject);

type Members = Record<string, fc.Arbitrary<unknown>>;

export function exactly(required: Members, optional: Members = {}): fc.Arbitrary<JsonObject> {
  return fc
    .record({ ...required, ...optional }, { requiredKeys: Object.keys(required), noNullPrototype: true })
    .map((members) => members as JsonObject);
}

/** With members that nobody knows. */
export function record(required: Members, optional: Members = {}): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(exactly(required, optional), own)
    .map(([known, others]) => ({ ...known, ...others }) as JsonObject);
}

export function is(type: string): fc.Arbitrary<string> {
  return fc.constant(type);
}
export const cache_control: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject>(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '5m' },
  { type: 'ephemeral', ttl: '1h' },
);
const enabled = fc.boolean().map((is) => ({ enabled: is }));

export const citation: fc.Arbitrary<JsonObject> = fc.oneof(
  exactly({
    type: is('char_location'),
    cited_text: text,
    document_index: count,
    document_title: fc.option(text),
    start_char_index: count,
    end_char_index: count,
    file_id: fc.constant(null),
  }),
  exactly({
    type: is('page_location'),
    cited_text: text,
    document_index: count,
    document_title: text,
    start_page_number: count,
    end_page_number: count,
  }),
  exactly({
    type: is('web_search_result_location'),
    url: fc.constant('https://a.test'),
    title: text,
    cited_text: text,
    encrypted_index: name,
  }),
  exactly({
    type: is('search_result_location'),
    source: fc.constantFrom('https://b.test', 'shelf 3'),
    title: text,
    cited_text: text,
    search_result_index: count,
    start_block_index: count,
    end_block_index: count,
  }),
);
const citations = fc.array(citation, { minLength: 1, maxLength: 2 });

export const textBlock: fc.Arbitrary<JsonObject> = record(
  { type: is('text'), text },
  { cache_control, citations },
);
export const plainText: fc.Arbitrary<JsonObject> = record({ type: is('text'), text }, { cache_control });
const reference = [
  exactly({ type: is('url'), url: fc.constant('https://a.test/b') }),
  exactly({ type: is('file'), file_id: name }),
];
export const imageBlock: fc.Arbitrary<JsonObject> = record(
  {
    type: is('image'),
    source: fc.oneof(
      ...reference,
      exactly({
        type: is('base64'),
        media_type: fc.constantFrom('image/jpeg', 'image/png', 'image/gif', 'image/webp'),
        data: fc.constant('AAA='),
      }),
    ),
  },
  { cache_control, transformations: fc.constant({ oversized: 'resize' }) },
);
const documentOf = (...sources: fc.Arbitrary<JsonObject>[]) =>
  record(
    { type: is('document'), source: fc.oneof(...sources) },
    { cache_control, title: text, context: text, citations: enabled },
  );
export const documentBlock: fc.Arbitrary<JsonObject> = documentOf(
  ...reference,
  exactly({ type: is('base64'), media_type: is('application/pdf'), data: fc.constant('JVBE') }),
  exactly({ type: is('text'), media_type: is('text/plain'), data: text }),
  exactly({ type: is('content'), content: text }),
  exactly({ type: is('content'), content: fc.array(plainText, { maxLength: 2 }) }),
);
/** Which others can only be told as a whole, or not at all. */
export const oddDocument: fc.Arbitrary<JsonObject> = documentOf(
  exactly({ type: is('content'), content: fc.tuple(plainText, imageBlock) }),
  exactly({ type: is('of_tomorrow'), where: text }),
);
export const searchResult: fc.Arbitrary<JsonObject> = record(
  {
    type: is('search_result'),
    source: text,
    title: text,
    content: fc.array(plainText, { minLength: 1, maxLength: 2 }),
  },
  { cache_control, citations: enabled },
);
const caller = fc.constant({ type: 'code_execution_20260120', tool_id: 'srvtoolu_1' });
export const toolUse: fc.Arbitrary<JsonObject> = record(
  { type: is('tool_use'), id, name, input: object },
  { cache_control, caller, toolset_name: name },
);
const toolResult = (...content: fc.Arbitrary<JsonObject>[]) =>
  record(
    { type: is('tool_result'), tool_use_id: id },
    {
      cache_control,
      content: fc.array(fc.oneof(...content), { minLength: 1, maxLength: 2 }),
      is_error: fc.constant(true),
      toolset_name: name,
    },
  );
/** Of one kind in a turn, since only the vendor knows the second and their order is of no account. */
export const results: fc.Arbitrary<JsonObject[]> = fc.oneof(
  fc.array(toolResult(plainText, imageBlock, documentBlock, searchResult), { maxLength: 2 }),
  fc.array(
    toolResult(
      oddDocument,
      record({ type: is('tool_reference'), tool_name: name }, { cache_control }),
      record({ type: is('browser_state'), tabs: fc.constant([]) }),
    ),
    { maxLength: 1 },
  ),
);
export const thinking: fc.Arbitrary<JsonObject> = record({
  type: is('thinking'),
  thinking: text,
  signature: name,
});
export const redacted: fc.Arbitrary<JsonObject> = record({ type: is('redacted_thinking'), data: name });
export const ofServer: fc.Arbitrary<JsonObject> = fc.oneof(
  record(
    { type: is('server_tool_use'), id: name, name: is('web_search'), input: object },
    { cache_control, caller },
  ),
  record({ type: is('web_search_tool_result'), tool_use_id: name, content: fc.constant([]) }),
  record({ type: is('web_fetch_tool_result'), tool_use_id: name, content: object }),
  record({ type: is('bash_code_execution_tool_result'), tool_use_id: name, content: object }),
  record({ type: is('text_editor_code_execution_tool_result'), tool_use_id: name, content: object }),
  record({ type: is('tool_search_tool_result'), tool_use_id: name, content: object }),
  record({ type: is('container_upload'), file_id: name }, { cache_control }),
);
