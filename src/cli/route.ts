// `pointsman route`: one routing decision for one prompt or request, without any server of ours.

import { readFile } from 'node:fs/promises';
import type { RoutePolicy } from '../config/gateway-config.ts';
import type { Turn } from '../conversation/turn.ts';
import { explain } from '../decide/reason.ts';
import { type ChainDecision, embeddedAnswer } from '../decide/router-chain.ts';
import { gemini } from '../dialects/gemini/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import { isObject, type JsonObject } from '../json/json-value.ts';
import { type CommandIo, EXIT } from './command-io.ts';
import { createDecider } from './decider.ts';
import { explainDecision } from './explanation.ts';
import { type CommandArguments, FILE_OPTION, readArguments } from './read-arguments.ts';
import { readConfig } from './read-config.ts';

const HELP = `Usage: pointsman route [-f FILE] [--explain] "PROMPT"
       pointsman route [-f FILE] [--explain] --request FILE

Prints which route a prompt matches, the models of that route, the reason, the time it took, and how likely each route
is meant and none of them.

  -f, --file FILE      the configuration (default: config.yaml)
      --request FILE   a request's JSON body in any dialect, with its whole conversation, instead of a prompt
      --explain        what text was weighed, how much its parts weigh, and which examples are near
  -h, --help           this text

Exit codes: 0 decided (also where no route matches), 1 invalid configuration, 2 wrong usage or unreadable file.
`;

const MOST_TURN_CHARACTERS = 32_768;

export async function route(argv: readonly string[], io: CommandIo): Promise<number> {
  const options = { ...FILE_OPTION, request: { type: 'string' }, explain: { type: 'boolean' } } as const;
  const read = readArguments('route', HELP, argv, options, io, 1);
  if (typeof read === 'number') return read;
  const turns = await readTurns(read, io);
  if (turns === undefined) return EXIT.usage;
  const loaded = await readConfig('route', String(read.values['file']), io, { keysOptional: true });
  if (loaded.type === 'exit') return loaded.code;
  const { config } = loaded;
  if (config.policy === undefined) {
    io.stderr('pointsman route: the configuration has no routing_preferences\n');
    return EXIT.failed;
  }
  const decider = await createDecider(config, io);
  const decision = await decider.decide(config.policy.routes, turns);
  io.stdout(describe(decision, config.policy));
  if (read.values['explain'] === true)
    io.stdout(await explainDecision(decider, config.policy, turns, decision));
  return EXIT.ok;
}

/** Undefined where the usage is wrong, which is then said. */
async function readTurns(
  { values, positionals }: CommandArguments,
  io: CommandIo,
): Promise<readonly Turn[] | undefined> {
  const refuse = (message: string): undefined => {
    io.stderr(`pointsman route: ${message}\n\n${HELP}`);
  };
  const prompt = positionals[0]?.trim() ?? '';
  const file = values['request'];
  if (file === undefined) {
    return prompt === '' ? refuse('give a prompt') : [{ role: 'user', text: prompt }];
  }
  if (prompt !== '') return refuse('give a prompt or a request, not both');
  let body: unknown;
  try {
    body = JSON.parse(await readFile(String(file), 'utf8'));
  } catch (error) {
    return refuse(`cannot read the request: ${error instanceof Error ? error.message : String(error)}`);
  }
  const turns = isObject(body as JsonObject) ? turnsOf(body as JsonObject) : [];
  return turns.length === 0 ? refuse('the request has no text of a user') : turns;
}

/** Each dialect has another name for the conversation; that of Messages reads like that of Chat. */
function turnsOf(body: JsonObject): readonly Turn[] {
  const dialect = 'contents' in body ? gemini : 'input' in body ? openaiResponses : openaiChat;
  return dialect.readTurns(body, MOST_TURN_CHARACTERS);
}

function describe(decision: ChainDecision, policy: RoutePolicy): string {
  const matched = policy.routes.find((candidate) => candidate.name === decision.route);
  const lines = [
    `route         ${decision.route ?? 'none'}`,
    `models        ${matched?.models.join(', ') ?? 'none'}`,
    `reason        ${explain(decision)}`,
    `milliseconds  ${decision.milliseconds.toFixed(1)}`,
  ];
  const { scores, none } = embeddedAnswer(decision) ?? decision;
  const rows = [
    ...scores.map(({ route: name, score }): [string, number] => [name, score]),
    ...(none === undefined ? [] : [['(none)', none] satisfies [string, number]]),
  ].sort(([, a], [, b]) => b - a);
  if (rows.length > 0)
    lines.push('probabilities', ...rows.map(([name, score]) => `  ${score.toFixed(3)}  ${name}`));
  return `${lines.join('\n')}\n`;
}
