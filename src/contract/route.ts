// What an operator or a caller calls a route; the configuration adds its models, a router only reads it.

/** A route as its router sees it. `name` is unique within a policy. */
export interface Route {
  readonly name: string;
  readonly description: string;
  readonly examples: readonly string[];
}
