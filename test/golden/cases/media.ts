// What is not text: images as bytes and by address, documents.

import { chat, gemini, messages, responses } from '../dialect-bodies.ts';
import type { GoldenCase } from '../golden-case.ts';

/** One red pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const PDF = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');
const URL = 'https://example.com/cat.jpg';
const ASKED = 'What is this?';

const chatAsks = (part: object): object =>
  chat([{ role: 'user', content: [{ type: 'text', text: ASKED }, part] }]);
const responsesAsks = (part: object): object =>
  responses([{ role: 'user', content: [{ type: 'input_text', text: ASKED }, part] }]);
const messagesAsks = (block: object): object =>
  messages([{ role: 'user', content: [{ type: 'text', text: ASKED }, block] }]);
const geminiAsks = (part: object): object => gemini([{ role: 'user', parts: [{ text: ASKED }, part] }]);

export const imageBase64: GoldenCase = {
  name: 'image-base64',
  requests: {
    'openai-chat': chatAsks({
      type: 'image_url',
      image_url: { url: `data:image/png;base64,${PNG}`, detail: 'low' },
    }),
    'openai-responses': responsesAsks({
      type: 'input_image',
      image_url: `data:image/png;base64,${PNG}`,
      detail: 'low',
    }),
    'anthropic-messages': messagesAsks({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: PNG },
    }),
    gemini: geminiAsks({ inlineData: { mimeType: 'image/png', data: PNG } }),
  },
};

export const imageUrl: GoldenCase = {
  name: 'image-url',
  requests: {
    'openai-chat': chatAsks({ type: 'image_url', image_url: { url: URL } }),
    'openai-responses': responsesAsks({ type: 'input_image', image_url: URL, detail: 'auto' }),
    'anthropic-messages': messagesAsks({ type: 'image', source: { type: 'url', url: URL } }),
    gemini: geminiAsks({ fileData: { fileUri: URL, mimeType: 'image/jpeg' } }),
  },
};

export const document: GoldenCase = {
  name: 'document',
  requests: {
    'openai-chat': chatAsks({
      type: 'file',
      file: { filename: 'report.pdf', file_data: `data:application/pdf;base64,${PDF}` },
    }),
    'openai-responses': responsesAsks({
      type: 'input_file',
      filename: 'report.pdf',
      file_data: `data:application/pdf;base64,${PDF}`,
    }),
    'anthropic-messages': messagesAsks({
      type: 'document',
      title: 'report.pdf',
      source: { type: 'base64', media_type: 'application/pdf', data: PDF },
    }),
    gemini: geminiAsks({ inlineData: { mimeType: 'application/pdf', data: PDF } }),
  },
};

/** By its address. */
export const documentUrl: GoldenCase = {
  name: 'document-url',
  requests: {
    'openai-chat': 'no words',
    'openai-responses': responsesAsks({ type: 'input_file', file_url: 'https://example.com/report.pdf' }),
    'anthropic-messages': messagesAsks({
      type: 'document',
      source: { type: 'url', url: 'https://example.com/report.pdf' },
    }),
    gemini: geminiAsks({
      fileData: { fileUri: 'https://example.com/report.pdf', mimeType: 'application/pdf' },
    }),
  },
};

/** What only its vendor can open. */
export const uploadedFile: GoldenCase = {
  name: 'uploaded-file',
  requests: {
    'openai-chat': chatAsks({ type: 'file', file: { file_id: 'file-6F2ksmvXxt4VdoqmHRw6kL' } }),
    'openai-responses': responsesAsks({ type: 'input_file', file_id: 'file-6F2ksmvXxt4VdoqmHRw6kL' }),
    // Files are a beta of this vendor's, which its SDK types apart.
    'anthropic-messages': 'no words',
    gemini: geminiAsks({
      fileData: {
        fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc-123',
        mimeType: 'application/pdf',
      },
    }),
  },
};
