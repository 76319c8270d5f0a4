package functions

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/textproto"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

// invokeHTTP answers a caller's request that the host tells of instead of forwarding it. The invocation
// itself always goes well: a caller would see nothing of one that failed.
func (a App) invokeHTTP(c Config, r *http.Request, f Function, i invocation, part *connector.Part) answer {
	start := time.Now()
	request, err := i.request(r.Context())
	if err != nil {
		request = rest.Broken(request, err)
	}
	replied := newReply(part)
	if reason := a.serve(c, replied, request); reason != nil {
		if reason != http.ErrAbortHandler { // rest's own way of giving an answer up, which it has logged
			c.Runner.Log.Error("panic", "function", f.Name, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
		}
		replied.refuse(replied.failure())
	}
	return f.answerHTTP(replied, time.Since(start))
}

// serve returns the reason of a panic.
func (a App) serve(c Config, w http.ResponseWriter, r *http.Request) (reason any) {
	defer func() { reason = recover() }()
	a.forward(c, w, r)
	return nil
}

// told is a request as the host tells it. Query, Params and Identities say nothing more.
type told struct {
	URL     string `json:"Url"`
	Method  string
	Headers map[string]lines
	Body    json.RawMessage
}

// lines are the values of a header: a list, or one text from older hosts.
type lines []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *lines) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*l = lines{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(l))
}

// request makes the HTTP request that an invocation tells of. With an error it is what could be read of it.
func (i invocation) request(ctx context.Context) (*http.Request, error) {
	r := &http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: "/"}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody,
	}
	r = r.WithContext(ctx)
	var t told
	if err := json.Unmarshal(plain(i.value), &t); err != nil || t.Method == "" {
		return r, unreadable("request", err)
	}
	for name, values := range t.Headers {
		name = textproto.CanonicalMIMEHeaderKey(name)
		r.Header[name] = append(r.Header[name], values...)
	}
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	r.Header.Del("Accept-Encoding") // the answer is told as text
	r.Method, r.RequestURI = t.Method, target(t.URL)
	u, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return r, unreadable("path", err)
	}
	r.URL = u
	body, err := t.body(r.Header.Get("Content-Type"))
	if err != nil {
		return r, unreadable("body", err)
	}
	if len(body) > 0 {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	}
	return r, nil
}

func unreadable(part string, cause error) error {
	return &connector.Error{Code: connector.InvalidRequest, Err: cause, Message: fmt.Sprintf("The %s is not well formed, as the Functions host tells it.", part)}
}

// target is the path and the query of an address, as they were sent.
func target(address string) string {
	_, below, _ := strings.Cut(address, "://")
	if slash := strings.IndexByte(below, '/'); slash >= 0 {
		return below[slash:]
	}
	return ""
}

// body is the text of the body. The host sends types that are no text as base64.
func (t told) body(contentType string) (string, error) {
	if len(t.Body) == 0 || string(t.Body) == "null" {
		return "", nil
	}
	var text string
	if json.Unmarshal(t.Body, &text) != nil {
		return string(t.Body), nil
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind != "application/octet-stream" && !strings.HasPrefix(kind, "multipart/") {
		return text, nil
	}
	body, err := base64.StdEncoding.DecodeString(text)
	return string(body), err
}
