package double

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// A RESTAPI is an API Gateway REST API with the resource /{proxy+} and the root, both of which lead to the
// function. It delivers whole answers. Callers reach it below its stage or, at a domain of the owner's,
// below the base path that is mapped to it.
type RESTAPI struct {
	Function         *Function
	Stage            string          // "prod" when empty
	Domain           string          // of the owner's; "" for the API's own
	BasePath         string          // the mapping at Domain, without slashes around it; "" for the root
	Authorizer       json.RawMessage // what an authorizer said of the caller; nil when there is none
	BinaryMediaTypes []string        // such as image/png or */*
	Timeout          time.Duration   // how long it waits for the function; 29 s when zero
}

// Prefix is what stands before each path that callers use.
func (a *RESTAPI) Prefix() string {
	switch {
	case a.Domain == "":
		return "/" + a.stage()
	case a.BasePath == "":
		return ""
	}
	return "/" + a.BasePath
}

func (a *RESTAPI) stage() string {
	if a.Stage == "" {
		return "prod"
	}
	return a.Stage
}

// RoundTrip implements http.RoundTripper. Of the request's URL only path and query count.
func (a *RESTAPI) RoundTrip(r *http.Request) (*http.Response, error) {
	path := r.URL.EscapedPath() // an event tells it as it was written
	if !below(path, a.Prefix()) {
		return refuse(r, http.StatusForbidden), nil
	}
	event, err := newProxyEvent(r, a.describe(path))
	if err != nil {
		return nil, err
	}
	timeout := a.Timeout
	if timeout == 0 {
		timeout = 29 * time.Second
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	return gateway{a.reply, http.StatusBadGateway, http.StatusGatewayTimeout}.invoke(ctx, r, a.Function, event)
}

// describe says how this front fills the format. The stage is no part of the event's path, a base path is.
func (a *RESTAPI) describe(path string) proxyFront {
	resourcePath := strings.TrimPrefix(path, a.Prefix())
	if resourcePath == "" {
		resourcePath = "/"
	}
	f := proxyFront{
		domain: gatewayDomain, stage: a.stage(), resource: "/", path: path, contextPath: path, authorizer: a.Authorizer,
		isText: func(contentType string) bool { return !matchesAny(contentType, a.BinaryMediaTypes) },
	}
	if a.Domain == "" {
		f.path = resourcePath
	} else {
		f.domain = a.Domain
	}
	if proxy := strings.TrimPrefix(resourcePath, "/"); proxy != "" {
		f.resource, f.parameters = "/{proxy+}", map[string]string{"proxy": proxy}
	}
	return f
}

// reply makes the response of a payload. Without binary media types, base64 is a text like any other.
func (a *RESTAPI) reply(r *http.Request, payload []byte) (reply *http.Response, ok bool) {
	answer, ok := readProxyAnswer(payload)
	if !ok {
		return nil, false
	}
	return answer.reply(r, answer.merged(), answer.isBase64() && len(a.BinaryMediaTypes) > 0)
}
