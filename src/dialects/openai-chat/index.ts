import type { DialectModule } from '../dialect-module.ts';
import { encodeError } from './errors.ts';
import { checkRequest, readTurns } from './request.ts';

export const openaiChat: DialectModule = { dialect: 'openai-chat', checkRequest, readTurns, encodeError };
