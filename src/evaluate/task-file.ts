// Reads a file of routing tasks: what was sent, and the route that is right for it. Called by `pointsman eval` and by the
// project's own evaluation. Conversations are reduced to turns by the gateway's own dialect module, so that what is
// measured is what the gateway would decide.

import * as z from 'zod';
import { closestName } from '../config/closest-name.ts';
import { ConfigError, type ConfigPath } from '../config/config-error.ts';
import { ProblemList } from '../config/problem-list.ts';
import { addSchemaProblems } from '../config/schema-problems.ts';
import { text } from '../config/schema-values.ts';
import { readYaml } from '../config/yaml-source.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import type { Route } from '../contract/route.ts';
import type { Turn } from '../conversation/turn.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { JsonObject } from '../json/json-value.ts';

export interface RoutingTask {
  readonly routes: readonly Route[];
  /** As the router sees them; see RouterQuestion. */
  readonly turns: readonly Turn[];
  /** The right route's name, or null where none fits. */
  readonly expected: string | null;
}

export interface WrittenTask extends RoutingTask {
  /** Of the file; undefined where the configuration's routes are meant. */
  readonly policy: string | undefined;
  /** ISO 639-1; undefined where the file does not say. */
  readonly language: string | undefined;
  readonly hasTools: boolean;
}

const taskSchema = z.strictObject({
  prompt: text.optional(),
  ask: text.optional(),
  messages: z.array(z.record(z.string(), z.json())).min(1).optional(),
  tools: z.array(z.record(z.string(), z.json())).optional(),
  route: text.nullable().optional(),
  none: z.literal(true).optional(),
  policy: text.optional(),
  language: z.string().length(2).optional(),
});
const routeSchema = z.strictObject({ name: text, description: text, examples: z.array(text).optional() });
const listSchema = z.array(taskSchema).min(1);
const fileSchema = z.strictObject({
  policies: z.record(z.string(), z.array(routeSchema).min(1)).optional(),
  tasks: listSchema,
});

type Task = z.infer<typeof taskSchema>;

const MOST_TURN_CHARACTERS = 32_768;

/** Not a secret anywhere: prompts are the reader's own. */
const NO_SECRETS = (): boolean => false;

/**
 * A list of tasks, or `policies` and `tasks` that name one of them.
 * @param file for messages only
 * @param routes what a task without a policy is about; undefined where there are none
 * @throws ConfigError with every problem and its place
 */
export function readTasks(
  yaml: string,
  { file, routes }: { readonly file: string; readonly routes: readonly Route[] | undefined },
): readonly WrittenTask[] {
  const source = readYaml(yaml);
  if (source.syntaxProblems.length > 0)
    throw new ConfigError(source.syntaxProblems.map((problem) => ({ file, path: '', ...problem })));
  const problems = new ProblemList(file, source, NO_SECRETS);
  const isList = Array.isArray(source.value);
  const schema = isList ? listSchema : fileSchema;
  const read = schema.safeParse(source.value);
  if (!read.success) addSchemaProblems(problems, schema, source.value, read.error.issues);
  problems.throwIfAny();
  const { tasks, policies = {} } = (isList ? { tasks: read.data } : read.data) as z.infer<typeof fileSchema>;
  const known = new Map(
    Object.entries(policies).map(([name, list]) => [
      name,
      list.map((route) => ({ ...route, examples: route.examples ?? [] })),
    ]),
  );
  const written = tasks.map((task, index) => {
    const path = isList ? [index] : ['tasks', index];
    return readTask(task, path, { problems, routes, policies: known });
  });
  problems.throwIfAny();
  return written.filter((task) => task !== undefined);
}

interface Surroundings {
  readonly problems: ProblemList;
  readonly routes: readonly Route[] | undefined;
  readonly policies: ReadonlyMap<string, readonly Route[]>;
}

/** Undefined where there is a problem. */
function readTask(
  task: Task,
  path: ConfigPath,
  { problems, routes: ofConfiguration, policies }: Surroundings,
): WrittenTask | undefined {
  const routes = task.policy === undefined ? ofConfiguration : policies.get(task.policy);
  if (routes === undefined) {
    if (task.policy === undefined)
      problems.add(
        path,
        'the configuration has no routes for this task',
        'add routing_preferences to it, or policies to this file',
      );
    else
      problems.add(
        [...path, 'policy'],
        'there is no such policy in this file',
        didYouMean(task.policy, policies.keys()),
      );
    return undefined;
  }
  const expected = readExpected(task, path, routes, problems);
  const turns = readTaskTurns(task, path, problems);
  if (expected === undefined || turns === undefined) return undefined;
  const { policy, language } = task;
  return { routes, turns, expected, policy, language, hasTools: task.tools !== undefined };
}

function readExpected(
  { route, none }: Task,
  path: ConfigPath,
  routes: readonly Route[],
  problems: ProblemList,
): string | null | undefined {
  if ((route === undefined) === (none === undefined)) {
    const message = route === undefined ? 'the right answer is missing' : 'route and none are two answers';
    problems.add(path, message, 'write route: and a name, or none: true where no route fits');
    return undefined;
  }
  if (route === undefined || route === null) return null;
  if (routes.some(({ name }) => name === route)) return route;
  if (route === 'none') return null;
  const names = routes.map(({ name }) => name);
  problems.add(
    [...path, 'route'],
    'there is no such route',
    didYouMean(route, names) ?? `the routes are ${names.join(', ')}, and none`,
  );
  return undefined;
}

function readTaskTurns(
  { prompt, ask, messages, tools }: Task,
  path: ConfigPath,
  problems: ProblemList,
): readonly Turn[] | undefined {
  const given = [prompt, ask, messages].filter((form) => form !== undefined);
  if (given.length !== 1) {
    const message = given.length === 0 ? 'there is nothing to route' : 'only one of these can be routed';
    problems.add(path, message, 'write prompt: and a text, or messages: and a list');
    return undefined;
  }
  const body = {
    messages: messages ?? [{ role: 'user', content: prompt ?? ask ?? '' }],
    ...(tools === undefined ? {} : { tools }),
  } as JsonObject;
  try {
    openaiChat.checkRequest(body);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    problems.add([...path, ...stepsOf(error.param ?? 'messages')], error.message);
    return undefined;
  }
  const turns = openaiChat.readTurns(body, MOST_TURN_CHARACTERS);
  if (turns.length > 0) return turns;
  problems.add(path, 'no message of the user has text', 'write what the user asks');
  return undefined;
}

/** `messages[2].role` */
function stepsOf(param: string): ConfigPath {
  return param
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const meant = closestName(name, candidates);
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}
