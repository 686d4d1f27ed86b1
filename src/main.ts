// argv → command; nothing else. Each command's module is loaded only when it is asked for.

import { availableParallelism } from 'node:os';
import { type Command, EXIT } from './cli/command-io.ts';

const HELP = `Usage: pointsman COMMAND [OPTIONS]

  up       run the gateway
  check    validate a configuration and print what it would run
  envoy    print the Envoy configuration for one
  route    print the routing decision for a prompt
  eval     score routing tasks of your own

"pointsman COMMAND --help" tells the rest.
`;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./cli/up.ts')).up,
  check: async () => (await import('./cli/check.ts')).check,
  envoy: async () => (await import('./cli/envoy.ts')).envoy,
  route: async () => (await import('./cli/route.ts')).route,
  eval: async () => (await import('./cli/eval.ts')).evaluate,
};

const [name = '', ...argv] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command !== undefined) {
  const run = await command();
  process.exitCode = await run(argv, {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    cores: availableParallelism(),
  });
} else if (name === '--help' || name === '-h' || name === 'help') {
  process.stdout.write(HELP);
} else {
  process.stderr.write(`${name === '' ? 'give a command' : `there is no command '${name}'`}\n\n${HELP}`);
  process.exitCode = EXIT.usage;
}
