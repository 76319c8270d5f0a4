package lambda

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"inferenceconnector/connector"
)

// request makes the HTTP request that an event describes. With an error it is what could be read of it.
func (e *event) request(ctx context.Context) (*http.Request, error) {
	r := &http.Request{
		Method: e.RequestContext.HTTP.Method, URL: &url.URL{Path: "/"}, RequestURI: e.target(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody,
	}
	for name, value := range e.Headers { // repeats are joined by commas, which other values hold too: not split
		r.Header[textproto.CanonicalMIMEHeaderKey(name)] = []string{value}
	}
	r.Host = r.Header.Get("Host")
	r = r.WithContext(ctx)
	u, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return r, &connector.Error{Code: connector.InvalidRequest, Message: "The path of the request is not well formed."}
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		body, err = base64.StdEncoding.Strict().DecodeString(e.Body)
		if err != nil || strings.ContainsAny(e.Body, "\r\n") { // which the decoder skips
			return r, &connector.Error{Code: connector.InvalidRequest, Message: "The body of the event is not base64, though it says so."}
		}
	}
	r.URL, r.Body, r.ContentLength = u, io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r, nil
}

// target is the request's path and query. A Function URL tells the path as the caller wrote it, an API tells
// it decoded and with its stage in front.
func (e *event) target() string {
	path := e.RawPath
	if stage := e.RequestContext.Stage; stage != "" && stage != "$default" {
		if below, ok := strings.CutPrefix(path, "/"+stage); ok && (below == "" || below[0] == '/') {
			path = below
		}
	}
	path = "/" + strings.TrimLeft(path, "/")
	if !e.RequestContext.isFunctionURL() {
		path = (&url.URL{Path: path}).EscapedPath()
	}
	if e.RawQueryString == "" {
		return path
	}
	return path + "?" + e.RawQueryString
}
