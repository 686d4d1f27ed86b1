// The environment for processes that need no provider key: what a program needs to run, and nothing of the operator's.

const NEEDED = new Set([
  'PATH',
  'HOME',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'NODE_OPTIONS',
  'NODE_COMPILE_CACHE',
  // The resolver's own: https://man7.org/linux/man-pages/man5/resolv.conf.5.html
  'RES_OPTIONS',
  'LOCALDOMAIN',
]);

export function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.has(name)));
}
