// The warning of reasoning that another vendor signed, which means nothing to the model that is asked. For the dialects that
// leave it out.

import type { ReasoningPart } from '../conversation/part.ts';
import type { Warning } from '../conversation/warning.ts';

const MESSAGE = "left out: reasoning that is not the provider's own";

/** Once: a long conversation has much of it. A mark without content says nothing. */
export function warnOfReasoning(
  { text, redacted }: Pick<ReasoningPart, 'text' | 'redacted'>,
  param: string,
  warnings: Warning[],
): void {
  if (text === '' && redacted !== true) return;
  if (!warnings.some(({ message }) => message === MESSAGE)) warnings.push({ param, message: MESSAGE });
}
