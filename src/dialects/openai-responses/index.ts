import type { DialectModule } from '../dialect-module.ts';
import { checkRequest, readTurns } from './check-request.ts';
import { encodeError } from './errors.ts';

export const openaiResponses: DialectModule = {
  dialect: 'openai-responses',
  checkRequest,
  readTurns,
  encodeError,
};
