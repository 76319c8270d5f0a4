package double

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// answer is what a function says about an HTTP response: all of it in the format 2.0, its head in a stream.
type answer struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// newReply makes the response of a whole payload. ok is false when the platform would not know what it
// means. What a platform adds of its own, such as a date, is left out.
func newReply(r *http.Request, payload []byte) (reply *http.Response, ok bool) {
	var a answer
	if json.Unmarshal(payload, &a) != nil || a.StatusCode == 0 { // no HTTP answer: the value itself is the body
		header := http.Header{"Content-Type": {"application/json"}}
		return respond(r, http.StatusOK, header, io.NopCloser(bytes.NewReader(payload))), json.Valid(payload)
	}
	body := []byte(a.Body)
	if a.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(a.Body)
		if err != nil {
			return nil, false
		}
		body = decoded
	}
	return respond(r, a.StatusCode, a.header(), io.NopCloser(bytes.NewReader(body))), a.StatusCode >= 100 && a.StatusCode < 600
}

func (a answer) header() http.Header {
	header := http.Header{}
	for name, value := range a.Headers {
		if !strings.EqualFold(name, "Content-Length") { // the front's own affair
			header.Set(name, value)
		}
	}
	for _, cookie := range a.Cookies {
		header.Add("Set-Cookie", cookie)
	}
	return header
}

func respond(r *http.Request, status int, header http.Header, body io.ReadCloser) *http.Response {
	if r.Method == http.MethodHead {
		_ = body.Close() // or the function would wait for its reader
		body = http.NoBody
	}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: body, ContentLength: -1, Request: r,
	}
}

// refuse is an answer of the platform's own.
func refuse(r *http.Request, status int) *http.Response {
	text := `{"message":"` + http.StatusText(status) + `"}`
	return respond(r, status, http.Header{"Content-Type": {"application/json"}}, io.NopCloser(strings.NewReader(text)))
}
