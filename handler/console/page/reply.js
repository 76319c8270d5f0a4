// What an answer says, whichever action it is of: text, thoughts, calls of tools, vectors, tokens.
import { parse } from "./json.js";

export const tryParse = (text) => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

// Models write what they like: what is of another kind than expected is left to the JSON view.
const list = (value) => (Array.isArray(value) ? value.filter((element) => element && typeof element === "object") : []);
const text = (value) => (typeof value === "string" ? value : "");
const number = (value) => (typeof value === "number" ? value : undefined);

// readReply reads a whole answer.
export function readReply(body) {
  const choice = list(body?.choices)[0];
  const message = choice?.message ?? {};
  return {
    text: text([message.content, choice?.text, body?.text].find((said) => typeof said === "string")),
    thoughts: text(message.reasoning_content),
    calls: list(message.tool_calls).map((call) => ({ name: text(call.function?.name), arguments: call.function?.arguments })),
    json: body?.json,
    vectors: list(body?.data).filter((d) => d.embedding).map((d) => d.embedding),
    finish: choice?.finish_reason ?? body?.finish_reason,
    model: body?.model,
    tokens: readTokens(body),
  };
}

// readTokens finds the counts, in usage or beside the text.
function readTokens(body) {
  const from = body?.usage ?? body;
  const tokens = { prompt: number(from?.prompt_tokens), completion: number(from?.completion_tokens), total: number(from?.total_tokens) };
  return Object.values(tokens).some((count) => count !== undefined) ? tokens : undefined;
}

// addEvent adds an event of a stream to the reply so far, which is the first of several choices.
export function addEvent(reply, chunk) {
  const choice = list(chunk?.choices).find(({ index = 0 }) => index === 0);
  const delta = choice?.delta ?? {};
  reply.text += text(delta.content ?? choice?.text);
  reply.thoughts += text(delta.reasoning_content);
  for (const call of list(delta.tool_calls)) {
    const { index, id } = call;
    let known = index === undefined ? !id && reply.calls.at(-1) : reply.calls.find((c) => c.index === index);
    if (!known) reply.calls.push(known = { index, name: "", arguments: "" });
    known.name += text(call.function?.name);
    known.arguments += text(call.function?.arguments);
  }
  reply.finish = choice?.finish_reason ?? reply.finish;
  reply.model = chunk?.model ?? reply.model;
  reply.tokens = readTokens(chunk) ?? reply.tokens;
}

// readFault reads an error as every answer of ours has it: { code, message, faults: [{ path, message }] }.
export function readFault(body, status) {
  const error = body?.error ?? {};
  const detail = (body?.detail ?? []).filter((d) => Array.isArray(d.loc)).map((d) => ({ path: d.loc.slice(1), message: d.msg }));
  const target = typeof error.target === "string" ? error.target : "";
  const named = target ? [{ path: target.replace(/^\//, "").split("/"), message: error.message }] : [];
  return {
    code: error.code ?? body?.code ?? `HTTP ${status}`,
    message: error.message ?? body?.message ?? "The answer says no more.",
    faults: detail.length > 0 ? detail : named,
  };
}
