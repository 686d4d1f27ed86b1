// What a person wrote, out of what a coding agent sent as the user's message: agents put reminders, listings of files and
// results of tools into it, between tags of their own. Called where turns are collected for routing; what goes to a model
// is never changed by it.

/**
 * Blocks that an agent adds. Claude Code: system-reminder, command-*, local-command-*, ide_*; Cline and Roo Code:
 * environment_details; Codex: environment_context, user_instructions, INSTRUCTIONS (of an AGENTS.md), permissions
 * instructions, turn_aborted; Cursor: system_reminder, timestamp, attached_files, additional_data; Copilot: attachments,
 * environment_info, workspace_info, editorContext, reminderInstructions.
 */
const ADDED = [
  'system-reminder',
  'system_reminder',
  'command-name',
  'command-message',
  'local-command-caveat',
  'local-command-stdout',
  'local-command-stderr',
  'ide_opened_file',
  'ide_selection',
  'environment_details',
  'environment_context',
  'user_instructions',
  'INSTRUCTIONS',
  'permissions instructions',
  'turn_aborted',
  'timestamp',
  'attached_files',
  'additional_data',
  'attachments',
  'environment_info',
  'workspace_info',
  'editorContext',
  'reminderInstructions',
];

/** Blocks that hold what the person wrote, and nothing around them does. Cursor, Copilot, Cline (the last two). */
const WRITTEN = ['user_query', 'userRequest', 'user_message', 'feedback'];

const TAG = new RegExp(`<(${[...ADDED, ...WRITTEN].join('|')})>`, 'g');

/** Cline wraps the first message of a task; anywhere else it is a word like any other. */
const TASK = /^\s*<task>(.*)<\/task>\s*$/s;

/** Whole messages of Claude Code, and the heading that Codex puts over an AGENTS.md. */
const NOT_WRITTEN = /^(?:\[Request interrupted by user[^\]]*\]|# AGENTS\.md instructions for \S+)$/;

/** Cline sends results of tools as text: `[read_file for 'src/a.ts'] Result:`. */
const TOOL_RESULT = /^\[\w+(?: for '[^'\n]*')?\] Result:/;

/** In UTF-16 units: no agent adds to a message of megabytes, and looking for it would hold every other request up. */
const LONGEST = 1_048_576;

/** Empty where the person wrote nothing. Takes time in proportion to the text. */
export function usersWords(text: string): string {
  if (text.length > LONGEST) return text;
  if (!text.includes('<') && !text.includes('[') && !text.startsWith('#')) return text;
  const { written, rest } = splitBlocks(text);
  if (written !== undefined) return written.trim();
  const remaining = rest.trim();
  if (NOT_WRITTEN.test(remaining) || TOOL_RESULT.test(remaining)) return '';
  return TASK.exec(remaining)?.[1]?.trim() ?? (rest.length === text.length ? text : remaining);
}

/** `written`: the last block of the person's own; `rest`: the text without the agent's blocks. */
function splitBlocks(text: string): { readonly written: string | undefined; readonly rest: string } {
  const unclosed = new Set<string>();
  let written: string | undefined;
  let rest = '';
  let kept = 0;
  TAG.lastIndex = 0;
  for (let match = TAG.exec(text); match !== null; match = TAG.exec(text)) {
    const [opening, name = ''] = match;
    if (unclosed.has(name)) continue;
    const closing = `</${name}>`;
    const end = text.indexOf(closing, TAG.lastIndex);
    if (end === -1) {
      unclosed.add(name);
      continue;
    }
    if (WRITTEN.includes(name)) written = text.slice(match.index + opening.length, end);
    rest += text.slice(kept, match.index);
    kept = end + closing.length;
    TAG.lastIndex = kept;
  }
  return { written, rest: rest + text.slice(kept) };
}
