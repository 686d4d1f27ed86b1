// `pointsman route`: one routing decision for one prompt, without any server of ours.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayConfig, RoutePolicy } from '../config/gateway-config.ts';
import { loadEmbeddedModel } from '../decide/embedded/embedded-model.ts';
import { EmbeddedRouter } from '../decide/embedded/embedded-router.ts';
import { explain } from '../decide/reason.ts';
import type { ChainDecision } from '../decide/router-chain.ts';
import { routesIdOf } from '../decide/routes-id.ts';
import { createRouterChain } from '../gateway.ts';
import { createLog } from '../telemetry/log.ts';
import { type CommandIo, EXIT } from './command-io.ts';
import { FILE_OPTION, readArguments } from './read-arguments.ts';
import { readConfig } from './read-config.ts';

const HELP = `Usage: pointsman route [-f FILE] "PROMPT"

Prints which route a prompt matches, the models of that route, the scores, the reason and the time it took.

  -f, --file FILE   the configuration (default: config.yaml)
  -h, --help        this text

Exit codes: 0 decided (also where no route matches), 1 invalid configuration, 2 wrong usage or unreadable file.
`;

export async function route(argv: readonly string[], io: CommandIo): Promise<number> {
  const read = readArguments('route', HELP, argv, FILE_OPTION, io, 1);
  if (typeof read === 'number') return read;
  const prompt = read.positionals[0]?.trim() ?? '';
  if (prompt === '') {
    io.stderr(`pointsman route: give a prompt\n\n${HELP}`);
    return EXIT.usage;
  }
  const loaded = await readConfig('route', String(read.values['file']), io, { keysOptional: true });
  if (loaded.type === 'exit') return loaded.code;
  const { config } = loaded;
  if (config.policy === undefined) {
    io.stderr('pointsman route: the configuration has no routing_preferences\n');
    return EXIT.failed;
  }
  io.stdout(describe(await decide(config, config.policy, prompt, io), config.policy));
  return EXIT.ok;
}

async function decide(
  config: GatewayConfig,
  policy: RoutePolicy,
  prompt: string,
  io: CommandIo,
): Promise<ChainDecision> {
  const { engine, threshold, timeout } = config.routing;
  const modelDirectory = path.join(fileURLToPath(new URL('../..', import.meta.url)), 'model');
  const embedded =
    engine === 'none'
      ? undefined
      : new EmbeddedRouter(await loadEmbeddedModel(modelDirectory), { threshold });
  const chain = createRouterChain({
    config,
    embedded,
    count: () => {},
    log: createLog(io.stderr, () => new Date()),
  });
  const routesId = routesIdOf(policy.routes);
  const question = { routes: policy.routes, routesId, turns: [{ role: 'user', text: prompt } as const] };
  return chain.decide(question, timeout, new AbortController().signal);
}

function describe(decision: ChainDecision, policy: RoutePolicy): string {
  const matched = policy.routes.find((candidate) => candidate.name === decision.route);
  const lines = [
    `route         ${decision.route ?? 'none'}`,
    `models        ${matched?.models.join(', ') ?? 'none'}`,
    `reason        ${explain(decision)}`,
    `milliseconds  ${decision.milliseconds.toFixed(1)}`,
  ];
  const scores = [...decision.scores].sort((a, b) => b.score - a.score);
  if (scores.length > 0)
    lines.push('scores', ...scores.map(({ route: name, score }) => `  ${score.toFixed(3)}  ${name}`));
  return `${lines.join('\n')}\n`;
}
