// Server-sent events, as they come.

// readEvents calls take({ event, data }) for each event of a body.
export async function readEvents(body, take) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = {};
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.data !== undefined) take(event);
        event = {};
        continue;
      }
      const [, name, text] = /^([^:]*):? ?(.*)$/s.exec(line);
      if (name === "data") event.data = event.data === undefined ? text : `${event.data}\n${text}`;
      else if (name === "event") event.event = text;
    }
  }
}
