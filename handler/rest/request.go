package rest

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// Limits of a request's head, in bytes (S14).
const (
	maxTarget = 4 << 10
	maxHeader = 16 << 10
)

// checkFraming refuses what HTTP allows and this surface does not.
func checkFraming(r *http.Request) error {
	if err := whatBroke(r); err != nil {
		return err
	}
	if r.Method == http.MethodConnect {
		return &connector.Error{Code: connector.MethodNotAllowed, Message: "This server is no proxy; it takes GET and POST."}
	}
	if len(r.RequestURI) > maxTarget {
		return &connector.Error{Code: connector.URITooLong, Message: "The address is longer than 4096 bytes. Put long values into the body."}
	}
	size := len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	if size > maxHeader {
		return &connector.Error{Code: connector.HeadersTooLarge, Message: "The headers are larger than 16384 bytes in all. Send fewer of them."}
	}
	if r.Header.Get("Upgrade") != "" {
		return &connector.Error{Code: connector.InvalidRequest, Target: "Upgrade", Message: "This server does not change the protocol; leave out the header Upgrade."}
	}
	return nil
}

// parseQuery returns what can be read of a query, and an error if that is not all.
func parseQuery(r *http.Request) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		err = &connector.Error{Code: connector.InvalidRequest, Message: "The query is not well formed. Write it as name=value, joined by &."}
	}
	return query, err
}

// values looks a parameter up in the query, if that could be read, or in the headers.
func (c *call) values(query url.Values, unreadable error) func(*schema.Parameter) ([]string, error) {
	return func(p *schema.Parameter) ([]string, error) {
		if p.In == schema.Query {
			return query[p.Name], unreadable
		}
		return c.r.Header.Values(p.Name), nil
	}
}

// body reads the whole body, having checked that it may be one.
func (c *call) body() ([]byte, error) {
	if err := checkMediaType(c.r.Header); err != nil {
		return nil, err
	}
	limit := c.handler.MaxBodyBytes
	if c.r.ContentLength > limit {
		return nil, bodyTooLarge(limit)
	}
	body, err := c.part.ReadAll(http.MaxBytesReader(c.w, c.r.Body, limit), c.r.ContentLength, limit)
	c.received = len(body)
	if err != nil {
		return nil, c.unreadable(err, limit)
	}
	return body, nil
}

func (c *call) unreadable(err error, limit int64) error {
	c.w.Header().Set("Connection", "close") // what is left of the body must not be taken for a request
	tooLarge := &http.MaxBytesError{}
	full, isFull := errors.AsType[*connector.Error](err)
	switch {
	case isFull:
		return full
	case errors.As(err, &tooLarge):
		return bodyTooLarge(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &connector.Error{Code: connector.RequestTimeout, Message: "The body did not arrive in time. Send it again, without pauses.", Err: err}
	case c.r.Context().Err() != nil && !errors.Is(err, io.ErrUnexpectedEOF): // one that ends early may still be listening
		return &connector.Error{Code: connector.CallerGone, Message: "The caller left.", Err: err}
	}
	return &connector.Error{Code: connector.InvalidRequest, Message: "The body ended early or its framing is broken. Nothing was sent on.", Err: err}
}

func bodyTooLarge(limit int64) error {
	return &connector.Error{Code: connector.BodyTooLarge, Message: fmt.Sprintf("The body is larger than %d bytes. Send smaller images, or their addresses.", limit)}
}

// checkMediaType takes plain JSON in UTF-8 and nothing else.
func checkMediaType(header http.Header) error {
	for _, encoding := range header.Values("Content-Encoding") {
		if !strings.EqualFold(encoding, "identity") {
			return &connector.Error{Code: connector.UnsupportedMediaType, Target: "Content-Encoding", Message: "The body must not be compressed; leave out Content-Encoding."}
		}
	}
	given := strings.Join(header.Values("Content-Type"), ", ")
	if given == "application/json" {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(given)
	charset := parameters["charset"]
	if err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return &connector.Error{Code: connector.UnsupportedMediaType, Target: "Content-Type", Message: "Set the header Content-Type to application/json."}
	}
	return nil
}
