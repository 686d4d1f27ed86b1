// Entry of a worker that serves the same request stage on @grpc/grpc-js, with messages by @grpc/proto-loader: what the
// gateway's own server and codec are measured against. Forked by grpc-js-gateway.ts.

import { fileURLToPath } from 'node:url';
import {
  type GrpcObject,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import type {
  AwaitBody,
  HeaderPair,
  Reaction,
  RequestHead,
  RequestStage,
} from '../../src/contract/exchange.ts';
import { METADATA_NAMESPACE } from '../../src/contract/owned-headers.ts';
import { createRouterChain } from '../../src/gateway.ts';
import { createRequestStage } from '../../src/request/request-stage.ts';

export interface GrpcJsStart {
  readonly config: GatewayConfig;
  readonly socket: string;
}

interface ProcessingRequest {
  readonly request_headers?: {
    readonly headers: { readonly headers: readonly { readonly key: string; readonly raw_value: Buffer }[] };
    readonly end_of_stream: boolean;
  };
  readonly request_body?: { readonly body: Buffer };
}

type Late = AwaitBody | Reaction | Promise<Reaction>;
type Call = ServerDuplexStream<ProcessingRequest, object>;

process.on('message', (start: GrpcJsStart) => {
  serve(start).then(
    () => process.send?.('ready'),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));

async function serve({ config, socket }: GrpcJsStart): Promise<void> {
  const stage = createRequestStage({
    config,
    decider: createRouterChain({ config, embedded: undefined, count: ignore, log: ignore }),
    pins: { get: async () => undefined, pinIfAbsent: async (_, pin) => pin },
    newSeed: () => '0'.repeat(24),
    unixTime: () => 0,
    onInternalError: (error) => console.error(error.cause),
  });
  const server = new Server({
    'grpc.max_receive_message_length': config.listener.maxBodyBytes + 1024 * 1024,
  });
  liftResetLimit(server);
  server.addService(loadService(), {
    process: (call: Call) => serveCall(call, stage),
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

function serveCall(call: Call, stage: RequestStage): void {
  let head: RequestHead | undefined;
  const reply = (part: 'request_headers' | 'request_body', seen: RequestHead, react: () => Late): void => {
    try {
      const reaction = react();
      if (!(reaction instanceof Promise)) call.write(response(reaction, part));
      else
        reaction.then(
          (late) => call.write(response(late, part)),
          (thrown: unknown) => call.write(response(stage.onFailure(seen, thrown), part)),
        );
    } catch (thrown) {
      call.write(response(stage.onFailure(seen, thrown), part));
    }
  };
  call.on('data', ({ request_headers, request_body }: ProcessingRequest) => {
    if (request_headers) {
      const seen = readHead(request_headers);
      head = seen;
      reply('request_headers', seen, () => stage.onHead(seen));
    } else if (head !== undefined) {
      const seen = head;
      const body = request_body?.body ?? Buffer.alloc(0);
      reply('request_body', seen, () => stage.onBody(seen, body, () => new AbortController().signal));
    }
  });
  call.on('end', () => call.end());
  call.on('error', ignore);
}

function ignore(): void {}

/** grpc-js has no option for it: without this, resets beyond 1,000 (+33/s) end the connection. */
function liftResetLimit(server: Server): void {
  const { commonServerOptions } = server as unknown as { commonServerOptions: Record<string, number> };
  commonServerOptions['streamResetBurst'] = 1_000_000;
  commonServerOptions['streamResetRate'] = 1_000_000;
}

function loadService(): ServiceClientConstructor['service'] {
  const definition = loadSync('envoy/service/ext_proc/v3/external_processor.proto', {
    includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
    keepCase: true,
  });
  const found = ['envoy', 'service', 'ext_proc', 'v3', 'ExternalProcessor'].reduce<unknown>(
    (scope, name) => (scope as GrpcObject)[name],
    loadPackageDefinition(definition),
  );
  return (found as ServiceClientConstructor).service;
}

function readHead({
  headers,
  end_of_stream,
}: NonNullable<ProcessingRequest['request_headers']>): RequestHead {
  const values = new Map(headers.headers.map(({ key, raw_value }) => [key, raw_value.toString('latin1')]));
  return {
    method: values.get(':method') ?? '',
    path: values.get(':path') ?? '',
    endOfStream: end_of_stream,
    header: (name) => values.get(name),
  };
}

function response(reaction: AwaitBody | Reaction, stage: 'request_headers' | 'request_body'): object {
  if (reaction.type === 'await-body') return { [stage]: {} };
  if (reaction.type === 'respond') {
    return {
      immediate_response: {
        status: { code: reaction.status },
        headers: { set_headers: reaction.headers.map(headerOption) },
        body: Buffer.from(reaction.body),
        details: reaction.details,
      },
      dynamic_metadata: struct({ answered_by: 'pointsman' }),
    };
  }
  const common = {
    header_mutation: {
      set_headers: reaction.setHeaders.map(headerOption),
      remove_headers: reaction.removeHeaders,
    },
    clear_route_cache: true,
    ...(reaction.body === undefined ? {} : { body_mutation: { body: reaction.body } }),
  };
  return { [stage]: { response: common }, dynamic_metadata: struct(reaction.metadata) };
}

function headerOption([key, value]: HeaderPair): object {
  return {
    header: { key, raw_value: Buffer.from(value, 'latin1') },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  };
}

function struct(metadata: Readonly<Record<string, string>>): object {
  const fields = Object.entries(metadata).map(([key, value]) => [key, { stringValue: value }]);
  return { fields: { [METADATA_NAMESPACE]: { structValue: { fields: Object.fromEntries(fields) } } } };
}
