// The one message that Arch-Router is asked with. The model was tuned on exactly this text: a changed space costs
// accuracy, so a test pins the bytes. Called by arch-router.ts; knows nothing of servers.

import type { RouterQuestion } from '../intent-router.ts';
import { keepTurns } from './keep-turns.ts';

/** What the model answers where no route fits; the prompt asks it to. */
export const NO_ROUTE = 'other';

/** The prompt's own text without routes and conversation, in bytes; about 250 tokens. */
export const TEMPLATE_BYTES: number = Buffer.byteLength(render('', ''));

/** Routes in their given order, so that equal policies share the beginning of the prompt in the server's KV cache. */
export function buildPrompt(question: RouterQuestion): string {
  const routes = question.routes.map(({ name, description }) => ({ name, description }));
  const conversation = keepTurns(question.turns).map(({ role, text }) => ({ role, content: text }));
  return render(JSON.stringify(routes), JSON.stringify(conversation));
}

function render(routes: string, conversation: string): string {
  return `
You are a helpful assistant designed to find the best suited route.
You are provided with route description within <routes></routes> XML tags:
<routes>
${routes}
</routes>

<conversation>
${conversation}
</conversation>

Your task is to decide which route is best suit with user intent on the conversation in <conversation></conversation> XML tags.  Follow the instruction:
1. If the latest intent from user is irrelevant or user intent is full filled, response with other route {"route": "other"}.
2. You must analyze the route descriptions and find the best match route for user latest intent.
3. You only response the name of the route that best matches the user's request, use the exact name in the <routes></routes>.

Based on your analysis, provide your response in the following JSON formats if you decide to match any route:
{"route": "route_name"}
`;
}
