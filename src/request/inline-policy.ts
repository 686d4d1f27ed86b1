// A routing policy given in the request itself, in either generation's form. It counts for this request only, and its
// members never reach a provider.

import type { PolicyRoute, RoutePolicy } from '../config/gateway-config.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import { invalid } from '../dialects/check-fields.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

/** A router has to read all of it for this one request, and every other request waits meanwhile. */
const MOST_ROUTES = 100;
const MOST_EXAMPLES_OF_ROUTE = 20;
const MOST_EXAMPLES = 500;
/** In UTF-16 units. */
const LONGEST_NAME = 200;
const LONGEST_TEXT = 4_000;

const SELECTION_POLICIES = ['none', 'cheapest', 'fastest', 'long_context_quality'];

/**
 * @param isServed where given, a model for which it says no is refused: one that could not be called if its route matched
 * @returns undefined where the request brings no policy
 * @throws GatewayError that names the malformed field
 */
export function readInlinePolicy(
  body: JsonObject,
  isServed: (model: string) => boolean = () => true,
): RoutePolicy | undefined {
  const early = body['routing_policy'] ?? undefined;
  const current = body['routing_preferences'] ?? undefined;
  if (early !== undefined && current !== undefined) {
    const message = "'routing_policy' and 'routing_preferences' are two forms of one thing; send only one";
    throw new GatewayError('invalid-request', message, 'routing_policy');
  }
  const seen: Seen = { names: new Set(), examples: 0 };
  if (early !== undefined) return { form: 'early', routes: readEarly(early, isServed, seen) };
  if (current === undefined) return undefined;
  return { form: 'v0.4', routes: readCurrent(current, isServed, seen) };
}

/** What was read of the policy so far. */
interface Seen {
  readonly names: Set<string>;
  examples: number;
}

function checkServed(model: string, isServed: (model: string) => boolean, param: string): void {
  if (isServed(model)) return;
  const message = `'${param}' names ${JSON.stringify(model)}, which is not configured; GET /v1/models lists what is`;
  throw new GatewayError('model-not-found', message, param);
}

/** `[{model, routing_preferences: [{name, description}]}]` */
function readEarly(value: JsonValue, isServed: (model: string) => boolean, seen: Seen): PolicyRoute[] {
  return readList(value, 'routing_policy').flatMap(([entry, param]) => {
    const model = readString(entry, 'model', param);
    checkServed(model, isServed, `${param}.model`);
    if (entry['routing_preferences'] === undefined) return [];
    return readList(entry['routing_preferences'], `${param}.routing_preferences`).map(([route, at]) => ({
      ...readRoute(route, at, seen),
      models: [model],
    }));
  });
}

/** `[{name, description, models: […], selection_policy}]` */
function readCurrent(value: JsonValue, isServed: (model: string) => boolean, seen: Seen): PolicyRoute[] {
  return readList(value, 'routing_preferences').map(([route, param]) => {
    const models = readStrings(route['models'], `${param}.models`);
    if (models.length === 0)
      throw new GatewayError('invalid-request', `'${param}.models' is empty`, `${param}.models`);
    for (const [index, model] of models.entries()) checkServed(model, isServed, `${param}.models[${index}]`);
    checkSelectionPolicy(route['selection_policy'], `${param}.selection_policy`);
    return { ...readRoute(route, param, seen), models };
  });
}

/** The policy's name is that of its member in the request: the beginning of `param`. */
function readRoute(route: JsonObject, param: string, seen: Seen): Omit<PolicyRoute, 'models'> {
  const name = readString(route, 'name', param);
  checkLength(name, LONGEST_NAME, `${param}.name`);
  const policy = param.slice(0, param.indexOf('['));
  if (seen.names.has(name)) {
    const message = `'${policy}' names the route ${JSON.stringify(name)} twice`;
    throw new GatewayError('invalid-request', message, policy);
  }
  seen.names.add(name);
  if (seen.names.size > MOST_ROUTES) throw tooMany(param, policy, MOST_ROUTES, 'routes');
  const description = readString(route, 'description', param);
  checkLength(description, LONGEST_TEXT, `${param}.description`);
  return { name, description, examples: readExamples(route['examples'], `${param}.examples`, policy, seen) };
}

function readExamples(value: JsonValue | undefined, param: string, policy: string, seen: Seen): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length > MOST_EXAMPLES_OF_ROUTE)
    throw tooMany(param, 'a route', MOST_EXAMPLES_OF_ROUTE, 'examples');
  const examples = readStrings(value, param);
  for (const [index, example] of examples.entries()) checkLength(example, LONGEST_TEXT, `${param}[${index}]`);
  seen.examples += examples.length;
  if (seen.examples > MOST_EXAMPLES) throw tooMany(param, policy, MOST_EXAMPLES, 'examples');
  return examples;
}

function checkLength(text: string, limit: number, param: string): void {
  if (text.length <= limit) return;
  throw new GatewayError('invalid-request', `'${param}' is longer than ${limit} characters`, param);
}

function tooMany(param: string, whole: string, limit: number, what: string): GatewayError {
  const message = `'${param}' is too much: ${whole} has at most ${limit} ${what}`;
  return new GatewayError('invalid-request', message, param);
}

function checkSelectionPolicy(value: JsonValue | undefined, param: string): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) throw invalid(param, 'an object with `prefer`', value);
  if (typeof value['prefer'] !== 'string' || !SELECTION_POLICIES.includes(value['prefer'])) {
    throw invalid(`${param}.prefer`, `one of ${SELECTION_POLICIES.join(', ')}`, value['prefer']);
  }
}

function readList(value: JsonValue | undefined, param: string): [JsonObject, string][] {
  if (!Array.isArray(value)) throw invalid(param, 'an array', value);
  return value.map((entry, index) => {
    const at = `${param}[${index}]`;
    if (!isObject(entry)) throw invalid(at, 'an object', entry);
    return [entry, at];
  });
}

function readString(object: JsonObject, key: string, param: string): string {
  const value = object[key];
  if (typeof value !== 'string') throw invalid(`${param}.${key}`, 'a string', value);
  if (value.trim() === '')
    throw new GatewayError('invalid-request', `'${param}.${key}' is empty`, `${param}.${key}`);
  return value;
}

function readStrings(value: JsonValue | undefined, param: string): string[] {
  if (!Array.isArray(value)) throw invalid(param, 'an array of strings', value);
  return value.map((entry, index) => {
    if (typeof entry !== 'string') throw invalid(`${param}[${index}]`, 'a string', entry);
    return entry;
  });
}
