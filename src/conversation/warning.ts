// What a translation had to leave out or change. Shown to the caller in x-pointsman-warnings and on the span.

export interface Warning {
  /** The client's own member, as a path: `logit_bias`, `messages[2].content[0].detail`. */
  readonly param: string;
  /** Short, without the caller's text: `not known to anthropic-messages`, `lowered to 1`. */
  readonly message: string;
}
