import type { DialectModule } from '../dialect-module.ts';
import { encodeError } from './errors.ts';
import { checkRequest, readTurns } from './request.ts';

export const openaiResponses: DialectModule = {
  dialect: 'openai-responses',
  checkRequest,
  readTurns,
  encodeError,
};
