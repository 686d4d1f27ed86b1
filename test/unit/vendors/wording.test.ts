// What the stand-in vendors say is what their SDKs' types describe: every kind of answer, whole and streamed.

import { describe, expect, test } from 'vitest';
import { chooseReply, type Scene } from '../../vendors/reply.ts';
import { VENDORS } from '../../vendors/vendors.ts';
import { checkBody } from '../../vendors/wire-schemas.ts';

const SCENE: Scene = {
  model: 'some-model',
  stream: false,
  tools: [],
  oneCall: false,
  results: 0,
  hasImage: false,
  hasDocument: false,
  limit: undefined,
  wantsJson: false,
  thinks: false,
  showsThoughts: true,
  signsThoughts: true,
  countsTokens: true,
};
const SCENES: Readonly<Record<string, Scene>> = {
  text: SCENE,
  'a text that the limit cuts': { ...SCENE, limit: 16 },
  'one tool': { ...SCENE, tools: ['get_weather'] },
  'parallel tools': { ...SCENE, tools: ['get_weather', 'get_time', 'ping'] },
  reasoning: { ...SCENE, thinks: true },
  'hidden reasoning': { ...SCENE, thinks: true, showsThoughts: false },
  'reasoning, then a tool': { ...SCENE, thinks: true, tools: ['get_weather'] },
};

describe.each(VENDORS)('$dialect', (vendor) => {
  test.each(Object.keys(SCENES))('%s', async (name) => {
    const scene = SCENES[name] ?? SCENE;
    const reply = chooseReply(scene);
    expect(await checkBody(vendor.schemas.answer, vendor.wordReply(reply, scene))).toEqual([]);
    for (const { value } of vendor.streamReply(reply, { ...scene, stream: true }))
      if (value !== undefined)
        expect(await checkBody(vendor.schemas.event, value), JSON.stringify(value)).toEqual([]);
  });
});
