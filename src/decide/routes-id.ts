// Names a list of routes by its content, so that equal lists share cached decisions.

import { hash } from 'node:crypto';
import type { Route } from '../contract/route.ts';

/** The `routesId` of a RouterQuestion: equal names, descriptions, examples and order give equal ids, and nothing else does. */
export function routesIdOf(routes: readonly Route[]): string {
  const text = JSON.stringify(routes.map(({ name, description, examples }) => [name, description, examples]));
  return hash('sha256', text, 'base64url');
}
