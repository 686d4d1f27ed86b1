// YAML with a mark (‸) where a problem is expected, so that a test shows the place instead of counting columns.

export interface MarkedYaml {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export function markedYaml(marked: string): MarkedYaml {
  const offset = marked.indexOf('‸');
  if (offset < 0) throw new Error('no mark in the YAML');
  const before = marked.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    text: before + marked.slice(offset + 1),
    line: before.split('\n').length,
    column: offset - lineStart + 1,
  };
}
