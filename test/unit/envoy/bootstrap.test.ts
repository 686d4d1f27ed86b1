import { describe, expect, it } from 'vitest';
import { nowhereCluster, ownCluster } from '../../../src/contract/cluster-names.ts';
import { renderBootstrap } from '../../../src/envoy/bootstrap.ts';
import { config, target } from '../request/stage-harness.ts';

const OPTIONS = { service: [{ path: '/run/worker-0.sock' }], caFile: '/ca.crt' };

describe('renderBootstrap', () => {
  it('holds no key', () => {
    expect(JSON.stringify(renderBootstrap(config(), OPTIONS))).not.toMatch(/sk-|Bearer/);
  });

  it('checks a provider’s certificate against the name it was asked for', () => {
    const rendered = renderBootstrap(
      config({
        clusters: [
          {
            name: 'openai',
            endpoint: { type: 'address', host: 'api.openai.test', port: 443 },
            tls: { sni: 'api.openai.test', caFile: undefined },
          },
          {
            name: 'own',
            endpoint: { type: 'address', host: '10.0.0.1', port: 8443 },
            tls: { sni: '10.0.0.1', caFile: '/own.crt' },
          },
          { name: 'vllm', endpoint: { type: 'address', host: 'gpu', port: 8000 }, tls: undefined },
        ],
      }),
      OPTIONS,
    );
    const resources = rendered['static_resources'] as unknown as { clusters: Record<string, unknown>[] };
    const byName = new Map(resources.clusters.map((cluster) => [cluster['name'], cluster]));
    expect(byName.get('openai')).toMatchObject({
      type: 'LOGICAL_DNS',
      transport_socket: {
        typed_config: {
          sni: 'api.openai.test',
          common_tls_context: {
            validation_context: {
              trusted_ca: { filename: '/ca.crt' },
              match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: 'api.openai.test' } }],
            },
          },
        },
      },
    });
    expect(JSON.stringify(byName.get('own'))).toContain('"san_type":"IP_ADDRESS"');
    expect(JSON.stringify(byName.get('own'))).toContain('/own.crt');
    expect(JSON.stringify(byName.get('own'))).not.toContain('"sni"');
    expect(byName.get('vllm')).not.toHaveProperty('transport_socket');
  });

  it('gives the service outlier detection, and one endpoint per worker', () => {
    const service = [{ path: '/run/worker-0.sock' }, { path: '/run/worker-1.sock' }];
    const text = JSON.stringify(renderBootstrap(config(), { ...OPTIONS, service }));
    expect(text).toContain('worker-1.sock');
    expect(text).toContain('"split_external_local_origin_errors":true');
  });

  it('waits for the service longer than a decision may take', () => {
    const text = JSON.stringify(renderBootstrap(config({ targets: [target('a/b')] }), OPTIONS));
    expect(text).toContain('"message_timeout":"7s"');
  });

  it('signs what goes to a cluster that says so, last of all, and nothing else', () => {
    const endpoint = { type: 'address', host: 'h', port: 443 } as const;
    const signing = { service: 'bedrock', region: 'us-east-1' };
    const clusters = [
      { name: 'signed', endpoint, tls: undefined, signing },
      { name: 'plain', endpoint, tls: undefined },
    ];
    const resources = renderBootstrap(config({ clusters }), OPTIONS)['static_resources'];
    const all = (resources as unknown as { clusters: { name: string }[] }).clusters;
    const texts = (name: string): string[] =>
      all
        .filter((cluster) => ownCluster(cluster.name) === name && cluster.name !== nowhereCluster(name))
        .map((cluster) => JSON.stringify(cluster));
    expect(texts('signed')).toHaveLength(3);
    for (const text of texts('signed')) {
      const names = text.match(/envoy\.filters\.http\.(aws_request_signing|upstream_codec)"/g);
      expect(names).toEqual([
        'envoy.filters.http.aws_request_signing"',
        'envoy.filters.http.upstream_codec"',
      ]);
      expect(text).toContain('"service_name":"bedrock","region":"us-east-1"');
    }
    expect(texts('plain')).toHaveLength(3);
    expect(texts('plain').join()).not.toContain('aws_request_signing');
  });
});
