// Numbers and states in words, the same wherever they are shown.

export const milliseconds = (ms) => (ms === undefined ? "–" : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`);

export const count = (n) => (n === undefined ? "–" : n.toLocaleString("en"));

export function outcome(run) {
  if (run.state === "running") return run.status ? "streaming" : "running";
  if (run.state === "cancelled") return "cancelled";
  if (run.fault) return run.status && run.status >= 400 ? `${run.status} ${run.fault.code}` : run.fault.code;
  return `${run.status} OK`;
}

// kind is how an outcome is painted.
export const kind = (run) => ({ running: "busy", done: "good", cancelled: "idle", failed: "bad" })[run.state];
