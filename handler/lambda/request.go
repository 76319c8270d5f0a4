package lambda

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"inferenceconnector/connector"
)

// incoming is an HTTP request, whatever the shape of the event that tells of it.
type incoming struct {
	method     string
	path       string // as in a request line, without the query
	query      string
	header     http.Header
	body       string
	isBase64   bool
	authorized bool // an authorizer in front let the caller in
}

// request makes the HTTP request. With an error it is what could be read of it.
func (in *incoming) request(ctx context.Context) (*http.Request, error) {
	r := (&http.Request{
		Method: in.method, URL: &url.URL{Path: "/"}, RequestURI: in.target(), Host: in.header.Get("Host"),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: in.header, Body: http.NoBody,
	}).WithContext(ctx)
	u, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return r, invalid("The path of the request is not well formed.")
	}
	if !areWellFormed(in.header) {
		return r, invalid("A header of the request is not well formed.")
	}
	body := []byte(in.body)
	if in.isBase64 {
		body, err = base64.StdEncoding.Strict().DecodeString(in.body)
		if err != nil || strings.ContainsAny(in.body, "\r\n") { // which the decoder skips
			return r, invalid("The body of the event is not base64, though it says so.")
		}
	}
	r.URL, r.Body, r.ContentLength = u, io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r, nil
}

func invalid(message string) error {
	return &connector.Error{Code: connector.InvalidRequest, Message: message}
}

// target always begins with one slash, so that nothing in it can be taken for a host.
func (in *incoming) target() string {
	path := "/" + strings.TrimLeft(in.path, "/")
	if in.query == "" {
		return path
	}
	return path + "?" + in.query
}

// escaped is a path that came decoded.
func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// cutStage takes the stage off a path that begins with it.
func cutStage(path, stage string) string {
	below, ok := strings.CutPrefix(path, "/"+stage)
	if stage == "" || stage == "$default" || !ok || below != "" && below[0] != '/' {
		return path
	}
	return below
}

// either returns the values of an event's multi-value map, or of the map that holds the last ones only.
func either(multi map[string][]string, single map[string]string) map[string][]string {
	if len(multi) > 0 {
		return multi
	}
	multi = make(map[string][]string, len(single))
	for name, value := range single {
		multi[name] = []string{value}
	}
	return multi
}

// newHeader takes values as they are: a comma may be part of one.
func newHeader(values map[string][]string) http.Header {
	header := make(http.Header, len(values))
	for name, values := range values {
		name = textproto.CanonicalMIMEHeaderKey(name)
		header[name] = append(header[name], values...)
	}
	return header
}

// areWellFormed reports whether HTTP could have brought these headers.
func areWellFormed(header http.Header) bool {
	for name, values := range header {
		if name == "" || strings.ContainsFunc(name, isNoToken) {
			return false
		}
		for _, value := range values {
			if strings.ContainsFunc(value, isControl) {
				return false
			}
		}
	}
	return true
}

func isNoToken(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// authorizer is what an authorizer in front said of the caller. The platform writes this part of an event;
// callers cannot.
type authorizer map[string]json.RawMessage

// letIn reports whether there is an authorizer. Format 1.0 has empty members where there is none.
func (a authorizer) letIn() bool {
	for _, said := range a {
		if string(said) != "null" {
			return true
		}
	}
	return false
}
