// One run of an action: the call, and all that is learned about it.
import { addEvent, readFault, readReply, tryParse } from "./reply.js";
import { addressOf, unsendable } from "./request.js";
import { readEvents } from "./events.js";

let last = 0;

// newRun is a run that has not begun. state: running, done, failed, cancelled.
export function newRun(action, connection, input) {
  return {
    id: ++last, action, connection, input, at: new Date(), state: "running", status: undefined, headers: [], body: undefined,
    text: "", events: [], reply: readReply(undefined), fault: undefined, first: undefined, total: undefined, retryAt: undefined,
  };
}

// execute makes the call; update() is called whenever there is more to show.
export async function execute(run, request, signal, update) {
  const began = performance.now();
  const sofar = () => performance.now() - began;
  try {
    const wrong = unsendable(request.headers);
    if (wrong) {
      run.fault = { code: "Not sent", message: wrong.message, faults: [{ path: [wrong.name], message: wrong.message }] };
      return;
    }
    const response = await fetch(addressOf(request), {
      method: request.method, headers: request.headers, body: request.body && JSON.stringify(request.body), signal,
      cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer",
    });
    readHead(run, response);
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) await readStream(run, response, sofar, update);
    else await readWhole(run, response);
  } catch (error) {
    if (signal.aborted) run.state = "cancelled";
    else run.fault = { code: "No answer", message: `The server did not answer, or the answer broke off: ${error.message}`, faults: [] };
  } finally {
    if (run.state === "running") run.state = run.fault ? "failed" : "done";
    run.total = sofar();
    update();
  }
}

function readHead(run, response) {
  run.status = response.status;
  run.headers = [...response.headers];
  const wait = Number(response.headers.get("retry-after"));
  if (wait > 0) run.retryAt = Date.now() + wait * 1000;
}

async function readWhole(run, response) {
  run.text = await response.text();
  run.body = tryParse(run.text);
  if (response.ok) run.reply = readReply(run.body);
  else run.fault = readFault(run.body, response.status);
}

async function readStream(run, response, sofar, update) {
  let ended = false;
  await readEvents(response.body, ({ event = "message", data }) => {
    run.first ??= sofar();
    run.events.push({ event, data, at: sofar() });
    if (data === "[DONE]") ended = true;
    else if (event === "error") run.fault = readFault(tryParse(data), response.status);
    else addEvent(run.reply, tryParse(data));
    update();
  });
  if (!ended) run.fault ??= { code: "No end", message: "The stream ended without [DONE], so the reply may be incomplete.", faults: [] };
}

// header is a header of a run's answer, by its name in small letters.
export const header = (run, name) => run.headers.find(([n]) => n === name)?.[1];
