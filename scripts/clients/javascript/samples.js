// What the suites of all clients send, and what the emulator answers to it.
export const messages = [{ role: "user", content: "one two three" }];

export const weather = {
  name: "get_weather",
  description: "The weather of a city",
  parameters: { type: "object", properties: { city: { type: "string", enum: ["Lisbon"] } }, required: ["city"] },
};

export const verdict = { mood: "good", score: 7 };

export const verdictFormat = {
  type: "json_schema",
  json_schema: {
    name: "verdict",
    strict: true,
    schema: {
      type: "object",
      properties: { mood: { enum: ["good"] }, score: { type: "integer", minimum: 7 } },
      required: ["mood", "score"],
    },
  },
};
