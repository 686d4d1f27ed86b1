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
import type { HeaderPair, Reaction, RequestHead } from '../../src/contract/exchange.ts';
import { METADATA_NAMESPACE } from '../../src/contract/owned-headers.ts';
import { createRouterChain } from '../../src/gateway.ts';
import { createRequestStage } from '../../src/request/request-stage.ts';

export interface GrpcJsStart {
  readonly config: GatewayConfig;
  readonly socket: string;
}

interface ProcessingRequest {
  readonly request?: 'request_headers' | 'request_body';
  readonly request_headers?: {
    readonly headers: { readonly headers: readonly { readonly key: string; readonly raw_value: Buffer }[] };
    readonly end_of_stream: boolean;
  };
  readonly request_body?: { readonly body: Buffer };
}

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
  const ignore = (): void => {};
  const stage = createRequestStage({
    config,
    decider: createRouterChain({ config, embedded: undefined, count: ignore, log: ignore }),
    pins: { get: async () => undefined, pinIfAbsent: async (_, pin) => pin },
    onInternalError: (error) => console.error(error.cause),
  });
  const server = new Server({
    'grpc.max_receive_message_length': config.listener.maxBodyBytes + 1024 * 1024,
  });
  liftResetLimit(server);
  server.addService(loadService(), {
    process(call: Call): void {
      let head: RequestHead | undefined;
      call.on('data', (request: ProcessingRequest) => {
        if (request.request_headers !== undefined && request.request_headers !== null) {
          head = readHead(request.request_headers);
          const reaction = stage.onHead(head);
          call.write(
            reaction.type === 'await-body' ? { request_headers: {} } : response(reaction, 'request_headers'),
          );
        } else if (head !== undefined) {
          const reaction = stage.onBody(
            head,
            request.request_body?.body ?? Buffer.alloc(0),
            () => new AbortController().signal,
          );
          if (reaction instanceof Promise)
            void reaction.then((late) => call.write(response(late, 'request_body')));
          else call.write(response(reaction, 'request_body'));
        }
      });
      call.on('end', () => call.end());
      call.on('error', ignore);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

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

function response(reaction: Reaction, stage: 'request_headers' | 'request_body'): object {
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
