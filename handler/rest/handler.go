package rest

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/schema"
)

// Config is what the surface is made of. Connector, Actions, Callers and Log are required.
type Config struct {
	Connector *connector.Connector
	Actions   []*schema.Action
	Callers   *callers.List
	Log       *slog.Logger
	Ready     func() bool // whether calls can be decided about; nil: always
	Console   Console     // nil for none

	PublicURL    *url.URL // where callers reach the surface, for the definition; nil: nobody knows
	PlatformKeys bool     // whether the keys of callers are the Functions host's

	Memory       *connector.Memory // nil for no bound
	MaxCalls     int               // calls in progress at once
	MaxBodyBytes int64             // largest request body
	BodyTimeout  time.Duration     // for a body to arrive
	WriteTimeout time.Duration     // without progress, writing an answer
}

// A Handler serves the surface. It is safe for concurrent use.
type Handler struct {
	Config
	routes      routes
	definitions definitions
	inFlight    atomic.Int64
	draining    atomic.Bool
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
	if whatBroke(r) == nil && (h.serveHealth(w, r) || h.serveConsole(w, r)) {
		return
	}
	c := &call{handler: h, w: w, r: r, start: time.Now(), requestID: newRequestID()}
	defer c.finish()
	c.part = h.Memory.Part()
	defer c.part.Free()
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
	part      *connector.Part
	received  int
	sent      int64
	stream    bool
}

// serve goes through the checks in the order of design.md section 3 and relays the answer.
func (c *call) serve() error {
	c.clientID = cleanID(c.r.Header.Get("x-ms-client-request-id"))
	if err := checkFraming(c.r); err != nil {
		if c.r.Method == http.MethodConnect {
			c.w.Header().Set("Allow", "GET, POST")
		}
		return err
	}
	defer c.handler.inFlight.Add(-1)
	if c.handler.inFlight.Add(1) > int64(c.handler.MaxCalls) {
		return &connector.Error{
			Code: connector.Overloaded, RetryAfter: time.Second,
			Message: "Too many calls are in progress; try again in a second.",
		}
	}
	if c.handler.isConsole(c.r) {
		return c.listConnections()
	}
	route, err := c.handler.routes.find(c.r)
	if err != nil {
		if route.allow != "" {
			c.w.Header().Set("Allow", route.allow)
		}
		return err
	}
	if route.document != "" {
		return c.serveDocument(route)
	}
	c.action = route.action.ID
	query, unreadable := parseQuery(c.r)
	caller, brought, err := c.authenticate(route.connection, query)
	if err != nil {
		return err
	}
	response, err := c.handler.Connector.Invoke(c.r.Context(), &connector.Invocation{
		Action:      route.action,
		Connection:  route.connection,
		Deployment:  route.deployment,
		Brought:     brought,
		Caller:      caller,
		Correlation: c.correlation(),
		Values:      c.values(query, unreadable),
		Body:        c.body,
		Part:        c.part,
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

// finish writes the log line.
func (c *call) finish() {
	connector.LogLine{
		RequestID: c.requestID, ClientRequestID: c.clientID, Action: c.action, Start: c.start,
		Status: c.status, Code: c.code, Cause: c.cause,
		BytesIn: int64(c.received), BytesOut: c.sent, Stream: c.stream, Workflow: workflowIDs(c.r.Header),
	}.Write(c.handler.Log, &c.record)
}
