package rest

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"regexp"

	"inferenceconnector/connector"
)

// newRequestID returns an id that is unique, not secret.
func newRequestID() string {
	var id [16]byte
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64())
	return hex.EncodeToString(id[:])
}

// cleanID returns a caller's id if it is safe to repeat and to log (S19).
func cleanID(id string) string {
	if id == "" || len(id) > 64 {
		return ""
	}
	for i := range len(id) {
		if c := id[i]; !isAlphanumeric(c) && c != '.' && c != '_' && c != '-' {
			return ""
		}
	}
	return id
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// traceparent is the form of W3C Trace Context, version 00.
var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)

// correlation are the ids that travel on; those that break their form stay behind.
func (c *call) correlation() connector.Correlation {
	ids := connector.Correlation{ClientRequestID: c.clientID}
	if ids.ClientRequestID == "" {
		ids.ClientRequestID = c.requestID
	}
	if parent := c.r.Header.Get("traceparent"); parent != "" && traceparent.MatchString(parent) {
		ids.Traceparent = parent
		if state := c.r.Header.Get("tracestate"); len(state) <= 512 && isASCII(state) {
			ids.Tracestate = state
		}
	}
	return ids
}

// isASCII reports whether text consists of characters that are seen as they are, and blanks.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
