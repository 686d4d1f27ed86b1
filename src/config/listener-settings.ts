// The one model listener, in Plano's list form or its old mapping form. Called by load-config.ts.

import { isIP } from 'node:net';
import type { ConfigPath } from './config-error.ts';
import type { ConfigFile, LegacyListeners, ListenerEntry } from './config-file.ts';
import type { ListenerConfig } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';

const DEFAULTS: ListenerConfig = {
  // Plano's: address and port are those of its own default listener.
  address: '0.0.0.0',
  port: 12_000,
  timeout: 300_000,
  maxRetries: 2,
  perTryTimeout: 0,
  idleTimeout: 300_000,
  // 50 MB.
  maxBodyBytes: 52_428_800,
};

export function readListener(file: ConfigFile, context: LoadContext): ListenerConfig {
  const { listeners } = file;
  const entry = isList(listeners) ? findModelListener(listeners, context) : readLegacy(listeners, context);
  const listener: ListenerConfig = {
    address: entry?.address ?? DEFAULTS.address,
    port: entry?.port ?? DEFAULTS.port,
    timeout: entry?.timeout ?? DEFAULTS.timeout,
    maxRetries: entry?.max_retries ?? DEFAULTS.maxRetries,
    perTryTimeout: entry?.per_try_timeout ?? DEFAULTS.perTryTimeout,
    idleTimeout: entry?.idle_timeout ?? DEFAULTS.idleTimeout,
    maxBodyBytes: file.max_body_bytes ?? DEFAULTS.maxBodyBytes,
  };
  if (file.metrics !== undefined && file.metrics.port === listener.port) {
    context.problems.add(['metrics', 'port'], 'the model listener has this port', 'choose another one');
  }
  return listener;
}

/** Envoy does not look names up for what it listens on. */
function checkAddress(address: string | undefined, path: ConfigPath, { problems }: LoadContext): void {
  if (address === undefined || isIP(address) !== 0) return;
  problems.add(
    path,
    `${problems.quote(path, address)} is not an IP address`,
    'write 127.0.0.1 for this machine only, or 0.0.0.0 for all its networks',
  );
}

function isList(listeners: ConfigFile['listeners']): listeners is readonly (ListenerEntry | null)[] {
  return Array.isArray(listeners);
}

function findModelListener(
  listeners: readonly (ListenerEntry | null)[],
  context: LoadContext,
): Partial<ListenerEntry> | undefined {
  let found: ListenerEntry | undefined;
  for (const [index, entry] of listeners.entries()) {
    if (entry === null) continue;
    if (entry.type !== 'model' && entry.type !== 'model_listener') {
      context.warn(
        `listeners[${index}]: type: ${entry.type} is not served by this gateway; nothing listens there`,
      );
    } else if (found !== undefined) {
      context.problems.add(
        ['listeners', index],
        'there is a model listener already',
        'keep one with type: model',
      );
    } else {
      found = entry;
      checkAddress(entry.address, ['listeners', index, 'address'], context);
    }
    for (const key of ['input_filters', 'output_filters', 'filter_chain']) {
      if (entry[key] === undefined) continue;
      context.warn(
        `listeners[${index}].${key}: NOT applied by this version; requests and answers pass unfiltered`,
      );
    }
  }
  return found;
}

function readLegacy(
  listeners: LegacyListeners | undefined,
  context: LoadContext,
): Partial<ListenerEntry> | undefined {
  if (listeners?.ingress_traffic !== undefined) {
    context.warn('listeners.ingress_traffic: is not served by this gateway; nothing listens there');
  }
  const entry = listeners?.egress_traffic;
  checkAddress(entry?.address, ['listeners', 'egress_traffic', 'address'], context);
  return entry;
}
