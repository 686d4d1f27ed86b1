// The proofs of reasoning that each stand-in vendor hands out. It takes back its own only, unchanged, as the vendors do.

export const SIGNATURES = {
  openaiResponses: 'gAAAAABpIlGgk2nq8ZrVb0sW5tYc3mXjD7uLhE1fKpQaR9oT4wN6vBzCxMdSyJgIeUHl',
  anthropicMessages: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds3UzMWFh9DyuRpJJ0bT1x/Wc==',
  gemini: 'CpcBAVSoXO7vTnQ0mZ9mYk1Qe4s7cXw2rU5pJ8dLfN3hGbK6aEtRiVyBoWzPqMlSxDcFjHgUkA==',
  bedrockConverse: 'EpgCCkYIBxgCKkD3hQ2vX9sZ1cWm4yT7uKpLr6bN8jFdEaG5oIqHxVtYwUzSeRkMnBvCfJlPgD0i==',
} as const;
