// `pointsman eval`: scores routing tasks of one's own with the routes and the router of a configuration.

import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/config-error.ts';
import type { GatewayConfig, RoutingConfig } from '../config/gateway-config.ts';
import { parseDuration } from '../config/quantities.ts';
import { type DecidedTask, describeResults, isRight } from '../evaluate/report.ts';
import { readTasks, type WrittenTask } from '../evaluate/task-file.ts';
import { type CommandIo, EXIT } from './command-io.ts';
import { createDecider } from './decider.ts';
import { FILE_OPTION, readArguments } from './read-arguments.ts';
import { readConfig } from './read-config.ts';

const HELP = `Usage: pointsman eval [-f FILE] [--engine ENGINE] [--min-accuracy SHARE] TASKS

Routes every task of a file and prints how many are right, what is confused with what, the worst mistakes, and how far
the router's own confidence can be trusted. TASKS is a YAML list of what was sent and the route that is right for it:

  - {prompt: write a parser for this format, route: code_generation}
  - {prompt: what is the capital of France?, none: true}
  - {messages: [{role: user, content: write a poem}, {role: assistant, content: …}, {role: user, content: shorter}], route: writing}

  -f, --file FILE           the configuration (default: config.yaml)
      --engine ENGINE       auto, cascade, arch-router or embedded instead of the configured one
      --timeout TIME        instead of the configured deadline of a decision, such as 60s
      --min-accuracy SHARE  0 to 1: exit with 1 where fewer are right
  -h, --help                this text

Exit codes: 0 scored, 1 below --min-accuracy, or a file with problems, 2 wrong usage or unreadable file.
`;

const ENGINES = ['auto', 'cascade', 'arch-router', 'embedded'] as const;

export async function evaluate(argv: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(argv, io);
  if (typeof options === 'number') return options;
  const loaded = await readConfig('eval', options.file, io, { keysOptional: true });
  if (loaded.type === 'exit') return loaded.code;
  const config = { ...loaded.config, routing: { ...loaded.config.routing, ...options.routing } };
  if (config.routing.engine === 'none') {
    io.stderr('pointsman eval: routing.engine is none; give --engine\n');
    return EXIT.usage;
  }
  const tasks = await readTaskFile(options.tasks, config, io);
  if (typeof tasks === 'number') return tasks;
  const decider = await createDecider(config, io);
  const results: DecidedTask[] = [];
  for (const task of tasks) {
    results.push({ task, decision: await decider.decide(task.routes, task.turns) });
  }
  io.stdout(`Engine ${decider.engine}\n${describeResults(results, config.routing.confidence)}`);
  const share = results.filter(isRight).length / results.length;
  if (options.minAccuracy === undefined || share >= options.minAccuracy) return EXIT.ok;
  io.stderr(`pointsman eval: ${share.toFixed(3)} right, which is below ${options.minAccuracy}\n`);
  return EXIT.failed;
}

interface EvalOptions {
  readonly file: string;
  readonly tasks: string;
  readonly minAccuracy: number | undefined;
  readonly routing: Partial<RoutingConfig>;
}

function readOptions(argv: readonly string[], io: CommandIo): EvalOptions | number {
  const option = { type: 'string' } as const;
  const options = { ...FILE_OPTION, engine: option, timeout: option, 'min-accuracy': option };
  const read = readArguments('eval', HELP, argv, options, io, 1);
  if (typeof read === 'number') return read;
  const { values, positionals } = read;
  const refuse = (message: string): number => {
    io.stderr(`pointsman eval: ${message}\n\n${HELP}`);
    return EXIT.usage;
  };
  const [tasks] = positionals;
  if (tasks === undefined) return refuse('give a file of tasks');
  const engine = ENGINES.find((name) => name === values['engine']);
  if (values['engine'] !== undefined && engine === undefined)
    return refuse(`--engine is one of ${ENGINES.join(', ')}`);
  const timeout = values['timeout'] === undefined ? undefined : parseDuration(String(values['timeout']));
  if (values['timeout'] !== undefined && !timeout) return refuse('--timeout is a time such as 60s');
  const written = values['min-accuracy'];
  const minAccuracy = written === undefined ? undefined : Number(written === '' ? Number.NaN : written);
  if (minAccuracy !== undefined && !(minAccuracy >= 0 && minAccuracy <= 1))
    return refuse('--min-accuracy is a number from 0 to 1');
  const routing = {
    ...(engine === undefined ? {} : { engine }),
    ...(timeout === undefined ? {} : { timeout }),
  };
  return { file: String(values['file']), tasks, minAccuracy, routing };
}

async function readTaskFile(
  file: string,
  config: GatewayConfig,
  io: CommandIo,
): Promise<readonly WrittenTask[] | number> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    io.stderr(`pointsman eval: cannot read the tasks: ${error instanceof Error ? error.message : error}\n`);
    return EXIT.usage;
  }
  try {
    return readTasks(text, { file, routes: config.policy?.routes });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const count = error.problems.length;
    io.stderr(`${error.message}\n\n${file} has ${count === 1 ? 'one problem' : `${count} problems`}\n`);
    return EXIT.failed;
  }
}
