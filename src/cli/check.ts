// `pointsman check`: validates a configuration and prints what it would run. Starts nothing. Everything but the file
// comes from its caller.

import { describeConfig } from '../config/describe-config.ts';
import { type CommandIo, EXIT } from './command-io.ts';
import { describeOverlaps } from './overlap-report.ts';
import { FILE_OPTION, readArguments } from './read-arguments.ts';
import { readConfig } from './read-config.ts';

const HELP = `Usage: pointsman check [-f FILE] [--demo]

Validates a configuration and prints the models, routes, router, clusters and warnings it stands for, and which of its
routes overlap, with a prompt that falls between them. Nothing is started and no provider is called. Keys are never printed.

  -f, --file FILE   the configuration (default: config.yaml)
      --demo        as with "pointsman up --demo": an unset key is no problem; says which models are then
                    answered by the built-in demo provider
  -h, --help        this text

Exit codes: 0 valid, 1 invalid configuration, 2 wrong usage or unreadable file.
`;

/** Only shown: `up` makes the real one in a directory of its own. */
const DEMO_SOCKET = 'demo.sock';

export async function check(argv: readonly string[], io: CommandIo): Promise<number> {
  const read = readArguments('check', HELP, argv, { ...FILE_OPTION, demo: { type: 'boolean' } }, io);
  if (typeof read === 'number') return read;
  const file = String(read.values['file']);
  const loaded = await readConfig(
    'check',
    file,
    io,
    read.values['demo'] === true ? { demoSocket: DEMO_SOCKET } : {},
  );
  if (loaded.type === 'exit') return loaded.code;
  const overlaps = await describeOverlaps(loaded.config);
  const parts = [describeConfig(loaded.config), overlaps, `${file} is valid\n`];
  io.stdout(parts.filter((part) => part !== '').join('\n'));
  return EXIT.ok;
}
