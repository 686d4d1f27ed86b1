// data: URLs with base64 content, as OpenAI's dialects carry images and files: https://datatracker.ietf.org/doc/html/rfc2397

export interface Base64Data {
  readonly mediaType: string;
  readonly data: string;
}

/** Undefined for any other URL. Looks at the head only: the data may be megabytes. */
export function readDataUrl(url: string): Base64Data | undefined {
  const comma = url.indexOf(',');
  const head = url.slice(0, Math.max(0, comma));
  if (!/^data:[^,]*;base64$/i.test(head)) return undefined;
  const mediaType = head.slice('data:'.length).split(';', 1)[0];
  return {
    mediaType: mediaType === undefined || mediaType === '' ? 'application/octet-stream' : mediaType,
    data: url.slice(comma + 1),
  };
}

export function writeDataUrl({ mediaType, data }: Base64Data): string {
  return `data:${mediaType};base64,${data}`;
}
