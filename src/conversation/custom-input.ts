// The text that a custom tool is called with. In neutral terms it stands in the call's arguments, as the member `input` of an
// object, which is how models are asked for it that know functions only. Used by the dialects that have custom tools.

/** How the arguments begin; white space may stand before these of its characters. */
const OPENING = '{"input":"';
const MAY_BE_SPACED: ReadonlySet<number> = new Set([0, 1, 8, 9]);

const ESCAPES: Readonly<Partial<Record<string, string>>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  '/': '/',
};

const HEX = /^[0-9a-f]{4}$/i;

/** The arguments of a call with this text. */
export function wrapInput(text: string): string {
  return JSON.stringify({ input: text });
}

/** The text of a call: the same as an InputReader gives for its arguments. */
export function unwrapInput(json: string): string {
  const reader = new InputReader();
  return reader.push(json) + reader.finish();
}

/** Arguments to text as they arrive; arguments of another form are the text themselves, those of an empty object none. */
export class InputReader {
  private state: 'opening' | 'text' | 'escape' | 'after' | 'other' = 'opening';
  /** How much of the opening was read. */
  private matched = 0;
  /** The opening as it came, or the escape under way without its backslash. */
  private held = '';
  /** The first half of a character: what is given away ends with whole ones. */
  private half = '';

  /** What of the text is known now; may be empty. */
  push(json: string): string {
    let text = '';
    let at = 0;
    while (at < json.length) {
      switch (this.state) {
        case 'opening':
          text += this.readOpening(json.charAt(at));
          at += 1;
          break;
        case 'text': {
          const end = endOfRun(json, at);
          text += json.slice(at, end);
          if (end < json.length) this.state = json.charAt(end) === '"' ? 'after' : 'escape';
          at = end + 1;
          break;
        }
        case 'escape':
          text += this.readEscape(json.charAt(at));
          at += 1;
          break;
        case 'after':
          return this.give(text);
        case 'other':
          return this.give(text + json.slice(at));
      }
    }
    return this.give(text);
  }

  /** The arguments are over: what was held back. An escape that was cut is no text. */
  finish(): string {
    const rest = this.half + (this.state === 'opening' ? this.held.trimStart() : '');
    this.half = '';
    this.held = '';
    this.state = 'after';
    return rest;
  }

  private readOpening(char: string): string {
    this.held += char;
    if (MAY_BE_SPACED.has(this.matched) && ' \t\n\r'.includes(char)) return '';
    if (char === OPENING.charAt(this.matched)) {
      this.matched += 1;
      if (this.matched === OPENING.length) this.leaveOpening('text');
      return '';
    }
    const { held } = this;
    const isEmpty = this.matched === 1 && char === '}';
    this.leaveOpening(isEmpty ? 'after' : 'other');
    return isEmpty ? '' : held;
  }

  private leaveOpening(state: 'text' | 'after' | 'other'): void {
    this.state = state;
    this.held = '';
  }

  /** What is no escape of JSON's stays as it is. */
  private readEscape(char: string): string {
    this.held += char;
    const { held } = this;
    if (held.startsWith('u') && held.length < 5) return '';
    this.held = '';
    this.state = 'text';
    if (!held.startsWith('u')) return ESCAPES[held] ?? `\\${held}`;
    const digits = held.slice(1);
    return HEX.test(digits) ? String.fromCharCode(Number.parseInt(digits, 16)) : `\\${held}`;
  }

  private give(text: string): string {
    if (text === '') return '';
    const whole = this.half + text;
    const isHalf = (whole.charCodeAt(whole.length - 1) & 0xfc00) === 0xd800;
    this.half = isHalf ? whole.slice(-1) : '';
    return isHalf ? whole.slice(0, -1) : whole;
  }
}

/** Text to arguments as it arrives: the inverse. */
export class InputWriter {
  private isOpen = false;

  push(text: string): string {
    const opening = this.isOpen ? '' : OPENING;
    this.isOpen = true;
    return opening + JSON.stringify(text).slice(1, -1);
  }

  /** Also of a call without any text. */
  finish(): string {
    return `${this.isOpen ? '' : OPENING}"}`;
  }
}

/** Where a quote or a backslash stands, or the end. */
function endOfRun(json: string, start: number): number {
  let at = start;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === 0x22 || code === 0x5c) break;
    at += 1;
  }
  return at;
}
