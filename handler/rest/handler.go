package rest

import (
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"runtime/debug"
	"sync/atomic"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/schema"
)

// Config is what the surface is made of. Connector, Actions, Keys and Log are required.
type Config struct {
	Connector *connector.Connector
	Actions   []*schema.Action
	Keys      *callers.Keys
	Log       *slog.Logger

	MaxCalls     int           // calls in progress at once
	MaxBodyBytes int64         // largest request body
	BodyTimeout  time.Duration // for a body to arrive
	WriteTimeout time.Duration // without progress, writing an answer
}

// A Handler serves the surface. It is safe for concurrent use.
type Handler struct {
	Config
	routes   routes
	inFlight atomic.Int64
	draining atomic.Bool
}

// New returns a Handler that is ready.
func New(c Config) *Handler {
	return &Handler{Config: c, routes: newRoutes(c.Actions)}
}

// Drain turns readiness false, so that no new calls are sent here. Calls are still answered.
func (h *Handler) Drain() { h.draining.Store(true) }

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.setDeadlines(w, r)
	if whatBroke(r) == nil && h.serveHealth(w, r) {
		return
	}
	c := &call{handler: h, w: w, r: r, start: time.Now(), requestID: newRequestID()}
	defer c.finish()
	defer c.recover()
	if err := c.serve(); err != nil {
		c.refuse(connector.AsError(err))
	}
}

// setDeadlines bounds what is read and written before we do it ourselves: net/http reads what is left of a
// body before it answers. Hosts without a connection have no deadlines.
func (h *Handler) setDeadlines(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(h.WriteTimeout))
	if r.Body != http.NoBody { // without a body, all that is read is whether the caller left
		_ = control.SetReadDeadline(time.Now().Add(h.BodyTimeout))
	}
}

// call is one request on its way through.
type call struct {
	handler   *Handler
	w         http.ResponseWriter
	r         *http.Request
	start     time.Time
	requestID string
	clientID  string // the caller's own id of the call, "" when it sent none that is safe to repeat
	action    string
	record    connector.Record
	status    int
	code      connector.Code
	cause     error
	received  int
	sent      int64
	stream    bool
}

// serve goes through the checks in the order of design.md section 3 and relays the answer.
func (c *call) serve() error {
	c.clientID = cleanID(c.r.Header.Get("x-ms-client-request-id"))
	if err := checkFraming(c.r); err != nil {
		return err
	}
	defer c.handler.inFlight.Add(-1)
	if c.handler.inFlight.Add(1) > int64(c.handler.MaxCalls) {
		return &connector.Error{
			Code: connector.Overloaded, RetryAfter: time.Second,
			Message: "Too many calls are in progress; try again in a second.",
		}
	}
	route, err := c.handler.routes.find(c.r)
	if err != nil {
		if route.allow != "" {
			c.w.Header().Set("Allow", route.allow)
		}
		return err
	}
	c.action = route.action.ID
	query, err := parseQuery(c.r)
	if err != nil {
		return err
	}
	caller, err := c.authenticate(route.connection, query)
	if err != nil {
		return err
	}
	response, err := c.handler.Connector.Invoke(c.r.Context(), &connector.Invocation{
		Action:      route.action,
		Connection:  route.connection,
		Caller:      caller,
		Correlation: c.correlation(),
		Values:      c.values(query),
		Body:        c.body,
		Record:      &c.record,
	})
	if err != nil {
		return err
	}
	return c.relay(response)
}

// recover answers a panic, so that it harms no other call (R27).
func (c *call) recover() {
	reason := recover()
	if reason == nil {
		return
	}
	if reason == http.ErrAbortHandler {
		panic(reason)
	}
	c.handler.Log.Error("panic", "request_id", c.requestID, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
	if c.status != 0 { // the answer has begun: only its end can tell that it is not whole
		panic(http.ErrAbortHandler)
	}
	c.refuse(connector.AsError(fmt.Errorf("panic: %v", reason)))
}

// newRequestID returns an id that is unique, not secret.
func newRequestID() string {
	var id [16]byte
	for i := 0; i < len(id); i += 8 {
		n := rand.Uint64()
		for j := range 8 {
			id[i+j] = byte(n >> (8 * j))
		}
	}
	return hex.EncodeToString(id[:])
}

// cleanID returns a caller's id if it is safe to repeat and to log (S19).
func cleanID(id string) string {
	if id == "" || len(id) > 64 {
		return ""
	}
	for i := range len(id) {
		if c := id[i]; !isAlphanumeric(c) && c != '.' && c != '_' && c != '-' {
			return ""
		}
	}
	return id
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// traceparent is the form of W3C Trace Context, version 00.
var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)

// correlation are the ids that travel on; those that break their form stay behind.
func (c *call) correlation() connector.Correlation {
	ids := connector.Correlation{ClientRequestID: c.clientID}
	if ids.ClientRequestID == "" {
		ids.ClientRequestID = c.requestID
	}
	if parent := c.r.Header.Get("traceparent"); parent != "" && traceparent.MatchString(parent) {
		ids.Traceparent = parent
		if state := c.r.Header.Get("tracestate"); len(state) <= 512 {
			ids.Tracestate = state
		}
	}
	return ids
}

// finish writes the log line.
func (c *call) finish() {
	connector.LogLine{
		RequestID: c.requestID, ClientRequestID: c.clientID, Action: c.action, Start: c.start,
		Status: c.status, Code: c.code, Cause: c.cause,
		BytesIn: int64(c.received), BytesOut: c.sent, Stream: c.stream,
	}.Write(c.handler.Log, &c.record)
}
