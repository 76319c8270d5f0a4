package lambda

import (
	"context"
	"net/http"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

// serveHTTP answers an HTTP event: the whole answer, or one that is read while it is written.
func (h *Host) serveHTTP(ctx context.Context, e *event) any {
	limit := gatewayBudget
	if e.RequestContext.isFunctionURL() {
		limit = functionBudget
	}
	ctx, cancel := budget(ctx, limit)
	handler := h.HTTP
	request, err := e.request(ctx)
	switch {
	case err != nil:
		handler = refusal(err)
	case h.Trusted && e.RequestContext.isAuthorized():
		request = rest.Trust(request)
	}
	if h.Stream && e.RequestContext.isFunctionURL() {
		return stream(handler, request, cancel)
	}
	defer cancel()
	w := &buffer{header: http.Header{}}
	if !serve(handler, w, request) {
		w.refuse(errAborted)
	}
	return w.answer()
}

// errAborted is an InternalError to callers.
var errAborted = connector.AsError(http.ErrAbortHandler)

// serve runs the handler and reports whether its answer is whole. A panic, which is how an answer is given
// up, ends here: it would end the process, and other invocations with it.
func serve(handler http.Handler, w http.ResponseWriter, r *http.Request) (whole bool) {
	defer func() { _ = recover() }()
	handler.ServeHTTP(w, r)
	return true
}

// refusal answers with an error of ours that rest did not see.
func refusal(err error) http.Handler {
	e := connector.AsError(err)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Ms-Error-Code", string(e.Code))
		w.WriteHeader(e.Status())
		_, _ = w.Write(e.JSON())
	})
}

func tooLarge() *connector.Error {
	return &connector.Error{Code: connector.ResponseTooLarge,
		Message: "The answer is larger than the 6 MB that Lambda delivers. Ask for fewer tokens with max_tokens, or stream."}
}

func flatten(header http.Header) map[string]string {
	flat := make(map[string]string, len(header))
	for name, values := range header {
		flat[name] = strings.Join(values, ",")
	}
	return flat
}
