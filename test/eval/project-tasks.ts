// Loads the project's own task set, tasks.yaml. Called by evaluate-routing.ts and its test.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Turn } from '../../src/conversation/turn.ts';
import type { RoutingTask } from './routing-task.ts';

const routeSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  examples: z.array(z.string()).default([]),
});
const partSchema = z.looseObject({ type: z.string(), text: z.string().optional() });
const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.null(), z.array(partSchema)]),
});
const taskSchema = z.strictObject({
  policy: z.string(),
  ask: z.string().optional(),
  messages: z.array(messageSchema).optional(),
  tools: z.array(z.unknown()).optional(),
  language: z.string().length(2).optional(),
  route: z.string().nullable(),
});
const fileSchema = z.strictObject({
  policies: z.record(z.string(), z.array(routeSchema)),
  tasks: z.array(taskSchema),
});

export type TaskKind = 'short' | 'long' | 'multi-turn' | 'agent' | 'non-English';

export interface ProjectTask extends RoutingTask {
  readonly policy: string;
  readonly kinds: readonly TaskKind[];
}

/** A prompt of at least this many words counts as long. */
const LONG_WORDS = 40;

export function loadProjectTasks(): ProjectTask[] {
  const file = fileSchema.parse(parse(readFileSync(new URL('tasks.yaml', import.meta.url), 'utf8')));
  return file.tasks.map((task) => {
    const routes = file.policies[task.policy];
    if (routes === undefined) throw new Error(`tasks.yaml: no policy ${task.policy}`);
    if (task.route !== null && !routes.some((route) => route.name === task.route)) {
      throw new Error(`tasks.yaml: ${task.policy} has no route ${task.route}`);
    }
    const messages = task.messages ?? [{ role: 'user' as const, content: task.ask ?? '' }];
    const turns = turnsOf(messages);
    return { policy: task.policy, routes, turns, expected: task.route, kinds: kindsOf(task, turns) };
  });
}

/** User and assistant messages that have text, up to the latest user's. */
function turnsOf(messages: readonly z.infer<typeof messageSchema>[]): Turn[] {
  const turns = messages.flatMap((message): Turn[] => {
    if (message.role !== 'user' && message.role !== 'assistant') return [];
    const parts = typeof message.content === 'string' ? [{ text: message.content }] : (message.content ?? []);
    const text = parts
      .flatMap((part) => part.text ?? [])
      .join('\n')
      .trim();
    return text === '' ? [] : [{ role: message.role, text }];
  });
  const last = turns.findLastIndex((turn) => turn.role === 'user');
  if (last < 0) throw new Error('tasks.yaml: a task without user text');
  return turns.slice(0, last + 1);
}

function kindsOf(task: z.infer<typeof taskSchema>, turns: readonly Turn[]): TaskKind[] {
  const kinds: TaskKind[] = [];
  const words = (turns.at(-1)?.text ?? '').split(/\s+/).length;
  kinds.push(words >= LONG_WORDS ? 'long' : 'short');
  if (turns.length > 1) kinds.push('multi-turn');
  if (task.tools !== undefined) kinds.push('agent');
  if (task.language !== undefined) kinds.push('non-English');
  return kinds;
}
