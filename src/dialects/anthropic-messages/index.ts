import type { DialectModule } from '../dialect-module.ts';
import { encodeError } from './errors.ts';
import { checkRequest, readTurns } from './request.ts';

export const anthropicMessages: DialectModule = {
  dialect: 'anthropic-messages',
  checkRequest,
  readTurns,
  encodeError,
};
