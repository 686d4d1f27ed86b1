// A citation of an answer's text: https://platform.claude.com/docs/en/build-with-claude/citations
// What it counts (characters, pages, blocks) are places in the source, not in the text, so they stay the vendor's own.

import type { Citation } from '../../conversation/part.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { present, stringOf } from '../../json/read-value.ts';
import { DIALECT } from './keep-rest.ts';

export function decodeCitation(wire: JsonObject): Citation {
  return {
    ...present({
      url: stringOf(wire['url']) ?? urlIn(stringOf(wire['source'])),
      title: stringOf(wire['title']) ?? stringOf(wire['document_title']),
      citedText: stringOf(wire['cited_text']),
    }),
    vendor: { dialect: DIALECT, members: wire },
  };
}

/** A search result's source may be anything that names it. */
function urlIn(source: string | undefined): string | undefined {
  return source !== undefined && /^https?:\/\//.test(source) ? source : undefined;
}
