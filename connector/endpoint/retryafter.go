package endpoint

import (
	"net/http"
	"strconv"
	"time"
)

// A wait that is absent or absurd becomes this one: every 429 and 503 tells its caller when to come back.
const (
	usualWait   = 5 * time.Second
	longestWait = 24 * time.Hour // limits per day exist
)

// retryAfter reads how long the endpoint wants its caller to wait (R16). Milliseconds win over seconds,
// which win over the reset times that some families send instead.
func retryAfter(header http.Header) (wait time.Duration, asked bool) {
	for _, read := range []func(http.Header) (time.Duration, bool){
		milliseconds("retry-after-ms"), milliseconds("x-ms-retry-after-ms"), seconds,
		span("x-ratelimit-reset-requests"), span("x-ratelimit-reset-tokens"),
	} {
		if wait, ok := read(header); ok && wait >= 0 && wait <= longestWait {
			return max(wait, time.Second), true
		}
	}
	return usualWait, false
}

func milliseconds(name string) func(http.Header) (time.Duration, bool) {
	return func(h http.Header) (time.Duration, bool) {
		n, err := strconv.ParseFloat(h.Get(name), 64)
		return time.Duration(n * float64(time.Millisecond)), err == nil && n >= 0 && n <= float64(longestWait/time.Millisecond)
	}
}

// seconds reads Retry-After (RFC 9110 section 10.2.3): whole seconds or a date.
func seconds(h http.Header) (time.Duration, bool) {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	at, err := http.ParseTime(text)
	return time.Until(at), err == nil
}

// span reads what OpenAI sends, as 6s or 1m2.5s, or bare seconds.
func span(name string) func(http.Header) (time.Duration, bool) {
	return func(h http.Header) (time.Duration, bool) {
		text := h.Get(name)
		if n, err := strconv.ParseUint(text, 10, 31); err == nil {
			return time.Duration(n) * time.Second, true
		}
		wait, err := time.ParseDuration(text)
		return wait, err == nil
	}
}
