package connector

import (
	"context"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Record is what the log line tells about a call.
type Record struct {
	Connection, Caller, Deployment string
	Calls, Remaining               int // the window after a slot was taken; Calls is 0 before
	Attempts                       int
	Endpoint                       time.Duration // of the last attempt, until the endpoint's first byte
	PromptTokens, CompletionTokens int64
	Failure                        *Error // what went wrong after the first byte of a stream
}

// A LogLine is the log line of one call: ids, sizes and outcomes, and nothing of what was said
// (contract/reliability.md, S19).
type LogLine struct {
	RequestID, ClientRequestID, Action string
	Start                              time.Time
	Status                             int
	Code                               Code
	Cause                              error
	BytesIn, BytesOut                  int64
	Stream                             bool
	Workflow                           []slog.Attr // ids of the workflow that calls, as it sent them
}

// The longest text of a caller's and the longest cause in a line, in bytes.
const (
	maxLogged      = 128
	maxLoggedCause = 512
)

// Write writes the line of a call that is over.
func (l LogLine) Write(log *slog.Logger, r *Record) {
	if !log.Enabled(context.Background(), slog.LevelInfo) {
		return
	}
	attrs := append(make([]slog.Attr, 0, 24),
		slog.String("request_id", Shorten(l.RequestID, maxLogged)),
		slog.String("action", l.Action),
		slog.String("connection", r.Connection),
		slog.String("caller", r.Caller),
		slog.String("deployment", Shorten(r.Deployment, maxLogged)),
		slog.Int("status", l.Status),
		slog.Float64("ms", milliseconds(time.Since(l.Start))),
		slog.Float64("endpoint_ms", milliseconds(r.Endpoint)),
		slog.Int("attempts", r.Attempts),
		slog.Int64("bytes_in", l.BytesIn),
		slog.Int64("bytes_out", l.BytesOut),
	)
	if l.ClientRequestID != "" {
		attrs = append(attrs, slog.String("client_request_id", l.ClientRequestID))
	}
	for _, id := range l.Workflow {
		attrs = append(attrs, slog.String(id.Key, Shorten(printable(id.Value.String()), maxLogged)))
	}
	if l.Code != "" {
		attrs = append(attrs, slog.String("code", string(l.Code)))
	}
	if l.Stream {
		attrs = append(attrs, slog.Bool("stream", true))
	}
	if r.PromptTokens+r.CompletionTokens > 0 {
		attrs = append(attrs, slog.Int64("prompt_tokens", r.PromptTokens), slog.Int64("completion_tokens", r.CompletionTokens))
	}
	if l.Cause != nil {
		attrs = append(attrs, slog.String("cause", Shorten(l.Cause.Error(), maxLoggedCause)))
	}
	log.LogAttrs(context.Background(), slog.LevelInfo, "call", attrs...)
}

// printable drops what is no text, and characters that a reader of logs obeys instead of showing them.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
