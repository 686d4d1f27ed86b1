// Sources that the vendor's own search found, and what they are of. Offsets are UTF-16 units with OpenAI, bytes with Google.

import { VENDORS } from '../../vendors/vendors.ts';
import type { GoldenCase, NO_WORDS } from '../golden-case.ts';
import { TEXT, wordOf } from './replies.ts';

const PAGE = { url: 'https://example.com/paris', title: 'Paris' };
const CITED = 'voilà';
const PLACE = { start_index: 8, end_index: 13 };

const EDITS: Readonly<Record<string, readonly [found: string, instead: string] | typeof NO_WORDS>> = {
  'openai-chat': [
    '"annotations":[]',
    `"annotations":${JSON.stringify([{ type: 'url_citation', url_citation: { ...PLACE, ...PAGE } }])}`,
  ],
  'openai-responses': [
    '"annotations":[]',
    `"annotations":${JSON.stringify([{ type: 'url_citation', ...PLACE, ...PAGE }])}`,
  ],
  'anthropic-messages': [
    '"citations":null',
    `"citations":${JSON.stringify([
      { type: 'web_search_result_location', ...PAGE, cited_text: CITED, encrypted_index: 'Eo8BCioIAhgBIiQ3' },
    ])}`,
  ],
  gemini: [
    '"finishReason":"STOP"',
    `"finishReason":"STOP","groundingMetadata":${JSON.stringify({
      webSearchQueries: ['paris'],
      groundingChunks: [{ web: { uri: PAGE.url, title: PAGE.title } }],
      groundingSupports: [
        { segment: { startIndex: 10, endIndex: 16, text: CITED }, groundingChunkIndices: [0] },
      ],
    })}`,
  ],
  'bedrock-converse': [
    '{"text":"Paris — voilà 🇫🇷."}',
    JSON.stringify({
      citationsContent: {
        content: [{ text: 'Paris — voilà 🇫🇷.' }],
        citations: [
          { title: PAGE.title, sourceContent: [{ text: CITED }], location: { web: { url: PAGE.url } } },
        ],
      },
    }),
  ],
};

export const citations: GoldenCase = {
  name: 'citations',
  answers: Object.fromEntries(
    VENDORS.map((vendor) => {
      const [found = '', instead = ''] = EDITS[vendor.dialect] ?? [];
      const json = JSON.stringify(wordOf(vendor, TEXT)).replace(found, instead);
      return [vendor.dialect, { status: 200, body: JSON.parse(json) as unknown }];
    }),
  ) as Required<GoldenCase>['answers'],
};
