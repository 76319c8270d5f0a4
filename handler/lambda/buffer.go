package lambda

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"
)

// buffer is a ResponseWriter that keeps a whole answer.
type buffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffer) Header() http.Header { return b.header }

func (b *buffer) WriteHeader(status int) {
	if b.status == 0 {
		b.status = status
	}
}

func (b *buffer) Write(text []byte) (int, error) {
	b.WriteHeader(http.StatusOK)
	return b.body.Write(text)
}

// reset forgets the answer, but for its headers.
func (b *buffer) reset() {
	b.status = 0
	b.body.Reset()
}

// marshal writes the answer as a front reads it. JSON holds text: other bytes go as base64.
func (b *buffer) marshal(f *front) []byte {
	b.WriteHeader(http.StatusOK)
	a := answer{Body: b.body.String()}
	f.setHead(&a, b.status, b.header)
	if !utf8.ValidString(a.Body) {
		a.Body, a.IsBase64Encoded = base64.StdEncoding.EncodeToString(b.body.Bytes()), true
	}
	return marshal(a)
}

// marshal writes a value that always encodes, without escapes for HTML.
func marshal(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	return text.Bytes()
}

// payload is JSON that aws-lambda-go passes on as it is. It would encode any other value once more.
type payload struct{ *bytes.Reader }

func newPayload(text []byte) payload { return payload{bytes.NewReader(text)} }

// ContentType is what the runtime is told.
func (payload) ContentType() string { return "application/json" }

// MarshalJSON fails, which makes aws-lambda-go read the payload instead.
func (payload) MarshalJSON() ([]byte, error) { return nil, errors.New("read, not encoded") }
