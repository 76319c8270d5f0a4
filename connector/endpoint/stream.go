package endpoint

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"inferenceconnector/connector"
)

// stream relays an event stream: each event checked, in the one form that every client reads. It is the
// Body of a Response; a failure becomes its last event (R22). Reading it blocks until an event is there.
type stream struct {
	call     *call
	ctx      context.Context
	body     *timedBody
	events   *eventReader
	endpoint *Endpoint
	lifetime *time.Timer
	held     []byte // the finish chunk, while it waits for its usage
	heldInfo chunk
	calls    toolCalls
	asked    []byte // the chunk of its own that tells the usage, while it waits for the end
	out      bytes.Buffer
	ended    bool
	well     bool // it ended with [DONE]
}

// openStream reads up to the first event, so that a failure until then is a plain error (R23).
func (e *Endpoint) openStream(ctx context.Context, c *call, reply *http.Response, timer *time.Timer) (*connector.Response, error) {
	c.part.Reply()
	body := &timedBody{ReadCloser: reply.Body, timer: timer}
	s := &stream{call: c, ctx: ctx, body: body, events: newEventReader(body, c.part), endpoint: e}
	s.lifetime = time.AfterFunc(time.Until(c.begun.Add(e.budgets.Stream)), func() { c.cancel(errStreamTooLong) })
	err := expectType(reply, "text/event-stream")
	if err == nil {
		err = s.next()
	}
	if err != nil {
		err = c.failure(ctx, err)
		return nil, errors.Join(err, s.Close())
	}
	timer.Stop()
	body.gap = e.budgets.Gap
	body.timer = time.AfterFunc(body.gap, func() { c.cancel(errGapTooLong) })
	body.timer.Stop() // until somebody reads
	return &connector.Response{Status: http.StatusOK, Stream: true, Length: -1, Body: s}, nil
}

// Read implements io.Reader. It returns as many whole events as have arrived, and waits for one at least.
func (s *stream) Read(p []byte) (int, error) {
	for s.out.Len() == 0 || !s.ended && s.events.ready() {
		if s.ended {
			return 0, io.EOF
		}
		if err := s.next(); err != nil {
			s.fail(err)
		}
	}
	return s.out.Read(p)
}

// Close ends the stream. One that ended well gives its connection back.
func (s *stream) Close() error {
	s.lifetime.Stop()
	if s.well { // what follows [DONE] is the end of the body, at once or never
		s.body.gap = 0
		s.body.timer.Reset(100 * time.Millisecond)
		_, _ = io.CopyN(io.Discard, s.body, 4<<10)
	}
	s.body.timer.Stop()
	s.call.cancel(nil)
	return s.body.Close()
}

var errNoDone = errors.New("it ended too early") // the words of a good end would mislead a client that looks for them

// next relays one event, which may put something into out.
func (s *stream) next() error {
	event, err := s.events.next()
	if err == io.EOF {
		err = errNoDone
	}
	if err != nil {
		return err
	}
	if string(event.data) == "[DONE]" {
		s.release()
		if s.asked != nil {
			s.put(s.asked)
		}
		s.put(event.data)
		s.ended, s.well = true, true
		return nil
	}
	if event.isError {
		return s.reported(event.data)
	}
	info, err := inspect(event.data)
	if err != nil {
		return errors.New("an event is not a JSON object: " + err.Error()) // not the end of the body, which err may look like
	}
	if info.isError {
		return s.reported(event.data)
	}
	if info.hasUsage() {
		info.counts(event.data).note(s.call.record)
	}
	if s.call.repeatUsage {
		event.data = s.moveUsage(event.data, info)
	}
	if s.call.openAICaller {
		event.data = s.calls.complete(event.data)
	}
	if s.call.holdFinish {
		s.pass(event.data, info)
		return nil
	}
	s.put(event.data)
	return nil
}

// moveUsage keeps the usage for a chunk of its own, behind all others, unless the endpoint sends one. OpenAI's
// clients add up what they are told, so the chunk that had it loses it for them.
func (s *stream) moveUsage(data []byte, info chunk) []byte {
	switch {
	case info.hasUsage() && info.choices == 0:
		s.asked = nil
	case info.hasUsage():
		s.asked = info.withoutChoices(data)
		if s.call.openAICaller {
			return info.withUsage(data, []byte("null"))
		}
	}
	return data
}

// pass relays a chunk of a family that reports usage behind the finish chunk, where some clients do not
// look: the finish chunk waits and takes it along.
func (s *stream) pass(data []byte, info chunk) {
	switch {
	case info.hasUsage() && info.choices == 0:
		if s.held != nil {
			s.put(s.heldInfo.withUsage(s.held, info.usage(data)))
			s.held = nil
		} else if !s.call.relayUsage {
			s.put(data)
		}
		if s.call.relayUsage {
			s.put(data)
		}
	case info.finished && !info.hasUsage():
		s.release()
		s.held, s.heldInfo = bytes.Clone(data), info
	default:
		if info.choices > 0 { // what follows a finish is not to overtake it
			s.release()
		}
		s.put(data)
	}
}

// release relays a finish chunk whose usage did not come.
func (s *stream) release() {
	if s.held != nil {
		s.put(s.held)
		s.held = nil
	}
}

func (s *stream) put(data []byte) {
	s.out.WriteString("data: ")
	s.out.Write(data)
	s.out.WriteString("\n\n")
}
