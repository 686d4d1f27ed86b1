// Loads the project's own task set, tasks.yaml. Called by evaluate-routing.ts and its test. Conversations are reduced to
// turns by the gateway's own dialect module, so that an evaluation asks what the gateway would ask.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Turn } from '../../src/conversation/turn.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import type { RoutingTask } from './routing-task.ts';

const routeSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  examples: z.array(z.string()).default([]),
});
const messageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.json(),
  tool_calls: z.json().optional(),
  tool_call_id: z.string().optional(),
});
const taskSchema = z.strictObject({
  policy: z.string(),
  ask: z.string().optional(),
  messages: z.array(messageSchema).optional(),
  tools: z.array(z.record(z.string(), z.json())).optional(),
  /** ISO 639-1. */
  language: z.string().length(2).optional(),
  route: z.string().nullable(),
});
const fileSchema = z.strictObject({
  policies: z.record(z.string(), z.array(routeSchema)),
  tasks: z.array(taskSchema),
});

export const TASK_KINDS = ['short', 'long', 'multi-turn', 'agent', 'English', 'non-English'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface ProjectTask extends RoutingTask {
  readonly policy: string;
  readonly language: string;
  readonly kinds: readonly TaskKind[];
}

/** A prompt of at least this many words counts as long. */
const LONG_WORDS = 40;
const TURN_CHARACTERS = 8192;

export function loadProjectTasks(): ProjectTask[] {
  const file = fileSchema.parse(parse(readFileSync(new URL('tasks.yaml', import.meta.url), 'utf8')));
  return file.tasks.map((task, index) => {
    const routes = file.policies[task.policy];
    const place = `tasks.yaml, task ${index + 1}`;
    if (routes === undefined) throw new Error(`${place}: no policy ${task.policy}`);
    if (task.route !== null && !routes.some((route) => route.name === task.route)) {
      throw new Error(`${place}: ${task.policy} has no route ${task.route}`);
    }
    if ((task.ask === undefined) === (task.messages === undefined)) {
      throw new Error(`${place}: needs either ask or messages`);
    }
    const body = {
      messages: task.messages ?? [{ role: 'user', content: task.ask ?? '' }],
      tools: task.tools ?? [],
    };
    openaiChat.checkRequest(body);
    const turns = openaiChat.readTurns(body, TURN_CHARACTERS);
    const { policy, route, language = 'en' } = task;
    return { policy, routes, turns, expected: route, language, kinds: kindsOf(task, turns) };
  });
}

function kindsOf(task: z.infer<typeof taskSchema>, turns: readonly Turn[]): TaskKind[] {
  const words = (turns.at(-1)?.text ?? '').split(/\s+/).length;
  const kinds: TaskKind[] = [words >= LONG_WORDS ? 'long' : 'short'];
  if (turns.length > 1) kinds.push('multi-turn');
  if (task.tools !== undefined) kinds.push('agent');
  kinds.push(task.language === undefined ? 'English' : 'non-English');
  return kinds;
}
