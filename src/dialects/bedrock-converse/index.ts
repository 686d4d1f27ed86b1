import type { ProviderDialectModule } from '../provider-dialect.ts';
import { decodeAnswer } from './decode-answer.ts';
import { ConverseStreamDecoder } from './decode-stream.ts';
import { encodeRequest } from './encode-request.ts';
import { decodeError } from './errors.ts';

/** No client speaks it to us: AWS's SDKs sign for their own host. */
export const bedrockConverse: ProviderDialectModule = {
  dialect: 'bedrock-converse',
  streamType: 'application/vnd.amazon.eventstream',
  encodeRequest,
  decodeAnswer,
  createStreamDecoder: (context) => new ConverseStreamDecoder(context),
  decodeError,
};
