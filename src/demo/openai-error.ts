// OpenAI's error body, the same for both of its dialects. https://platform.openai.com/docs/guides/error-codes

export const openaiError = (status: 400 | 404, message: string): unknown => ({
  error: {
    message,
    type: 'invalid_request_error',
    param: null,
    code: status === 404 ? 'unknown_url' : null,
  },
});
