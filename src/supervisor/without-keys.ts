// The environment for processes that need no provider key: what a program needs to run, and nothing of the operator's. Envoy
// gets what AWS's credentials are found by, where it has to sign with them.

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

/** https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html: those that Envoy reads. */
const AWS = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
]);

export function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return only(env, (name) => NEEDED.has(name));
}

export function withoutKeysButAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return only(env, (name) => NEEDED.has(name) || AWS.has(name));
}

function only(env: NodeJS.ProcessEnv, isKept: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isKept(name)));
}
