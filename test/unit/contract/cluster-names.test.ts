import { expect, it } from 'vitest';
import { clustersOfChain } from '../../../src/contract/cluster-names.ts';

it.each<[string, string[], string[]]>([
  ['one', ['a'], ['a/served']],
  ['two', ['a', 'b'], ['a/skippable', 'b/served']],
  ['two attempts each', ['a', 'a', 'b', 'b'], ['a/skippable', 'a/skippable', 'b/served', 'b/served']],
  ['two models of one provider', ['a', 'a'], ['a/served', 'a/served']],
  ['a provider that comes again', ['a', 'b', 'a'], ['a/skippable', 'b/skippable', 'a/served']],
])('of %s: skips only to what is another provider', (_, own, clusters) => {
  expect(clustersOfChain(own, true)).toEqual(clusters);
});

it('skips nobody where nobody is passed over', () => {
  expect(clustersOfChain(['a', 'b'], false)).toEqual(['a/served', 'b/served']);
});
