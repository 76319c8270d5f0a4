package double

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// defaultStage is the stage that is not part of a path.
const defaultStage = "$default"

// httpAPILimit is how long an HTTP API waits for its function.
const httpAPILimit = 30 * time.Second

// An HTTPAPI is an API Gateway HTTP API whose every route leads to the function. It delivers whole answers.
type HTTPAPI struct {
	Function   *Function
	Stage      string          // "" for the one that is not part of a path
	Authorizer json.RawMessage // what an authorizer said of the caller; nil when there is none
	Format1    bool            // events and answers are of the payload format 1.0
}

// RoundTrip implements http.RoundTripper. Of the request's URL only path and query count.
func (a *HTTPAPI) RoundTrip(r *http.Request) (*http.Response, error) {
	stage, path := a.Stage, r.URL.Path // an event tells the path decoded, and with its stage
	if stage == "" {
		stage = defaultStage
	} else if !below(path, "/"+stage) {
		return refuse(r, http.StatusNotFound), nil
	}
	path, _, _ = strings.Cut(path, "?") // one that was encoded
	ctx, cancel := context.WithTimeout(r.Context(), httpAPILimit)
	defer cancel()
	if a.Format1 {
		event, err := newProxyEvent(r, a.describe(stage, path))
		if err != nil {
			return nil, err
		}
		return gateway{newProxyReply, http.StatusBadGateway, http.StatusServiceUnavailable}.invoke(ctx, r, a.Function, event)
	}
	event, err := newEvent(r, gatewayDomain, stage, path, a.Authorizer)
	if err != nil {
		return nil, err
	}
	delete(event.Headers, "cookie") // taken out, into cookies
	return gateway{newReply, http.StatusInternalServerError, http.StatusServiceUnavailable}.invoke(ctx, r, a.Function, event)
}

// describe says how this front fills the format 1.0. Without an authorizer there is one whose parts are null,
// as in the documentation's example.
func (a *HTTPAPI) describe(stage, path string) proxyFront {
	authorizer := a.Authorizer
	if authorizer == nil {
		authorizer = json.RawMessage(`{"claims":null,"scopes":null}`)
	}
	return proxyFront{
		version: "1.0", resource: defaultStage, domain: gatewayDomain, stage: stage,
		path: path, contextPath: path, authorizer: authorizer, lowerCase: true,
		isText: isText,
	}
}

// below reports whether a path begins with the segments of prefix.
func below(path, prefix string) bool {
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || rest[0] == '/')
}
