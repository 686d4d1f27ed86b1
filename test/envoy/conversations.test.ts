// What is asked in a conversation, as it comes from clients of every dialect through a real Envoy, decided by the embedded
// router: tool results, reminders of a coding agent and "continue" keep the route, and a new question changes it.

import { beforeAll, describe, expect, test } from 'vitest';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { CODE_ROUTE } from './support/vendors.ts';

const CODE = 'Write a Python function that implements binary search on a sorted array';
const TRIP = 'Find me a quiet hotel near the beach in Lisbon for three nights in May';
const TRAVEL_ROUTE = { name: 'travel', description: 'planning trips, flights and hotels' };
const REMINDER = `<system-reminder>\n${TRIP}\n</system-reminder>`;

let gateway: RunningPointsman;
beforeAll(async () => {
  gateway = await startPointsman({
    config: {
      listeners: [{ type: 'model', name: 'main', address: '127.0.0.1', port: 12000 }],
      model_providers: [{ model: 'openai/gpt-4o', passthrough_auth: true, default: true }],
      routing_preferences: [CODE_ROUTE, TRAVEL_ROUTE].map((route) => ({
        ...route,
        models: ['openai/gpt-4o'],
      })),
      routing: { engine: 'embedded' },
      workers: 1,
    },
  });
  return () => gateway.stop();
});

async function routeOf(path: string, body: object): Promise<unknown> {
  const response = await send(`${gateway.url}/routing${path}`, { body });
  expect(response.status).toBe(200);
  return (response.json as { readonly route: unknown }).route;
}

/** A tool loop about CODE in which everything but the question speaks of TRIP; `said` is what the user says after it. */
const LOOPS: readonly [string, string, (...said: string[]) => object][] = [
  [
    'Chat',
    '/v1/chat/completions',
    (...said) => ({
      tools: [{ type: 'function', function: { name: 'hotels', description: TRIP, parameters: {} } }],
      messages: [
        { role: 'system', content: `You are a travel agent. ${TRIP}` },
        { role: 'user', content: CODE },
        {
          role: 'assistant',
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'hotels', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: TRIP },
        ...said.map((content) => ({ role: 'user', content })),
      ],
    }),
  ],
  [
    'Messages',
    '/v1/messages',
    (...said) => ({
      max_tokens: 64,
      system: `You are a travel agent. ${TRIP}`,
      tools: [{ name: 'hotels', description: TRIP, input_schema: { type: 'object' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: REMINDER },
            { type: 'text', text: CODE },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'hotels', input: {} }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c', content: TRIP },
            { type: 'text', text: REMINDER },
            ...said.map((text) => ({ type: 'text', text })),
          ],
        },
      ],
    }),
  ],
  [
    'Responses',
    '/v1/responses',
    (...said) => ({
      instructions: `You are a travel agent. ${TRIP}`,
      tools: [{ type: 'function', name: 'hotels', description: TRIP, parameters: {} }],
      input: [
        { role: 'user', content: [{ type: 'input_text', text: CODE }] },
        { type: 'function_call', call_id: 'c', name: 'hotels', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: TRIP },
        ...said.map((text) => ({ role: 'user', content: [{ type: 'input_text', text }] })),
      ],
    }),
  ],
  [
    'Gemini',
    '/v1beta/models/gpt-4o:generateContent',
    (...said) => ({
      systemInstruction: { parts: [{ text: `You are a travel agent. ${TRIP}` }] },
      tools: [{ functionDeclarations: [{ name: 'hotels', description: TRIP }] }],
      contents: [
        { role: 'user', parts: [{ text: CODE }] },
        { role: 'model', parts: [{ functionCall: { name: 'hotels', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'hotels', response: { text: TRIP } } }] },
        ...said.map((text) => ({ role: 'user', parts: [{ text }] })),
      ],
    }),
  ],
];

describe.each(LOOPS)('%s', (_dialect, path, loop) => {
  test('a tool loop keeps its route, whatever the system, the tools and their results say', async () => {
    expect(await routeOf(path, loop())).toBe('code_generation');
  });

  test('so does a message that only asks to go on', async () => {
    expect(await routeOf(path, loop('Yes, please continue.'))).toBe('code_generation');
  });

  test('a new question is what is asked', async () => {
    expect(await routeOf(path, loop(TRIP))).toBe('travel');
  });
});

test('what is asked behind a long paste is found', async () => {
  const log = '2026-03-02T10:11:04Z WARN booking flight and hotel failed, trip 4711 not planned\n'.repeat(
    200,
  );
  const messages = [{ role: 'user', content: `${log}\n${CODE}` }];
  expect(await routeOf('/v1/chat/completions', { messages })).toBe('code_generation');
});

test('examples sharpen the routes of a request’s own policy, where descriptions say nothing', async () => {
  const team = (name: string, ...examples: string[]) => ({
    name: `team_${name}`,
    description: `matters of team ${name}`,
    models: ['openai/gpt-4o'],
    examples,
  });
  const routing_preferences = [
    team('seven', 'tell me about the puffin', 'what does an albatross eat?'),
    team('eight', 'when is my rent due?', 'the landlord does not repair the heating'),
  ];
  const decide = (content: string) =>
    routeOf('/v1/chat/completions', { messages: [{ role: 'user', content }], routing_preferences });
  expect(await decide('tell me about the albatross')).toBe('team_seven');
  expect(await decide('my landlord wants the rent earlier')).toBe('team_eight');
});
