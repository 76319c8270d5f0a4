// Calls of every route of the Azure AI Inference form, and their outcome. A call goes to the connection any, unless it
// says otherwise. What is sent differs from the request that oav sees where no operation of the files is asked for.
const messages = [{ role: "user", content: "one two three" }];
const picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p8yM3QAAAABJRU5ErkJggg==";
const weather = { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } };
const tools = [{ type: "function", function: weather }];
const asked = { id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Lisbon"}' } };
const mood = { type: "object", properties: { mood: { enum: ["good"] } }, required: ["mood"] };

const post = (operation, path) => (body) => ({ operation, method: "POST", path, body });
const chat = (more) => post("GetChatCompletions", "/chat/completions")({ model: "echo", messages, ...more });
const say = (...content) => chat({ messages: [{ role: "user", content }] });
const embed = post("GetEmbeddings", "/embeddings");
const embedImages = post("GetImageEmbeddings", "/images/embeddings");
const info = (model) => ({ operation: "GetModelInfo", method: "GET", path: "/info", query: model && { model } });

const good = (call) => ({ status: 200, ...call });
const bad = (status, code, call) => ({ status, code, ...call });
// wrong is a call that is refused, and in which oav has to see the same mistakes.
const wrong = (status, code, call, ...breaches) => ({ ...bad(status, code, call), breaches: breaches.map((b) => `request ${b}`) });

export const goodPairs = {
  "info": good(info()),
  "info of a deployment": good(info("echo")),
  "chat": good(chat()),
  "chat with all parameters": good(chat({ temperature: 0, top_p: 0.5, frequency_penalty: -2, presence_penalty: 2, max_tokens: 9, stop: ["four"], seed: 7 })),
  "chat with a system": good(chat({ messages: [{ role: "system", content: "Be brief." }, { role: "assistant", content: "Yes." }, ...messages] })),
  "tools": good(chat({ model: "tools", tools, tool_choice: "auto" })),
  "a tool by name": good(chat({ model: "tools", tools, tool_choice: { type: "function", function: { name: "get_weather" } } })),
  "what a tool found": good(chat({ model: "tools", tools, messages: [...messages,
    { role: "assistant", content: "", tool_calls: [asked] }, { role: "tool", tool_call_id: "call_1", content: "sunny" }] })),
  "image": good(say({ type: "text", text: "What is it?" }, { type: "image_url", image_url: { url: picture, detail: "low" } })),
  "image by address": good(say({ type: "image_url", image_url: { url: "https://example.com/cat.png" } })),
  "text": good(chat({ response_format: { type: "text" } })),
  "JSON": good(chat({ model: "json", response_format: { type: "json_object" } })),
  "JSON by a schema": good(chat({ model: "json", response_format: { type: "json_schema", json_schema: { name: "mood", strict: true, schema: mood } } })),
  "thoughts": good(chat({ model: "reasoning" })),
  "sound": good(chat({ model: "audio", modalities: ["text", "audio"] })),
  "cut off": good(chat({ model: "truncated" })),
  "filtered half-way": good(chat({ model: "censored" })),
  "extra parameters that travel": good({ ...chat({ logprobs: true }), headers: { "extra-parameters": "pass-through" } }),
  "extra parameters that are dropped": good({ ...chat({ logprobs: true }), headers: { "extra-parameters": "drop" } }),
  "embeddings": good(embed({ model: "embeddings", input: ["one", "two"] })),
  "embeddings of a size": good(embed({ model: "embeddings", input: ["one"], dimensions: 8, encoding_format: "float", input_type: "query" })),
  "embeddings in base64": good(embed({ model: "embeddings", input: ["one"], encoding_format: "base64" })),
  "embeddings of images": good(embedImages({ model: "embeddings", input: [{ image: picture }, { image: picture, text: "a dot" }] })),
};

export const badPairs = {
  "broken JSON": wrong(400, "InvalidJson", { ...chat(), body: '{"messages":[' }, "INVALID_TYPE"),
  "no version": bad(400, "InvalidRequest", { ...chat(), sent: { version: null } }),
  "no version at all": bad(400, "UnsupportedApiVersion", { ...chat(), sent: { version: "1" } }),
  "extra parameters": bad(400, "ExtraParameters", chat({ logprobs: true })),
  "extra parameters of embeddings": bad(400, "ExtraParameters", embed({ model: "embeddings", input: ["one"], size: 1 })),
  "no name of a model": bad(400, "no_model_name", { ...chat({ model: undefined }), connection: "listed" }),
  "the endpoint's content filter": bad(400, "content_filter", chat({ model: "filtered" })),
  "a wrong key": bad(401, "Unauthenticated", { ...chat(), key: "wrong" }),
  "a wrong key for info": bad(401, "Unauthenticated", { ...info(), key: "wrong" }),
  "no such connection": bad(404, "NotFound", { ...chat(), connection: "nobodys" }),
  "no such route": bad(404, "NotFound", { ...chat(), sent: { path: "/chats" } }),
  "no such model": bad(404, "unknown_model", { ...chat({ model: "gpt-9" }), connection: "listed" }),
  "no such model of embeddings": bad(404, "unknown_model", { ...embed({ model: "ada", input: ["one"] }), connection: "listed" }),
  "a family without info": bad(404, "ModelInfoUnavailable", { ...info("echo"), connection: "azure-openai" }),
  "another method": bad(405, "MethodNotAllowed", { ...chat(), sent: { method: "PUT" } }),
  "too large": bad(413, "BodyTooLarge", chat({ messages: [{ role: "user", content: "x".repeat(70000) }] })),
  "another media type": bad(415, "UnsupportedMediaType", { ...chat(), sent: { type: "text/plain" } }),
  "values": wrong(422, "ValidationFailed", chat({ messages: [{ role: "x" }], temperature: 9, seed: "7" }),
    "DISCRIMINATOR_VALUE_NOT_FOUND /messages/*/role", "INVALID_TYPE /seed", "MAXIMUM /temperature"),
  "no messages": wrong(422, "ValidationFailed", chat({ messages: undefined }), "OBJECT_MISSING_REQUIRED_PROPERTY /messages"),
  "no input": wrong(422, "ValidationFailed", embed({ model: "embeddings" }), "OBJECT_MISSING_REQUIRED_PROPERTY /input"),
  "no image": wrong(422, "ValidationFailed", embedImages({ model: "embeddings", input: [{ text: "a dot" }] }), "OBJECT_MISSING_REQUIRED_PROPERTY /input/*/image"),
  "what the deployment lacks": bad(422, "parameter_not_supported", { ...chat({ seed: 7 }), connection: "lacking" }),
  "what the endpoint refuses": bad(422, "parameter_not_supported", chat({ model: "unsupported", seed: 7 })),
  "the endpoint refuses our key": bad(424, "UpstreamAuthFailed", { ...chat(), connection: "refused" }),
  "the limit": bad(429, "RateLimitExceeded", { ...chat(), connection: "spent" }),
  "the endpoint's limit": bad(429, "UpstreamThrottled", chat({ model: "throttled" })),
  "the endpoint breaks off": bad(502, "UpstreamInvalid", chat({ model: "breaks" })),
  "no endpoint": bad(502, "UpstreamUnreachable", { ...chat(), connection: "unreachable" }),
  "the endpoint is down": bad(503, "UpstreamUnavailable", chat({ model: "unavailable" })),
  "the endpoint is silent": bad(504, "UpstreamTimeout", chat({ model: "hangs" })),
};
