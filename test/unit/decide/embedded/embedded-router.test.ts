// The embedded router with the committed model: the decisions that the quick start promises, and its behaviour when
// callers leave or the model fails.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../../src/contract/route.ts';
import { type EmbeddedModel, loadEmbeddedModel } from '../../../../src/decide/embedded/embedded-model.ts';
import { EmbeddedRouter } from '../../../../src/decide/embedded/embedded-router.ts';
import type { Encoder } from '../../../../src/decide/embedded/encoder.ts';
import type { RouterAnswer, RouterQuestion } from '../../../../src/decide/intent-router.ts';
import { routesIdOf } from '../../../../src/decide/routes-id.ts';

const route = (name: string, description: string, ...examples: string[]): Route => ({
  name,
  description,
  examples,
});
const SHORT = [
  route('complex_reasoning', 'complex reasoning tasks, multi-step analysis'),
  route('code_generation', 'generating new code, writing functions'),
];
const LONG = [
  route('complex_reasoning', 'complex reasoning tasks, multi-step analysis, or detailed explanations'),
  route('code_generation', 'generating new code, writing functions, or creating boilerplate'),
];
const never = new AbortController().signal;

let model: EmbeddedModel;
beforeAll(async () => {
  model = await loadEmbeddedModel(fileURLToPath(new URL('../../../../model', import.meta.url)));
});
afterAll(() => model.encoder.close());

/** The committed calibration over another encoder, whose vectors may have fewer dimensions. */
const over = (encoder: Encoder): EmbeddedModel => ({ encoder, calibration: model.calibration });

/** Turns alternate and end with the user's. */
function question(routes: readonly Route[], ...texts: string[]): RouterQuestion {
  const turns = texts.map((text, index) => ({
    role: (texts.length - index) % 2 === 1 ? ('user' as const) : ('assistant' as const),
    text,
  }));
  return { routes, routesId: routesIdOf(routes), turns };
}

const decide = (routes: readonly Route[], ...texts: string[]): Promise<RouterAnswer> =>
  new EmbeddedRouter(model, { threshold: 0.6 }).decide(question(routes, ...texts), never);

/** The probability of what was decided. */
const certainty = ({ route: chosen, scores, none = 0 }: RouterAnswer): number =>
  chosen === null ? none : (scores.find((entry) => entry.route === chosen)?.score ?? 0);

describe.each([
  ['short', SHORT],
  ['long', LONG],
])('the quick start, %s descriptions', (_, routes) => {
  it.each([
    ['Write a Python function that implements binary search', 'code_generation'],
    ['Explain the trade-offs between microservices and monolithic architectures', 'complex_reasoning'],
    ['What is the capital of France?', null],
    ['Create a REST API endpoint in Rust using actix-web that handles user registration', 'code_generation'],
    ['Build a React component that renders a sortable data table', 'code_generation'],
  ])('%s → %s, and not by a hair', async (prompt, expected) => {
    const answer = await decide(routes, prompt);
    expect(answer.route).toBe(expected);
    expect(certainty(answer)).toBeGreaterThan(0.6);
  });

  it('keeps the route through a follow-up', async () => {
    const first = 'Write a Python function that implements binary search';
    const answer = await decide(routes, first, 'Here it is: def search(items, wanted): …', 'now in Go');
    expect(answer.route).toBe('code_generation');
  });

  it('leaves the route with a change of subject', async () => {
    const first = 'Write a Python function that implements binary search';
    const next =
      'Thanks! Now something else entirely: what should I cook for dinner with my parents tonight?';
    expect((await decide(routes, first, 'Here it is: def search(items, wanted): …', next)).route).toBeNull();
  });
});

describe('EmbeddedRouter', () => {
  it('scores every route in the order of the question', async () => {
    const { scores } = await decide([...SHORT].reverse(), 'Write a Python function');
    expect(scores.map((entry) => entry.route)).toEqual(['code_generation', 'complex_reasoning']);
    expect(scores[0]?.score).toBeGreaterThan(scores[1]?.score ?? 1);
  });

  it('matches nothing where there are no routes', async () => {
    expect(await decide([], 'Write a Python function')).toEqual({ route: null, scores: [], none: 1 });
  });

  it('gives probabilities that add up to one, whatever the routes', async () => {
    const { scores, none = 0 } = await decide(LONG, 'Write a Python function');
    expect(scores.reduce((sum, { score }) => sum + score, none)).toBeCloseTo(1, 9);
    expect(none).toBeGreaterThan(0);
  });

  it('matches at the threshold and not below it', async () => {
    const asked = question(SHORT, 'Write a Python function');
    const { none = 0 } = await new EmbeddedRouter(model, { threshold: 0 }).decide(asked, never);
    const at = await new EmbeddedRouter(model, { threshold: 1 - none }).decide(asked, never);
    const above = await new EmbeddedRouter(model, { threshold: 1 - none + 1e-6 }).decide(asked, never);
    expect(at.route).toBe('code_generation');
    expect(above.route).toBeNull();
    expect(above.scores).toEqual(at.scores);
  });

  it('learns house jargon from examples', async () => {
    const bare = [route('tier_a', 'requests for the A team'), route('tier_b', 'requests for the B team')];
    const taught = [
      route('tier_a', 'requests for the A team', 'the forklift in hall 3 is stuck', 'conveyor stopped again'),
      route('tier_b', 'requests for the B team', 'the invoice total is wrong', 'supplier was paid twice'),
    ];
    const prompt = 'the conveyor belt in hall 7 does not move';
    expect((await decide(bare, prompt)).route).toBeNull();
    expect((await decide(taught, prompt)).route).toBe('tier_a');
    expect((await decide(taught, 'why was this invoice paid two times?')).route).toBe('tier_b');
  });

  it('decides at the end of a huge conversation', async () => {
    const paste = 'lorem ipsum dolor sit amet '.repeat(100_000);
    const answer = await decide(SHORT, paste, paste, 'Write a Python function that parses this');
    expect(answer.route).toBe('code_generation');
  });

  it('answers questions that arrive together as it answers them alone', async () => {
    const router = new EmbeddedRouter(model, { threshold: 0.6 });
    const prompts = [
      'Write a Go program',
      'What is the capital of France?',
      'Explain the causes of inflation step by step',
    ];
    const together = await Promise.all(
      prompts.map((prompt) => router.decide(question(SHORT, prompt), never)),
    );
    const alone = await Promise.all(prompts.map((prompt) => decide(SHORT, prompt)));
    expect(together).toEqual(alone);
  });

  it('gives up when its caller does, between two routes', async () => {
    const controller = new AbortController();
    const encoded: string[] = [];
    const impatient: Encoder = {
      encode: (input) => {
        encoded.push(input.text);
        controller.abort();
        return model.encoder.encode(input);
      },
      close: async () => {},
    };
    const deciding = new EmbeddedRouter(over(impatient), { threshold: 0.6 }).decide(
      question(SHORT, 'x'),
      controller.signal,
    );
    await expect(deciding).rejects.toMatchObject({ name: 'RouterError', failure: 'timeout' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(encoded).toHaveLength(1);
  });

  it('does not keep a caller waiting for the others', async () => {
    const gate = Promise.withResolvers<Float32Array>();
    const stuck = new EmbeddedRouter(over({ encode: () => gate.promise, close: async () => {} }), {
      threshold: 0.6,
    });
    const first = stuck.decide(question(SHORT, 'x'), never);
    const second = stuck.decide(question(SHORT, 'y'), AbortSignal.timeout(10));
    await expect(second).rejects.toMatchObject({ failure: 'timeout' });
    gate.resolve(Float32Array.of(1));
    await expect(first).resolves.toMatchObject({ scores: SHORT.map(({ name }) => ({ route: name })) });
  });

  it('does not let a question with known routes wait for the routes of others', async () => {
    const encoded: string[] = [];
    const slow: Encoder = {
      encode: async ({ text }) => {
        encoded.push(text);
        await new Promise((resolve) => setImmediate(resolve));
        return Float32Array.of(1);
      },
      close: async () => {},
    };
    const router = new EmbeddedRouter(over(slow), { threshold: 0.6 });
    await router.prepare(SHORT, never);
    const greedy = new AbortController();
    const unseen = (of: number) =>
      Array.from({ length: 100 }, (_, index) => route(`route ${index} of ${of}`, 'anything'));
    const others = [1, 2, 3, 4, 5, 6].map((of) => router.decide(question(unseen(of), 'x'), greedy.signal));
    await new Promise((resolve) => setImmediate(resolve));
    encoded.length = 0;
    await router.decide(question(SHORT, 'mine'), never);
    expect(encoded.indexOf('mine')).toBeLessThanOrEqual(1);
    greedy.abort();
    encoded.length = 0;
    await expect(Promise.allSettled(others)).resolves.toMatchObject(
      others.map(() => ({ status: 'rejected' })),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(encoded).toEqual([]);
  });

  it('names a failing model as such and keeps the cause', async () => {
    const cause = new Error('out of memory');
    const broken = new EmbeddedRouter(over({ encode: () => Promise.reject(cause), close: async () => {} }), {
      threshold: 0.6,
    });
    await expect(broken.decide(question(SHORT, 'x'), never)).rejects.toMatchObject({
      failure: 'bad-answer',
      cause,
    });
  });

  it('encodes routes ahead of the first question', async () => {
    const encoded: string[] = [];
    const counting: Encoder = {
      encode: (input) => {
        encoded.push(input.text);
        return model.encoder.encode(input);
      },
      close: async () => {},
    };
    const router = new EmbeddedRouter(over(counting), { threshold: 0.6 });
    await router.prepare(SHORT, never);
    expect(encoded).toHaveLength(2);
    await router.decide(question(SHORT, 'hello'), never);
    expect(encoded.slice(2)).toEqual(['hello']);
  });
});
