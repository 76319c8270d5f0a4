// What an answer says, whichever action it is of: text, thoughts, calls of tools, vectors, tokens.
import { parse } from "./json.js";

export const tryParse = (text) => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

// readReply reads a whole answer.
export function readReply(body) {
  const choice = body?.choices?.[0];
  const message = choice?.message ?? {};
  return {
    text: [message.content, choice?.text, body?.text].find((text) => typeof text === "string") ?? "",
    thoughts: message.reasoning_content ?? "",
    calls: (message.tool_calls ?? []).map((call) => ({ name: call.function?.name, arguments: call.function?.arguments })),
    json: body?.json,
    vectors: Array.isArray(body?.data) ? body.data.filter((d) => d.embedding).map((d) => d.embedding) : [],
    finish: choice?.finish_reason ?? body?.finish_reason,
    model: body?.model,
    tokens: readTokens(body),
  };
}

// readTokens finds the counts, in usage or beside the text.
function readTokens(body) {
  const from = body?.usage ?? body;
  if (typeof from?.total_tokens !== "number" && typeof from?.prompt_tokens !== "number") return undefined;
  return { prompt: from.prompt_tokens, completion: from.completion_tokens, total: from.total_tokens };
}

// addEvent adds an event of a stream to the reply so far.
export function addEvent(reply, chunk) {
  const choice = chunk?.choices?.[0];
  const delta = choice?.delta ?? {};
  reply.text += delta.content ?? choice?.text ?? "";
  reply.thoughts += delta.reasoning_content ?? "";
  for (const call of delta.tool_calls ?? []) {
    if (call.id || reply.calls.length === 0) reply.calls.push({ name: "", arguments: "" });
    const last = reply.calls.at(-1);
    last.name += call.function?.name ?? "";
    last.arguments += call.function?.arguments ?? "";
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
