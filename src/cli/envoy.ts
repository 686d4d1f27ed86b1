// `pointsman envoy`: prints the Envoy configuration that `up` would run, for an Envoy of one's own. It holds no keys.

import { stringify } from 'yaml';
import { renderBootstrap } from '../envoy/bootstrap.ts';
import { DEFAULT_CA_FILE } from '../supervisor/trust-store.ts';
import { type CommandIo, EXIT } from './command-io.ts';
import { parseHostAndPort } from './host-and-port.ts';
import { FILE_OPTION, readArguments } from './read-arguments.ts';
import { readConfig } from './read-config.ts';

const HELP = `Usage: pointsman envoy [-f FILE] [--service HOST:PORT]

Prints the Envoy configuration (YAML) for a configuration file. Run it with an Envoy of your own, 1.39 or later, beside
"pointsman up --no-envoy". It holds no keys: those travel from the service with each request.

  -f, --file FILE      the configuration (default: config.yaml)
      --service H:P    where Envoy finds the service (default: 127.0.0.1:50051)
      --ca-file PATH   trust store on Envoy's machine (default: ${DEFAULT_CA_FILE})
  -h, --help           this text

Exit codes: 0 printed, 1 invalid configuration, 2 wrong usage or unreadable file.
`;

export async function envoy(argv: readonly string[], io: CommandIo): Promise<number> {
  const read = readArguments(
    'envoy',
    HELP,
    argv,
    {
      ...FILE_OPTION,
      service: { type: 'string', default: '127.0.0.1:50051' },
      'ca-file': { type: 'string', default: DEFAULT_CA_FILE },
    },
    io,
  );
  if (typeof read === 'number') return read;
  const loaded = await readConfig('envoy', String(read.values['file']), io, { keysOptional: true });
  if (loaded.type === 'exit') return loaded.code;
  try {
    const service = [parseHostAndPort(String(read.values['service']))];
    io.stdout(stringify(renderBootstrap(loaded.config, { service, caFile: String(read.values['ca-file']) })));
    return EXIT.ok;
  } catch (error) {
    io.stderr(`pointsman envoy: ${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return EXIT.usage;
  }
}
