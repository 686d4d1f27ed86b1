// Loads the project's own task set, tasks.yaml, a file as `pointsman eval` reads it. Called by evaluate-routing.ts and its
// test.

import { readFileSync } from 'node:fs';
import { readTasks, type WrittenTask } from '../../src/evaluate/task-file.ts';

export const TASK_KINDS = ['short', 'long', 'multi-turn', 'agent', 'English', 'non-English'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface ProjectTask extends WrittenTask {
  readonly kinds: readonly TaskKind[];
}

/** A prompt of at least this many words counts as long. */
const LONG_WORDS = 40;

export function loadProjectTasks(): ProjectTask[] {
  const text = readFileSync(new URL('tasks.yaml', import.meta.url), 'utf8');
  const tasks = readTasks(text, { file: 'tasks.yaml', routes: undefined });
  return tasks.map((task) => ({ ...task, kinds: kindsOf(task) }));
}

function kindsOf({ turns, hasTools, language }: WrittenTask): TaskKind[] {
  const words = (turns.at(-1)?.text ?? '').split(/\s+/).length;
  const kinds: TaskKind[] = [words >= LONG_WORDS ? 'long' : 'short'];
  if (turns.length > 1) kinds.push('multi-turn');
  if (hasTools) kinds.push('agent');
  kinds.push(language === undefined ? 'English' : 'non-English');
  return kinds;
}
