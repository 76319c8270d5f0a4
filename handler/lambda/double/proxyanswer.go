package double

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// proxyAnswer is what a function says about an HTTP response to a REST API, in the format 1.0, or to a load
// balancer.
type proxyAnswer struct {
	StatusCode        int                 `json:"statusCode"`
	StatusDescription *string             `json:"statusDescription"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Body              *string             `json:"body"`
	IsBase64Encoded   *bool               `json:"isBase64Encoded"`
}

// newProxyReply makes the response of a payload in the format 1.0. ok is false when it is malformed.
func newProxyReply(r *http.Request, payload []byte) (reply *http.Response, ok bool) {
	a, ok := readProxyAnswer(payload)
	if !ok {
		return nil, false
	}
	return a.reply(r, a.merged(), a.isBase64())
}

func readProxyAnswer(payload []byte) (a proxyAnswer, ok bool) {
	err := json.Unmarshal(payload, &a)
	return a, err == nil && a.StatusCode >= 100 && a.StatusCode < 600
}

func (a *proxyAnswer) isBase64() bool { return a.IsBase64Encoded != nil && *a.IsBase64Encoded }

func (a *proxyAnswer) reply(r *http.Request, header http.Header, decode bool) (reply *http.Response, ok bool) {
	var body []byte
	if a.Body != nil {
		body = []byte(*a.Body)
	}
	if decode {
		var err error
		if body, err = base64.StdEncoding.DecodeString(string(body)); err != nil {
			return nil, false
		}
	}
	header.Del("Content-Length") // the front's own affair
	return respond(r, a.StatusCode, header, io.NopCloser(bytes.NewReader(body))), true
}

// merged are the headers of both maps, without what stands in both.
func (a *proxyAnswer) merged() http.Header {
	header := http.Header{}
	for name, values := range a.MultiValueHeaders {
		for _, value := range values {
			header.Add(name, value)
		}
	}
	for name, value := range a.Headers {
		if !slices.Contains(header.Values(name), value) {
			header.Add(name, value)
		}
	}
	return header
}

// matchesAny reports whether a content type is one of a list, in which */* and image/* are known.
func matchesAny(contentType string, list []string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	family, _, _ := strings.Cut(kind, "/")
	return slices.ContainsFunc(list, func(entry string) bool {
		return entry == "*/*" || entry == kind || entry == family+"/*"
	})
}
