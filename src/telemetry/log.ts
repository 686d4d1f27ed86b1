// Log lines for the operator, one per event, in logfmt on standard error. Requests are not logged one by one: that is
// Envoy's access log. Values come from the gateway's own state, never from headers, bodies or credentials.

export type LogLevel = 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number>>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** @param write takes a whole line, its end included */
export function createLog(write: (line: string) => void, now: () => Date): Log {
  return (level, message, fields = {}) => {
    const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${quote(`${value}`)}`);
    write(`${now().toISOString()} ${level.padEnd(5)} ${message}${pairs.join('')}\n`);
  };
}

function quote(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
