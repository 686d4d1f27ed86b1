import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import { readTasks } from '../../../src/evaluate/task-file.ts';

const ROUTES = [
  { name: 'code', description: 'writing code', examples: [] },
  { name: 'travel', description: 'planning trips', examples: [] },
];

const read = (text: string, routes: typeof ROUTES | undefined = ROUTES) =>
  readTasks(text, { file: 'tasks.yaml', routes });

function problemsOf(text: string, routes?: typeof ROUTES | null): string[] {
  try {
    readTasks(text, { file: 'tasks.yaml', routes: routes === null ? undefined : ROUTES });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a list of tasks', () => {
  test('is read with its prompts and right routes', () => {
    const tasks = read(`
- {prompt: write a parser, route: code}
- {prompt: hello, none: true}
- {prompt: hello again, route: none}
- {prompt: bye, route: null}
- {ask: off to Rome, route: travel, language: en}
`);
    expect(tasks.map(({ turns, expected }) => [turns[0]?.text, expected])).toEqual([
      ['write a parser', 'code'],
      ['hello', null],
      ['hello again', null],
      ['bye', null],
      ['off to Rome', 'travel'],
    ]);
    expect(tasks.every(({ routes }) => routes === ROUTES)).toBe(true);
  });

  test('holds conversations, read as the gateway reads them', () => {
    const [task] = read(`
- messages:
    - {role: system, content: You plan trips.}
    - {role: user, content: write a parser}
    - {role: assistant, content: Shall I write tests too?}
    - {role: user, content: yes please}
  tools: [{type: function, function: {name: search}}]
  route: code
`);
    expect(task).toMatchObject({ turns: [{ role: 'user', text: 'write a parser' }], hasTools: true });
  });

  test('may have a route that is called none', () => {
    const none = [{ name: 'none', description: 'small talk', examples: [] }];
    expect(
      read('- {prompt: a, route: none}\n- {prompt: b, none: true}', none).map((t) => t.expected),
    ).toEqual(['none', null]);
  });
});

describe('tasks with policies of their own', () => {
  test('are about those, beside those of the configuration', () => {
    const tasks = read(`
policies:
  desk:
    - {name: billing, description: invoices}
tasks:
  - {policy: desk, prompt: my invoice, route: billing}
  - {prompt: write a parser, route: code}
`);
    expect(tasks.map(({ routes }) => routes.map(({ name }) => name))).toEqual([
      ['billing'],
      ['code', 'travel'],
    ]);
    expect(tasks[0]?.routes[0]?.examples).toEqual([]);
  });
});

describe('problems', () => {
  test.each<[string, string, string]>([
    [
      'a misspelt key',
      '- {promt: a, route: code}',
      'tasks.yaml:1:4 [0].promt: unknown key; did you mean prompt?',
    ],
    [
      'a misspelt route',
      '- {prompt: a, route: cdoe}',
      'tasks.yaml:1:22 [0].route: there is no such route; did you mean code?',
    ],
    [
      'an unknown route',
      '- {prompt: a, route: cooking}',
      'tasks.yaml:1:22 [0].route: there is no such route; the routes are code, travel, and none',
    ],
    [
      'no answer',
      '\n- prompt: a\n',
      'tasks.yaml:2:3 [0]: the right answer is missing; write route: and a name, or none: true where no route fits',
    ],
    [
      'two answers',
      '- {prompt: a, route: code, none: true}',
      'tasks.yaml:1:3 [0]: route and none are two answers; write route: and a name, or none: true where no route fits',
    ],
    [
      'nothing that was sent',
      '- {route: code}',
      'tasks.yaml:1:3 [0]: there is nothing to route; write prompt: and a text, or messages: and a list',
    ],
    [
      'a message without a role',
      '- {messages: [{content: a}], route: code}',
      "tasks.yaml:1:15 [0].messages[0].role: 'messages[0].role' is missing; it must be a string",
    ],
    [
      'no text of the user',
      '- {messages: [{role: assistant, content: a}], route: code}',
      'tasks.yaml:1:3 [0]: no message of the user has text; write what the user asks',
    ],
    ['no tasks', '[]', 'tasks.yaml:1:1 this is empty; write a value or leave the key out'],
    [
      'a broken file',
      '- {prompt: a',
      'tasks.yaml:1:13 wrong indentation, or a bracket that is not closed; align the keys of one level',
    ],
    [
      'an unknown policy',
      'policies: {desk: [{name: a, description: b}]}\ntasks: [{policy: dsek, prompt: a, none: true}]',
      'tasks.yaml:2:18 tasks[0].policy: there is no such policy in this file; did you mean desk?',
    ],
  ])('%s', (_what, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('of all tasks at once', () => {
    expect(problemsOf('- {prompt: a, route: x1}\n- {prompt: b, route: x2}')).toHaveLength(2);
  });

  test('a configuration without routes', () => {
    expect(problemsOf('- {prompt: a, none: true}', null)[0]).toContain('the configuration has no routes');
  });
});
