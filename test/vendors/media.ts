// Whether a vendor could look at a picture: an address, or bytes that are what they claim to be.

const MAGIC: Readonly<Record<string, string>> = {
  'image/png': '89504e47',
  'image/jpeg': 'ffd8ff',
  'image/gif': '47494638',
  'image/webp': '52494646',
  'application/pdf': '25504446',
};

/** A data URL or an http(s) address. */
export function isReadable(url: string): boolean {
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return mediaType === undefined || data === undefined
    ? /^https?:\/\/\S+$/.test(url)
    : isMedia(mediaType, data);
}

/** @param data base64 */
export function isMedia(mediaType: string, data: string): boolean {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== data) return false;
  const magic = MAGIC[mediaType];
  return magic === undefined ? !mediaType.startsWith('image/') : bytes.toString('hex').startsWith(magic);
}
